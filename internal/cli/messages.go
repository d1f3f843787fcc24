package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tocsin-dev/tocsin/internal/trail"
)

// maxLine is the longest line that is taken as one message: AWS's own limit on
// a log event.
const maxLine = 1 << 20

// messages calls each for every message of the files, of c.In if there are
// none. A CloudTrail log file, gzip-compressed or not, is its records; anything
// else is one message a line.
func (c *command) messages(files []string, each func(message []byte) error) error {
	if len(files) == 0 {
		return splitMessages(c.In, each)
	}
	for _, name := range files {
		if err := fileMessages(name, each); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fileMessages(name string, each func(message []byte) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return splitMessages(file, each)
}

func splitMessages(in io.Reader, each func(message []byte) error) error {
	reader := bufio.NewReaderSize(in, 1<<16)
	head, err := reader.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if isTrailFile(head) {
		return eachRecord(reader, each)
	}
	return eachLine(reader, each)
}

// isTrailFile tells a CloudTrail log file by its beginning: gzip's magic
// number, or an object whose first member is Records.
func isTrailFile(head []byte) bool {
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		return true
	}
	inner, opened := bytes.CutPrefix(bytes.TrimLeft(head, "\ufeff \t\r\n"), []byte("{"))
	return opened && bytes.HasPrefix(bytes.TrimLeft(inner, " \t\r\n"), []byte(`"Records"`))
}

func eachRecord(in io.Reader, each func(message []byte) error) error {
	reader := trail.NewReader(in)
	for {
		record, err := reader.Next()
		var skipped *trail.RecordError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &skipped):
			return skipped // a test that leaves something out would not be one
		case err != nil:
			return err
		}
		if err := each(record.Raw); err != nil {
			return err
		}
	}
}

func eachLine(in io.Reader, each func(message []byte) error) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, maxLine)
	for scanner.Scan() {
		if len(scanner.Bytes()) == 0 {
			continue // a log event has at least one character
		}
		if err := each(scanner.Bytes()); err != nil {
			return err
		}
	}
	return scanner.Err()
}
