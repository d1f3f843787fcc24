// Package trail is where the chain begins: it finds CloudTrail log files, splits
// them into records and hands these on, so that every record is counted once.
// A file stays where it is; what travels down the chain is each record's bytes
// and the place where they can be read again.
//
// A file is taken in whole or not at all. A truncated or damaged file is a
// failure, and is tried again when its size or modification time changes: were
// its sound beginning taken in at once, a copy still under way would have to be
// told apart from a broken file, and the part would be delivered again with the
// whole. A record that cannot be taken in (too large for a log group, without
// an eventID) is a failure of its own and does not hold up the others.
package trail

import (
	"context"
	"time"
)

// MaxRecord is the largest record that is handed on, in bytes. CloudTrail does
// not send larger ones to CloudWatch Logs either, though they are in its files.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
const MaxRecord = 262_144

// MaxFile is the largest file, uncompressed, in bytes. CloudTrail's files have at
// most 50 MB compressed, which is some 500 MB of records; what unpacks to
// more than this is a decompression bomb.
const MaxFile = 2 << 30

// A Delivery has at most this many records, and this many bytes of them. A
// larger file is delivered in parts.
const (
	maxDeliveryRecords = 10_000
	maxDeliveryBytes   = 16 << 20
)

// Object names one version of a delivered file. A committed object is never
// taken in again; a file that was replaced is another object.
type Object struct {
	Source  string // a configured intake, such as "dir:/var/trail"
	ID      string // slash-separated path below the source
	Version string // size and modification time; with "#n" appended for the part n of a large file, except the last
}

// Record is one CloudTrail record as found in a file.
type Record struct {
	Raw       []byte    // the record's bytes as found
	Offset    int64     // of Raw in the uncompressed file
	Index     int       // of the record in its file, from 0
	EventID   string    // never empty
	EventTime time.Time // zero if missing or unreadable
}

// Ref says where the record's bytes are.
func (r Record) Ref() Ref { return Ref{Offset: r.Offset, Length: len(r.Raw)} }

// Delivery is a file, or a part of a large one, on its way down the chain. It
// is committed whole or not at all, together with its Object's checkpoint.
type Delivery struct {
	Object Object
	Path   string // of the file, for ReadRecords
	// Records in the order of the file. There may be none: then the object
	// only has to be checked off.
	Records []Record
	Arrival time.Time
}

// Sink takes deliveries down the chain.
type Sink interface {
	// Unseen returns those of the objects that have not been committed, in
	// the order given. It is asked for many at a time.
	Unseen(ctx context.Context, objects []Object) ([]Object, error)
	// Take returns once the delivery is durable. A delivery whose Object was
	// committed before is dropped without error. The records' Raw bytes are
	// the caller's again when Take returns. After an error the whole object
	// is delivered again later.
	Take(ctx context.Context, d Delivery) error
}

// Meter counts what the intake does.
type Meter interface {
	// FileTaken counts a file that was taken in, with the number of records
	// handed on and the size of the uncompressed file in bytes.
	FileTaken(records int, bytes int64)
	// Failed counts a failure; see Failure.
	Failed()
}

type noMeter struct{}

func (noMeter) FileTaken(int, int64) {}
func (noMeter) Failed()              {}
