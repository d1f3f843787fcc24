package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"time"
)

// reading is a pass over the events of a group in one direction. A page costs
// the memory of the page and of one chunk, however many chunks overlap: events
// of all of them are offered to the selection, which keeps the nearest.
type reading struct {
	group    Group
	streams  []int64 // nil: all
	prefix   string  // of stream names
	from, to int64   // ms, both inclusive
	after    *Position
	match    func(message []byte) bool // nil: all
	budget   int64                     // bytes of messages to look at before answering with what there is
}

// read fills the selection. When the budget ran out before the range did, it
// returns where to go on: all events before that place were looked at.
func (s *Service) read(ctx context.Context, r reading, page *selection) (resume *Position, err error) {
	r.narrow(page.backward)
	left := r.budget
	for ref, err := range s.chunks(ctx, r, page.backward) {
		if err != nil {
			return nil, err
		}
		if !page.reaches(r.nearest(ref.Chunk, page.backward)) {
			page.more = true
			return nil, nil
		}
		if place := (Position{Timestamp: ref.First.UnixMilli()}); left <= 0 && !page.backward && place.Timestamp > r.from {
			return &place, nil
		}
		if err := s.offer(ctx, ref, r, page); err != nil {
			return nil, err
		}
		left -= ref.Bytes
	}
	return nil, nil
}

// narrow cuts the range at the place to go on from.
func (r *reading) narrow(backward bool) {
	if r.group.RetentionDays > 0 {
		r.from = max(r.from, time.Now().Add(-days(r.group.RetentionDays)).UnixMilli())
	}
	switch {
	case r.after == nil:
	case backward:
		r.to = min(r.to, r.after.Timestamp)
	default:
		r.from = max(r.from, r.after.Timestamp)
	}
}

// nearest is the nearest timestamp that the chunk or any chunk after it in the
// order of reading can have. Chunks come in order of their first event, so
// reading backwards it depends on how long chunks are.
func (r *reading) nearest(c Chunk, backward bool) int64 {
	if backward {
		return c.First.Add(r.group.Span).UnixMilli()
	}
	return c.First.UnixMilli()
}

// chunks yields the chunks that may hold events of the reading.
func (s *Service) chunks(ctx context.Context, r reading, backward bool) iter.Seq2[ChunkRef, error] {
	query := ChunkQuery{
		Group: r.group, Streams: r.streams, StreamPrefix: r.prefix,
		From: fromMillis(r.from), To: fromMillis(r.to), Descending: backward, Limit: step,
	}
	return func(yield func(ChunkRef, error) bool) {
		for r.from <= r.to {
			refs, err := s.store.Chunks(ctx, query)
			if err != nil {
				yield(ChunkRef{}, fmt.Errorf("chunks of log group %s: %w", r.group.Name, err))
				return
			}
			for _, ref := range refs {
				if !yield(ref, nil) {
					return
				}
			}
			if len(refs) < query.Limit {
				return
			}
			query.After = &refs[len(refs)-1].Chunk
		}
	}
}

// offer shows the selection those events of a chunk that are of the reading.
func (s *Service) offer(ctx context.Context, ref ChunkRef, r reading, page *selection) error {
	for event, err := range s.events(ctx, ref.Chunk) {
		if err != nil {
			return err
		}
		p := event.Position
		switch {
		case p.Timestamp < r.from || p.Timestamp > r.to:
		case r.after != nil && !page.nearer(*r.after, p):
		case !page.wants(p):
		case r.match != nil && !r.match(event.Message):
		default:
			event.Ingested, event.Stream = ref.Ingested.UnixMilli(), ref.Stream
			page.add(event)
		}
	}
	return ctx.Err()
}

// events yields the events of a chunk. Bytes that have gone, because the chunk
// expired while it was looked for or because somebody moved a CloudTrail file,
// are reported to the operator; the reader sees what is left.
func (s *Service) events(ctx context.Context, c Chunk) iter.Seq2[Found, error] {
	if c.Place == File {
		return s.recorded(ctx, c)
	}
	return func(yield func(Found, error) bool) {
		data, err := s.blobs.Get(ctx, c.Key)
		if errors.Is(err, fs.ErrNotExist) {
			s.log.WarnContext(ctx, "log chunk is gone", "key", c.Key, "events", c.Count)
			return
		}
		if err != nil {
			yield(Found{}, err)
			return
		}
		found := Found{Position: Position{Chunk: c.ID}}
		for event, err := range s.codec.Decode(data) {
			if err != nil {
				yield(Found{}, fmt.Errorf("log chunk %s: %w", c.Key, err))
				return
			}
			found.Timestamp, found.Message = event.Timestamp, event.Message
			if !yield(found, nil) {
				return
			}
			found.Index++
		}
	}
}

// recorded yields the events of a CloudTrail file. When they were stamped with
// their arrival, all have the same timestamp, which the chunk knows; otherwise
// each has its own eventTime.
func (s *Service) recorded(ctx context.Context, c Chunk) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		if s.files == nil {
			s.log.WarnContext(ctx, "log file cannot be read: no files are configured", "path", c.Key)
			return
		}
		found := Found{Position: Position{Chunk: c.ID}}
		for record, err := range s.files.Records(ctx, c.Key) {
			if err != nil {
				s.log.WarnContext(ctx, "log file cannot be read", "path", c.Key, "events", c.Count, "err", err)
				return
			}
			if record.Index < c.Begin {
				continue
			}
			if c.End > 0 && record.Index >= c.End {
				return
			}
			found.Timestamp, found.Index, found.Message = stamp(c, record), int64(record.Index), record.Message
			if !yield(found, nil) {
				return
			}
		}
	}
}

func stamp(c Chunk, record Record) int64 {
	if c.First.Equal(c.Last) {
		return c.First.UnixMilli()
	}
	return record.Time.UnixMilli()
}

// forever is the end of a range that has none.
const forever = math.MaxInt64
