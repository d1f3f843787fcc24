// Package pipeline joins the stations. An event travels
//
//	trail -> logs -> metricfilter -> metric -> alarm -> topic
//
// and each arrow is a file here: intake.go turns CloudTrail files into batches
// of log events, ingest.go counts a batch, landing.go wakes the alarms that
// watch what was counted, ring.go publishes what an alarm has to say together
// with the records that made it ring, and sweep.go forgets what is too old.
package pipeline

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Loop is a part of the chain that runs until its context ends.
type Loop func(ctx context.Context) error

// Run runs the loops until the context ends or one of them fails; the others
// are then stopped too.
func Run(ctx context.Context, loops ...Loop) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, loop := range loops {
		group.Go(func() error { return loop(ctx) })
	}
	return group.Wait()
}
