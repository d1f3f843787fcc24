// Package logs is the second station of the chain: log groups, streams and
// their events. Events lie in chunks: stored ones in a blob of our own
// (PutLogEvents), or by reference inside a CloudTrail file that stays where it
// is. What happens to a batch of new events (filters, metrics) is downstream
// and reached through Sink.
package logs

import (
	"context"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Group is a log group.
type Group struct {
	ID            int64 // row, unique over all scopes
	Scope         arn.Scope
	Name          string
	Class         Class
	KMSKeyID      string // remembered, not used
	Created       time.Time
	RetentionDays int // 0: never expire

	StoredBytes   int64         // of messages, uncompressed
	MetricFilters int           // how many it has
	Span          time.Duration // longest Last-First of its chunks: a range scan need look no further back
}

// Class is a log group class. Only STANDARD groups can have metric filters.
type Class string

const (
	Standard         Class = "STANDARD"
	InfrequentAccess Class = "INFREQUENT_ACCESS"
	Delivery         Class = "DELIVERY"
)

// ARN is the group's name without the ":*" that DescribeLogGroups appends in its arn member.
func (g Group) ARN() arn.ARN { return g.Scope.ARN("logs", "log-group:"+g.Name) }

// Stream is a log stream. The three times are zero until its first event.
type Stream struct {
	ID          int64 // row, unique over all groups
	GroupID     int64
	Name        string
	Created     time.Time
	FirstEvent  time.Time
	LastEvent   time.Time
	LastIngest  time.Time
	StoredBytes int64 // of messages, uncompressed
}

// StreamARN names a stream of the group.
func (g Group) StreamARN(stream string) arn.ARN {
	return g.Scope.ARN("logs", "log-group:"+g.Name+":log-stream:"+stream)
}

// Event is one log event.
type Event struct {
	ID        string // see EventID
	Timestamp time.Time
	Ingested  time.Time
	Message   []byte // as given; a CloudTrail record's raw JSON
	// Unique is the CloudTrail eventID of a record that came through a source:
	// a filter counts it once however often it is delivered. Empty for
	// PutLogEvents, which counts every event it is given, as AWS does.
	Unique string
	// Index is the event's place in its chunk, from 0; of a chunk that is a
	// CloudTrail file, the record's place in the file.
	Index int
	// Offset is where Message begins in the uncompressed CloudTrail file. Unused for stored chunks.
	Offset int64
}

// Place says where a chunk's bytes are.
type Place string

const (
	Stored Place = "stored" // a blob of our own, Key is its name
	File   Place = "file"   // a CloudTrail file left where it is, Key is its path
)

// Chunk is a run of events of one stream that lie together.
type Chunk struct {
	ID          int64 // row; ascending in order of ingestion
	Place       Place
	Key         string
	First, Last time.Time // event timestamps, both inclusive
	Ingested    time.Time
	Count       int
	Bytes       int64 // of messages, uncompressed
	// Begin and End bound the indexes of its events; End is exclusive. A large
	// CloudTrail file is several chunks, each with its part of the records.
	// End 0 is all of a file.
	Begin, End int
}

// ChunkOf describes the chunk of events that lie at key, in the order of their
// indexes. There must be at least one.
func ChunkOf(place Place, key string, events []Event) Chunk {
	first, last := events[0], events[len(events)-1]
	c := Chunk{
		Place: place, Key: key, Count: len(events), Begin: first.Index, End: last.Index + 1,
		First: first.Timestamp, Last: first.Timestamp, Ingested: first.Ingested,
	}
	for _, e := range events {
		c.Bytes += int64(len(e.Message))
		if e.Timestamp.Before(c.First) {
			c.First = e.Timestamp
		}
		if e.Timestamp.After(c.Last) {
			c.Last = e.Timestamp
		}
	}
	return c
}

// Object is the checkpoint of a delivered object: once committed, the same
// object (same source, id and version) is never taken in again.
type Object struct {
	Source  string // a configured intake, such as "dir:/var/trail"
	ID      string // path below the source
	Version string // size and modification time, or an ETag
}

// Batch is a run of new events on their way down the chain. It is committed
// whole or not at all: checkpoint, chunk, metric deltas and matches together.
type Batch struct {
	Group  Group
	Stream string // created if missing
	Chunk  Chunk  // ID is assigned by the commit
	Events []Event
	Object *Object // nil for PutLogEvents
}

// Sink takes batches down the chain. It returns once the batch is durable; a
// batch whose Object was committed before is dropped without error.
type Sink interface {
	Deliver(ctx context.Context, batch Batch) error
}
