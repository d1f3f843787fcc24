package vectors_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/vectors"
)

func TestLines(t *testing.T) {
	own := vectors.Lines(t, "filter_patterns.jsonl")
	if len(own) < 1000 {
		t.Errorf("Lines of the module's own file = %d, want all of them", len(own))
	}
	dir := t.TempDir()
	t.Setenv("TOCSIN_VECTORS", dir)
	if got := vectors.Lines(t, "filter_patterns.jsonl"); len(got) != 0 {
		t.Errorf("Lines of a file that the named folder lacks = %d, want none", len(got))
	}
	if err := os.WriteFile(filepath.Join(dir, "filter_patterns.jsonl"), []byte("\n{\"a\":1}\r\n\n{\"b\":2}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := vectors.Lines(t, "filter_patterns.jsonl"); len(got) != 2 || string(got[0]) != `{"a":1}` || string(got[1]) != `{"b":2}` {
		t.Errorf("Lines = %q, want the two that are not blank", got)
	}
}
