package trail

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// plainText is the uncompressed text of a file: of all members of a gzip file,
// which is known by its first bytes, without a byte order mark, and up to a limit.
type plainText struct {
	limit  int64
	left   int64
	file   *bufio.Reader
	opened bool
	text   *bufio.Reader // file, or unzip
	unzip  *bufio.Reader
	gzip   *gzip.Reader
}

func uncompressed(file io.Reader) *plainText {
	p := &plainText{limit: MaxFile, file: bufio.NewReaderSize(nil, 64<<10)}
	p.reset(file)
	return p
}

// reset begins another file, with the memory of the last one.
func (p *plainText) reset(file io.Reader) {
	p.file.Reset(file)
	p.opened, p.left = false, p.limit
}

func (p *plainText) Read(b []byte) (int, error) {
	if !p.opened {
		if err := p.open(); err != nil {
			return 0, fileFault(err)
		}
	}
	if int64(len(b)) > p.left+1 {
		b = b[:p.left+1]
	}
	n, err := p.text.Read(b)
	if p.left -= int64(n); p.left < 0 {
		return 0, &FileError{Offset: p.limit, Reason: fmt.Sprintf("unpacks to more than %d bytes", p.limit)}
	}
	return n, fileFault(err)
}

func (p *plainText) open() error {
	magic, err := p.file.Peek(2)
	if err != nil && err != io.EOF {
		return err
	}
	p.text = p.file
	if string(magic) == "\x1f\x8b" {
		if err := p.openGzip(); err != nil {
			return err
		}
	}
	if mark, _ := p.text.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = p.text.Discard(3)
	}
	p.opened = true
	return nil
}

func (p *plainText) openGzip() error {
	if p.gzip == nil {
		p.gzip, p.unzip = new(gzip.Reader), bufio.NewReaderSize(nil, 4<<10)
	}
	if err := p.gzip.Reset(p.file); err != nil {
		return err
	}
	p.unzip.Reset(p.gzip)
	p.text = p.unzip
	return nil
}

// fileFault tells a damaged gzip file from a fault in reading it.
func fileFault(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &FileError{Reason: "gzip data end too early", Truncated: true, Err: err}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return &FileError{Reason: "gzip data are damaged: " + err.Error(), Err: err}
	}
	return err
}
