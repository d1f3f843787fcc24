package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// scripted runs a test that is written in Python, over boto3, and logs its last line.
func scripted(t *testing.T, args ...string) {
	t.Helper()
	in := serve(t)
	out, err := client(t, in, "python3", args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(args[0]), err, out)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	t.Log(lines[len(lines)-1])
}

// Errors are those that were recorded from AWS: status, code and text.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	scripted(t, "testdata/recorded_errors.py", "testdata/aws-errors.tsv")
}
