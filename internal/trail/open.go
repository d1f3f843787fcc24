package trail

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// plainText is the uncompressed text of a file: of all members of a gzip file, which
// is known by its first bytes, without a byte order mark, up to MaxFile bytes.
type plainText struct {
	file *bufio.Reader
	text io.Reader // nil before the first Read
	left int64
}

func uncompressed(file io.Reader) io.Reader {
	return &plainText{file: bufio.NewReaderSize(file, 64<<10), left: MaxFile}
}

func (p *plainText) Read(b []byte) (int, error) {
	if p.text == nil {
		if err := p.open(); err != nil {
			return 0, fileFault(err)
		}
	}
	if int64(len(b)) > p.left+1 {
		b = b[:p.left+1]
	}
	n, err := p.text.Read(b)
	if p.left -= int64(n); p.left < 0 {
		return 0, &FileError{Offset: MaxFile, Reason: "unpacks to more than 2 GiB"}
	}
	return n, fileFault(err)
}

func (p *plainText) open() error {
	magic, err := p.file.Peek(2)
	if err != nil && err != io.EOF {
		return err
	}
	text := p.file
	if string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(p.file)
		if err != nil {
			return err
		}
		text = bufio.NewReaderSize(unzipped, 4096)
	}
	if mark, _ := text.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = text.Discard(3)
	}
	p.text = text
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
