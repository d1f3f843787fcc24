package trail

import (
	"errors"
	"fmt"
	"io"
)

// Reader splits one CloudTrail log file into its records. It accepts what
// CloudTrail writes, {"Records":[...]}, and what people keep of it: an array of
// records, one record, JSON lines, or several of these in a row.
//
// It checks that the text is JSON to the end, but decodes nothing beyond two
// fields of a record, and needs the same small memory for a file of any size.
type Reader struct {
	src   *plainText
	buf   []byte // the window; what is unread is buf[pos:]
	pos   int
	base  int64 // offset of buf[0] in the uncompressed file
	place place
	began bool // something but space was seen
	// enveloped says that the array being read is the Records of an object.
	enveloped bool
	index     int   // of the next record
	err       error // sticky
}

// place is where in the file the reader stands.
type place int

const (
	outside       place = iota // between top-level values
	beforeFirst                // behind the [ of an array of records
	behindElement              // behind an element of it
	behindRecords              // behind the array of an envelope
)

// window is the size of the reader's buffer: a record of MaxRecord fits, with
// room to read on in large pieces.
const window = 4 * MaxRecord

// NewReader reads the text of a log file, gzip-compressed or not. The file's
// first bytes decide that, not its name.
func NewReader(file io.Reader) *Reader {
	return &Reader{src: uncompressed(file), buf: make([]byte, 0, window)}
}

// Reset begins another file, with the memory of the last one.
func (r *Reader) Reset(file io.Reader) {
	r.src.reset(file)
	*r = Reader{src: r.src, buf: r.buf[:0]}
}

