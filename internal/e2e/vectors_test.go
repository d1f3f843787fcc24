package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// vectorFile is the file of a kind in TOCSIN_VECTORS or, without that, in the
// module's own vectors. It is empty when TOCSIN_VECTORS does not have the file.
func vectorFile(t *testing.T, name string) string {
	t.Helper()
	dir, set := os.LookupEnv("TOCSIN_VECTORS")
	if !set || dir == "" {
		dir = filepath.Join(root, "testdata", "vectors")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); os.IsNotExist(err) && set && dir != "" {
		t.Log("vectors: 0 passed, 0 failed")
		return ""
	} else if err != nil {
		t.Fatal(err)
	}
	return path
}

// Every filter pattern vector, through the API: match, extracted values and
// error text as boto3 sees them.
func TestVectorsTestMetricFilter(t *testing.T) {
	path := vectorFile(t, "filter_patterns.jsonl")
	if path == "" {
		return
	}
	in := serve(t)
	out, err := client(t, in, "python3", "testdata/test_metric_filter.py", path)
	tally := regexp.MustCompile(`vectors: (\d+) passed, (\d+) failed`).FindStringSubmatch(out)
	if tally == nil {
		t.Fatalf("test_metric_filter.py: %v\n%s", err, out)
	}
	t.Log(tally[0])
	if passed, _ := strconv.Atoi(tally[1]); err != nil || passed == 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// boto3 gets the same answers from cloudwatch in each of its protocols.
func TestProtocolsAgree(t *testing.T) {
	in := serve(t)
	out, err := client(t, in, "python3", "testdata/protocols.py")
	if err != nil {
		t.Errorf("protocols.py: %v\n%s", err, out)
	}
	t.Log(out)
}
