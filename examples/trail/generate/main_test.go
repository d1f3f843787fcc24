package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// The trail beside the program is what it writes, and the numbers of the README are true.
func TestTrailIsCurrent(t *testing.T) {
	var records, denied, counted int
	for _, f := range trail() {
		want, err := f.text()
		if err != nil {
			t.Fatal(err)
		}
		if got := unpack(t, filepath.Join("..", filepath.FromSlash(f.key()))); !bytes.Equal(got, want) {
			t.Errorf("%s is not what go generate writes", f.key())
		}
		for _, r := range f.records {
			records++
			if strings.HasSuffix(r.ErrorCode, "UnauthorizedOperation") || strings.HasPrefix(r.ErrorCode, "AccessDenied") {
				denied++
				if r.SourceIPAddress != "delivery.logs.amazonaws.com" && r.EventName != "HeadBucket" {
					counted++
				}
			}
		}
	}
	if records != 152 || denied != 10 || counted != 8 {
		t.Errorf("%d records, %d denied, %d without the exclusions, want 152, 10 and 8 as in the README", records, denied, counted)
	}
}

func unpack(t *testing.T, path string) []byte {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
