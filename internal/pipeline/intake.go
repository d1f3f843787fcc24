package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/trail"
)

// Intake is the trail's way into its log group: one log event a record,
// stamped with the time of arrival, as CloudTrail does when it delivers to
// CloudWatch Logs.
type Intake struct {
	Group func(ctx context.Context) (logs.Group, error) // looked up each time: it may be deleted and made again
	Seen  interface {
		Unseen(ctx context.Context, objects []logs.Object) ([]logs.Object, error)
	}
	Sink logs.Sink
}

var _ trail.Sink = (*Intake)(nil)

// Unseen implements trail.Sink.
func (in *Intake) Unseen(ctx context.Context, objects []trail.Object) ([]trail.Object, error) {
	asked := make([]logs.Object, len(objects))
	for i, o := range objects {
		asked[i] = logs.Object(o)
	}
	unseen, err := in.Seen.Unseen(ctx, asked)
	if err != nil {
		return nil, err
	}
	out := make([]trail.Object, len(unseen))
	for i, o := range unseen {
		out[i] = trail.Object(o)
	}
	return out, nil
}

// Take implements trail.Sink. A delivery that has begun is committed also when
// the program is asked to stop.
func (in *Intake) Take(ctx context.Context, d trail.Delivery) error {
	ctx = context.WithoutCancel(ctx)
	group, err := in.Group(ctx)
	if err != nil {
		return fmt.Errorf("log group of %s: %w", d.Object.Source, err)
	}
	object := logs.Object(d.Object)
	batch := logs.Batch{Group: group, Stream: streamOf(d.Object.ID, group), Object: &object, Events: eventsOf(d)}
	if len(batch.Events) > 0 {
		batch.Chunk = logs.ChunkOf(logs.File, d.Path, batch.Events)
	}
	return in.Sink.Deliver(ctx, batch)
}

func eventsOf(d trail.Delivery) []logs.Event {
	events := make([]logs.Event, len(d.Records))
	for i, r := range d.Records {
		events[i] = logs.Event{
			Timestamp: d.Arrival, Ingested: d.Arrival, Message: r.Raw,
			Unique: r.EventID, Index: r.Index, Offset: r.Offset,
		}
	}
	return events
}

// streamOf names the stream as CloudTrail does, <account>_CloudTrail_<region>,
// from the file's place in CloudTrail's layout; files that lie elsewhere are
// the log group's own account and region.
func streamOf(path string, group logs.Group) string {
	account, region := group.Scope.Account, group.Scope.Region
	parts := strings.Split(path, "/")
	if i := slices.Index(parts, "CloudTrail"); i > 0 && i+1 < len(parts)-1 {
		account, region = parts[i-1], parts[i+1]
	}
	return strings.NewReplacer(":", "-", "*", "-").Replace(account + "_CloudTrail_" + region)
}
