package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// Bounds of what a request may make us do. Bytes are bounded by the caller of
// Decompress; these are what few bytes can blow up.
const (
	maxDepth    = 64      // nesting of lists and structures
	maxElements = 1 << 17 // of one CBOR list or map
	maxFormKeys = 1 << 17 // of one form
	maxCells    = 1 << 21 // of one request: values in memory, of some 16 bytes each
	maxListed   = 50      // violated constraints written into one error
)

// malformed is a request that does not have the form that the shape asks for.
func malformed(format string, args ...any) error {
	return &Error{Shape: MalformedInput, Message: fmt.Sprintf(format, args...)}
}

// Decompress undoes the Content-Encoding of a request body. It refuses to
// produce more than limit bytes.
func Decompress(encoding string, body []byte, limit int64) ([]byte, error) {
	switch encoding {
	case "", "identity":
		return body, nil
	case "gzip":
		return gunzip(body, limit)
	}
	return nil, malformed("Unsupported Content-Encoding %q", encoding)
}

func gunzip(body []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, malformed("Request body is not gzip: %v", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, malformed("Request body is not gzip: %v", err)
	}
	if int64(len(out)) > limit {
		return nil, TooLarge(limit)
	}
	return out, nil
}

// tooMany is the refusal of a request that has more than maxCells.
func tooMany() error { return malformed("Request has too many values") }

// TooLarge is the refusal of a body of more than limit bytes.
func TooLarge(limit int64) error {
	return &Error{Shape: RequestEntityTooLarge, Message: fmt.Sprintf("Request must be smaller than %d bytes", limit)}
}