// FileError means that a file is damaged, truncated or no CloudTrail log.
type FileError struct {
	Offset    int64 // in the uncompressed file
	Reason    string
	Truncated bool // the file ends too early: it may be a copy still under way
	Err       error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s (at byte %d)", e.Reason, e.Offset) }
func (e *FileError) Unwrap() error { return e.Err }

// RecordError means that one record cannot be taken in. The next ones can.
type RecordError struct {
	Offset int64 // in the uncompressed file
	Index  int   // of the record in its file, from 0
	Reason string
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("record %d (at byte %d) %s", e.Index, e.Offset, e.Reason)
}

// Offset is how much of the uncompressed file has been read, in bytes.
func (r *Reader) Offset() int64 { return r.base + int64(r.pos) }

// Next returns the next record. Its Raw bytes are valid until the next call.
// The error is io.EOF at the sound end of the file, a *RecordError for a record
// that must be left out, a *FileError if the file is at fault, or else the
// error of the underlying reader. Only after a *RecordError can one go on.
func (r *Reader) Next() (Record, error) {
	for r.err == nil {
		rec, found, err := r.step()
		var skipped *RecordError
		if err != nil && !errors.As(err, &skipped) {
			r.err = r.located(err)
			break
		}
		if found || err != nil {
			return rec, err
		}
	}
	return Record{}, r.err
}

// step goes on to the next place.
func (r *Reader) step() (rec Record, found bool, err error) {
	if r.place == behindRecords {
		return rec, false, r.envelope()
	}
	c, err := r.peek()
	if err != nil {
		return rec, false, err
	}
	r.began = true
	if r.place != outside {
		return r.element(c)
	}
	switch c {
	case '{':
		return r.record(head{top: true})
	case '[':
		r.advance(1, beforeFirst)
		r.enveloped = false
		return rec, false, nil
	}
	return rec, false, unexpected(r.unread(), 0, "a CloudTrail log")
}

// element reads on in an array of records, where c is the next byte.
func (r *Reader) element(c byte) (rec Record, found bool, err error) {
	if c == ']' {
		r.advance(1, outside)
		if r.enveloped {
			r.place = behindRecords
		}
		return rec, false, nil
	}
	if r.place == behindElement {
		if c != ',' {
			return rec, false, unexpected(r.unread(), 0, "a comma or ]")
		}
		r.advance(1, behindElement)
		if c, err = r.peek(); err != nil {
			return rec, false, err
		}
	}
	r.place = behindElement
	if c == '{' {
		return r.record(head{})
	}
	return rec, false, r.misfit()
}

// record reads the object that begins here.
func (r *Reader) record(h head) (rec Record, found bool, err error) {
	var seen head
	n, err := r.walk(func(b []byte) (int, error) {
		seen = h
		return object(b, 0, 1, &seen)
	})
	switch {
	case err == errEnvelope:
		r.advance(n+1, beforeFirst)
		r.enveloped = true
		return rec, false, nil
	case err == errLong:
		return rec, false, r.tooLong()
	case err != nil:
		return rec, false, err
	}
	raw := r.unread()[:n]
	rec = Record{Raw: raw, Offset: r.Offset(), Index: r.index, EventID: stringAt(raw, seen.eventID), EventTime: timeAt(raw, seen.eventTime)}
	switch {
	case n > MaxRecord:
		err = r.recordError("has %d bytes; a log group takes at most %d", n, MaxRecord)
	case seen.eventID == 0:
		err = r.recordError("has no eventID: not a CloudTrail record")
	case rec.EventID == "":
		err = r.recordError("has an eventID that is empty or no string")
	}
	r.advance(n, r.place)
	r.index++
	return rec, err == nil, err
}

// misfit reads an element of the array that is no object.
func (r *Reader) misfit() error {
	n, err := r.walk(func(b []byte) (int, error) { return value(b, 0, 1) })
	switch {
	case err == errLong:
		return r.tooLong()
	case err != nil:
		return err
	}
	err = r.recordError("is not an object")
	r.advance(n, r.place)
	r.index++
	return err
}

// envelope reads the rest of an object behind its Records.
func (r *Reader) envelope() error {
	n, err := r.walk(func(b []byte) (int, error) {
		i, more, err := separator(b, 0, '}')
		if err != nil || !more {
			return i, err
		}
		return members(b, i, 1, &head{top: true})
	})
	switch err {
	case nil:
		r.advance(n, outside)
	case errEnvelope:
		r.advance(n+1, beforeFirst)
		err = nil
	}
	return err
}

// tooLong reads over a value that the window is too small for.
func (r *Reader) tooLong() error {
	start := r.Offset()
	err := r.recordError("")
	var s skipper
	for {
		n, done, fault := s.skip(r.unread())
		r.pos += n
		if fault != nil {
			return fault
		}
		if done {
			break
		}
		if fault := r.fill(); fault != nil {
			return fault
		}
	}
	r.index++
	err.Reason = fmt.Sprintf("has %d bytes; a log group takes at most %d", r.Offset()-start, MaxRecord)
	return err
}

func (r *Reader) recordError(format string, args ...any) *RecordError {
	return &RecordError{Offset: r.Offset(), Index: r.index, Reason: fmt.Sprintf(format, args...)}
}

// errLong is for a value that is not yet complete, but longer than any record.
var errLong = errors.New("value is longer than a record")

// walk walks over a value that begins here, again with more of the file as long
// as the window ends within it.
func (r *Reader) walk(over func(b []byte) (int, error)) (int, error) {
	for {
		n, err := over(r.unread())
		if err != errShort {
			return n, err
		}
		if len(r.unread()) > MaxRecord {
			return n, errLong
		}
		if err := r.fill(); err != nil {
			return n, err
		}
	}
}

// peek skips white space and returns the byte behind it.
func (r *Reader) peek() (byte, error) {
	for {
		r.pos = space(r.buf, r.pos)
		if r.pos < len(r.buf) {
			return r.buf[r.pos], nil
		}
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
}

func (r *Reader) unread() []byte { return r.buf[r.pos:] }

func (r *Reader) advance(n int, to place) {
	r.pos += n
	r.place = to
}

// fill moves what is unread to the front and reads the window full. At the end
// of the file it returns io.EOF.
func (r *Reader) fill() error {
	r.base += int64(r.pos)
	n := copy(r.buf, r.unread())
	r.buf, r.pos = r.buf[:n], 0
	m, err := io.ReadFull(r.src, r.buf[n:window])
	r.buf = r.buf[:n+m]
	if m > 0 && err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}

// located makes an error of the file of what went wrong, unless the fault is
// elsewhere.
func (r *Reader) located(err error) error {
	var syntax *syntaxError
	var fault *FileError
	switch {
	case errors.As(err, &syntax):
		return &FileError{Offset: r.Offset() + int64(syntax.at), Reason: "not JSON: " + syntax.reason}
	case errors.As(err, &fault):
		if fault.Offset == 0 {
			fault.Offset = r.base + int64(len(r.buf))
		}
		return fault
	case err == errLong:
		return &FileError{Offset: r.Offset(), Reason: "has too much beside its Records"}
	case err != io.EOF:
		return err
	case !r.began:
		return &FileError{Reason: "is empty", Truncated: true}
	case r.place != outside || len(r.unread()) > 0:
		return &FileError{Offset: r.base + int64(len(r.buf)), Reason: "ends within a value", Truncated: true}
	}
	return io.EOF
}
