package logs

import (
	"context"
	"iter"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Store remembers groups, streams and where chunks are.
type Store interface {
	GroupStore
	StreamStore
	ChunkStore
}

// GroupStore keeps log groups and their tags. Methods that name a group return
// ErrNoGroup when it is not there.
type GroupStore interface {
	// CreateGroup returns ErrGroupExists when the name is taken in its scope.
	CreateGroup(ctx context.Context, group Group, tags map[string]string) error
	Group(ctx context.Context, scope arn.Scope, name string) (Group, error)
	// Groups returns a page in order of name.
	Groups(ctx context.Context, query GroupQuery) ([]Group, error)
	// DeleteGroup takes streams, chunks, tags and metric filters with it.
	DeleteGroup(ctx context.Context, groupID int64) error
	SetRetention(ctx context.Context, groupID int64, days int) error
	Tags(ctx context.Context, groupID int64) (map[string]string, error)
	// Tag adds or replaces tags, and changes nothing when the group would
	// then have more than limit.
	Tag(ctx context.Context, groupID int64, tags map[string]string, limit int) (fits bool, err error)
	Untag(ctx context.Context, groupID int64, keys []string) error
}

// GroupQuery selects groups of a scope. Empty members select all.
type GroupQuery struct {
	Scope    arn.Scope
	Prefix   string
	Contains string // without regard to case
	Names    []string
	Class    Class
	After    string // the last name of the page before
	Limit    int
}

// StreamStore keeps log streams. Methods return ErrNoGroup or ErrNoStream when
// what they name is not there.
type StreamStore interface {
	// CreateStream returns ErrStreamExists when the name is taken in its group.
	CreateStream(ctx context.Context, groupID int64, name string, now time.Time) error
	Stream(ctx context.Context, groupID int64, name string) (Stream, error)
	Streams(ctx context.Context, query StreamQuery) ([]Stream, error)
	DeleteStream(ctx context.Context, groupID int64, name string) error
}

// StreamQuery selects streams of a group.
type StreamQuery struct {
	GroupID    int64
	Prefix     string
	ByLast     bool // order by LastEvent (streams without events come before all others), then name; else by name
	Descending bool
	After      *Stream // the last of the page before: its Name, and LastEvent when ByLast
	Limit      int
}

// ChunkStore is the index of chunks.
type ChunkStore interface {
	// Chunks returns a page of the index.
	Chunks(ctx context.Context, query ChunkQuery) ([]ChunkRef, error)
	// Expire drops up to limit chunks whose last event is older than their
	// group's retention, and says how many it dropped.
	Expire(ctx context.Context, now time.Time, limit int) (int, error)
	// Garbage lists up to limit blobs whose chunk was dropped; Forget ends
	// their being listed.
	Garbage(ctx context.Context, limit int) ([]string, error)
	Forget(ctx context.Context, keys []string) error
	// Known says which of the keys belong to a chunk or are garbage.
	Known(ctx context.Context, keys []string) (map[string]bool, error)
}

// ChunkQuery selects chunks of a group that may hold events of [From, To], in
// ascending order of First and ID, or the reverse.
type ChunkQuery struct {
	Group        Group
	Streams      []int64 // nil: all
	StreamPrefix string
	From, To     time.Time // both inclusive
	Descending   bool
	After        *Chunk // the last of the page before
	Limit        int
}

// ChunkRef is a chunk and the stream it belongs to.
type ChunkRef struct {
	Chunk
	Stream string
}

// Blobs keeps stored chunks. Get of a key that is not there is
// fs.ErrNotExist; Delete of it is no error.
type Blobs interface {
	// Put returns once the blob is durable.
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
	// List yields the keys below a prefix that ends in a slash.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Record is one record of a CloudTrail file.
type Record struct {
	Index   int       // its place in the file, from 0
	Time    time.Time // eventTime
	Message []byte    // raw JSON, valid until the next is asked for
}

// Files reads CloudTrail files that are indexed by reference: the records that
// were taken in, in the order of the file.
type Files interface {
	Records(ctx context.Context, path string) iter.Seq2[Record, error]
}
