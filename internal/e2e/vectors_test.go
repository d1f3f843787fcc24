package e2e

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// Every filter pattern vector, through the API: match, extracted values and
// error text as boto3 sees them.
func TestVectorsTestMetricFilter(t *testing.T) {
	path, ok := vectors.Path(t, "filter_patterns.jsonl")
	if !ok {
		t.Log("vectors: 0 passed, 0 failed")
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
