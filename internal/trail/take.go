package trail

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"time"
)

// storeError means that the sink failed: nothing is wrong with the file.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// errChanged means that a file was written to while it was read.
var errChanged = &FileError{Reason: "changes while it is read", Truncated: true}

// taking is the taking in of one file. A file that fits one delivery is read
// once. A larger one is read to its end first, to know that it is sound, and
// then again to be delivered in parts; each part has a checkpoint of its own,
// so that after a crash in between only the missing parts are delivered.
type taking struct {
	file   *os.File
	object Object
	path   string
	sink   Sink
	batch  *batch
	reader *Reader

	records int   // handed on
	bytes   int64 // of uncompressed text
	left    []RecordError
	leftOut int // records that could not be taken in; the first of them are in left
}

func (t *taking) run(ctx context.Context) error {
	file := readerFunc(func(b []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return t.file.Read(b)
	})
	t.reader.Reset(file)
	t.batch.next = nil
	full, err := t.fill()
	if err != nil {
		return err
	}
	if full {
		return t.runLarge(ctx, file)
	}
	t.bytes = t.reader.Offset()
	if err := t.unchanged(); err != nil {
		return err
	}
	return t.deliver(ctx, t.object)
}

// runLarge takes in a file that was begun, and is too large for one delivery.
func (t *taking) runLarge(ctx context.Context, file io.Reader) error {
	if err := t.check(); err != nil {
		return err
	}
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	t.reader.Reset(file)
	t.left, t.leftOut = nil, 0
	for part, full := 1, true; full; part++ {
		if err := t.unchanged(); err != nil {
			return err
		}
		var err error
		if full, err = t.fill(); err != nil {
			return err
		}
		object := t.object
		if full {
			object.Version += "#" + strconv.Itoa(part)
		}
		if err := t.deliver(ctx, object); err != nil {
			return err
		}
	}
	return nil
}

// check reads on to the end of the file.
func (t *taking) check() error {
	for full := true; full; {
		var err error
		if full, err = t.fill(); err != nil {
			return err
		}
	}
	t.bytes = t.reader.Offset()
	return nil
}

// fill reads the next records into the batch until it is full or the file ends.
func (t *taking) fill() (full bool, err error) {
	t.batch.reset()
	for {
		rec, err := t.reader.Next()
		var skipped *RecordError
		switch {
		case err == io.EOF:
			return false, nil
		case errors.As(err, &skipped):
			if err := t.leaveOut(skipped); err != nil {
				return false, err
			}
		case err != nil:
			return false, err
		case !t.batch.add(rec):
			return true, nil
		}
	}
}

func (t *taking) leaveOut(err *RecordError) error {
	if t.leftOut++; len(t.left) < maxRecordFailures {
		t.left = append(t.left, *err)
	}
	if t.leftOut > maxLeftOut {
		return &FileError{Offset: err.Offset, Reason: "is hardly a CloudTrail log: too many records cannot be taken in; the last one " + err.Reason}
	}
	return nil
}

// unchanged says that the file is still the version that the object names.
func (t *taking) unchanged() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	if versionOf(info) != t.object.Version {
		return errChanged
	}
	return nil
}

func (t *taking) deliver(ctx context.Context, object Object) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := t.sink.Take(ctx, Delivery{Object: object, Path: t.path, Records: t.batch.records, Arrival: time.Now().UTC()})
	if err != nil {
		return &storeError{err}
	}
	t.records += len(t.batch.records)
	return nil
}

func versionOf(info os.FileInfo) string {
	return strconv.FormatInt(info.Size(), 10) + "-" + strconv.FormatInt(info.ModTime().UnixNano(), 10)
}

type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
