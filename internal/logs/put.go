package logs

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/chunk"
)

// Limits of a PutLogEvents batch. An event used to be limited to 256 KB; AWS
// raised that to 1 MB in 2025, the overhead included, so that the largest
// event fills a batch.
const (
	MaxBatchBytes = 1 << 20
	MaxEventBytes = 1 << 20
	EventOverhead = 26 // bytes that each event counts beside its message

	maxBatchSpan = 24 * time.Hour
	maxAge       = 14 * 24 * time.Hour
	maxAhead     = 2 * time.Hour
)

// Input is an event to put.
type Input struct {
	Timestamp int64 // ms since the epoch
	Message   string
}

// Rejected says which events of a batch were not taken. The ends are
// exclusive: the events before them were rejected. Nil: none for that reason.
type Rejected struct {
	TooNewStart *int // this one and all after it: more than two hours ahead
	TooOldEnd   *int // more than 14 days old
	ExpiredEnd  *int // older than the group's retention
}

// Any says whether an event was rejected.
func (r Rejected) Any() bool {
	return r.TooNewStart != nil || r.TooOldEnd != nil || r.ExpiredEnd != nil
}

// Accept decides which events of a batch are taken in: a run of them, for they
// are in chronological order. The error, an *InvalidError, refuses all.
func Accept(events []Input, now time.Time, retentionDays int) ([]Input, Rejected, error) {
	if err := checkBatch(events); err != nil {
		return nil, Rejected{}, err
	}
	var r Rejected
	from, to := 0, len(events)
	olderThan := func(age time.Duration) *int {
		end := countBefore(events, now.Add(-age).UnixMilli())
		if end == 0 {
			return nil
		}
		from = max(from, end)
		return &end
	}
	r.TooOldEnd = olderThan(maxAge)
	if retentionDays > 0 {
		r.ExpiredEnd = olderThan(days(retentionDays))
	}
	if start := countBefore(events, now.Add(maxAhead).UnixMilli()+1); start < len(events) {
		r.TooNewStart, to = &start, start
	}
	return events[from:max(from, to)], r, nil
}

func countBefore(events []Input, ms int64) int {
	for i, e := range events {
		if e.Timestamp >= ms {
			return i
		}
	}
	return len(events)
}

func checkBatch(events []Input) error {
	size := 0
	for i, e := range events {
		bytes := len(e.Message) + EventOverhead
		if bytes > MaxEventBytes {
			return tooLarge("Log event", bytes, MaxEventBytes)
		}
		size += bytes
		if i > 0 && e.Timestamp < events[i-1].Timestamp {
			return &InvalidError{"Log events in a single PutLogEvents request must be in chronological order."}
		}
	}
	if size > MaxBatchBytes {
		return tooLarge("Upload", size, MaxBatchBytes)
	}
	if n := len(events); n > 0 && events[n-1].Timestamp-events[0].Timestamp > maxBatchSpan.Milliseconds() {
		return &InvalidError{"The batch of log events in a single PutLogEvents request cannot span more than 24 hours."}
	}
	return nil
}

func tooLarge(what string, bytes, limit int) error {
	return &InvalidError{fmt.Sprintf("%s too large: %d bytes exceeds limit of %d", what, bytes, limit)}
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// Put takes events into a stream and down the chain. It returns once they are
// durable and counted.
func (s *Service) Put(ctx context.Context, scope arn.Scope, groupName, stream string, events []Input) (Rejected, error) {
	var rejected Rejected
	err := s.withGroup(ctx, scope, groupName, "put log events into", func(group Group) (err error) {
		if _, err = s.store.Stream(ctx, group.ID, stream); err != nil {
			return err
		}
		now := time.Now()
		var accepted []Input
		accepted, rejected, err = Accept(events, now, group.RetentionDays)
		if err != nil || len(accepted) == 0 {
			return err
		}
		return s.ingest(ctx, group, stream, accepted, now)
	})
	return rejected, err
}

// ingest writes the chunk before it is committed: a crash in between leaves a
// blob that no chunk knows, which Sweep removes, and never the reverse. For the
// same reason a blob stays where it is when the commit fails: it may have
// failed only to tell us of its success.
func (s *Service) ingest(ctx context.Context, group Group, stream string, inputs []Input, now time.Time) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	batch := Batch{Group: group, Stream: stream, Events: make([]Event, len(inputs))}
	packed := make([]chunk.Event, len(inputs))
	for i, in := range inputs {
		message := []byte(in.Message)
		packed[i] = chunk.Event{Timestamp: in.Timestamp, Message: message}
		batch.Events[i] = Event{Timestamp: fromMillis(in.Timestamp), Ingested: now, Message: message, Index: i}
	}
	batch.Chunk = ChunkOf(Stored, key, batch.Events)
	if err := s.blobs.Put(ctx, key, s.codec.Encode(packed)); err != nil {
		return err
	}
	return s.sink.Deliver(ctx, batch)
}

// folder is where the blobs of log chunks are.
const folder = "logs/"

// newKey names a blob. Names begin with the time and lie in one folder an hour,
// so that no folder grows without end.
func newKey() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("name a log chunk: %w", err)
	}
	sec, _ := id.Time().UnixTime()
	return folder + time.Unix(sec, 0).UTC().Format("2006-01-02/15/") + id.String(), nil
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
