package metricfilter

import (
	"context"
	"time"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Tally is a batch of events together with what the filters of its log group
// make of it. A journal commits it as one.
type Tally struct {
	Batch  logs.Batch
	Counts []Count
}

// Count is what one filter makes of one event.
type Count struct {
	FilterID int64
	Event    int // position in Batch.Events
	Outcome
}

// TallyBatch applies every filter to every event. Outcomes that neither match
// nor publish are left out.
func TallyBatch(batch logs.Batch, filters []Live) Tally {
	tally := Tally{Batch: batch}
	for i, e := range batch.Events {
		event := filterpattern.NewEvent(e.Message)
		for _, filter := range filters {
			outcome := filter.Apply(batch.Group.Scope, event, e.Timestamp)
			if outcome.Matched || outcome.Datum != nil {
				tally.Counts = append(tally.Counts, Count{FilterID: filter.ID, Event: i, Outcome: outcome})
			}
		}
	}
	return tally
}

// Journal is where counting becomes exact. Commit stores, in one transaction,
// the object's checkpoint, the chunk index, the matches that are new and the
// metric data of everything that was counted. A match whose (filter, eventID)
// is known already is left out together with its datum.
type Journal interface {
	Commit(ctx context.Context, tally Tally, now time.Time) (Receipt, error)
}

// Receipt says what a commit counted.
type Receipt struct {
	Repeated bool // the object was committed before; nothing was done
	Chunk    int64
	Counted  []metric.Datum
	Matches  int // new ones
}

// Match is a counted event and where its raw record lies.
type Match struct {
	EventID string
	At      time.Time  // timestamp of the log event
	Group   logs.Group // ID, scope and name
	Stream  string
	Chunk   logs.Chunk // ID, place and key
	Index   int        // of the event in its chunk
	Offset  int64      // of the record in a CloudTrail file, uncompressed
	Length  int
}
