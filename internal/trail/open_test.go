package trail

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPlainTextLimit(t *testing.T) {
	p := uncompressed(nil)
	p.limit = 10
	for _, tt := range []struct {
		text string
		ok   bool
	}{{"123456789", true}, {"1234567890", true}, {"12345678901", false}} {
		p.reset(strings.NewReader(tt.text))
		got, err := io.ReadAll(p)
		var fault *FileError
		if tt.ok && (err != nil || string(got) != tt.text) {
			t.Errorf("read %q = %q, %v, want it whole", tt.text, got, err)
		}
		if !tt.ok && !errors.As(err, &fault) {
			t.Errorf("read %q: error = %v, want a FileError", tt.text, err)
		}
	}
}
