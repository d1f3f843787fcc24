package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
)

// Ingest counts batches: filters decide, the journal commits, and the alarms
// that watch what was counted are woken.
type Ingest struct {
	Filters *metricfilter.Service
	Journal metricfilter.Journal
	Landing *Landing
	Meter   IngestMeter
	Now     func() time.Time
}

// IngestMeter counts what is ingested. Implementations are safe for concurrent use.
type IngestMeter interface {
	Ingested(events, matches int)
}

var _ logs.Sink = (*Ingest)(nil)

// Deliver implements logs.Sink.
func (in *Ingest) Deliver(ctx context.Context, batch logs.Batch) error {
	filters, err := in.Filters.Live(ctx, batch.Group)
	if err != nil {
		return fmt.Errorf("ingest into %s: %w", batch.Group.Name, err)
	}
	receipt, err := in.Journal.Commit(ctx, metricfilter.TallyBatch(batch, filters), in.Now())
	if err != nil {
		return fmt.Errorf("ingest into %s: %w", batch.Group.Name, err)
	}
	if !receipt.Repeated {
		in.Meter.Ingested(len(batch.Events), receipt.Matches)
		in.Landing.Add(batch.Group.Scope, receipt.Counted)
	}
	return nil
}
