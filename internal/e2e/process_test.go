//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// maxMemory is what bad input may make the program use at most, in bytes.
const maxMemory = 300 << 20

// checkMemory fails the test if the program has ever held more than maxMemory.
func checkMemory(t *testing.T, in *instance.Instance) {
	t.Helper()
	peak := peakMemory(t, in)
	t.Logf("peak memory: %d MiB", peak>>20)
	if peak > maxMemory {
		t.Errorf("peak memory = %d MiB, want at most %d MiB", peak>>20, maxMemory>>20)
	}
}

// peakMemory is the largest resident set so far, in bytes.
func peakMemory(t *testing.T, in *instance.Instance) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", in.PID()))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(line, "kB")), 10, 64)
	if !found || err != nil {
		t.Fatalf("no peak memory in %s", status)
	}
	return kilobytes << 10
}

// console gets a page of the console address.
func console(t *testing.T, in *instance.Instance, path string) (status int, body string) {
	t.Helper()
	response, err := http.Get("http://" + in.Console + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// checkReady fails the test if the program is not ready and healthy.
func checkReady(t *testing.T, in *instance.Instance) {
	t.Helper()
	for _, path := range []string{"/-/ready", "/-/healthy"} {
		if status, body := console(t, in, path); status != http.StatusOK {
			t.Errorf("GET %s = %d %q, want 200", path, status, body)
		}
	}
}

// counter is the value of a metric without labels at /metrics.
func counter(t *testing.T, in *instance.Instance, name string) float64 {
	t.Helper()
	_, text := console(t, in, "/metrics")
	for line := range strings.Lines(text) {
		if value, found := strings.CutPrefix(line, name+" "); found {
			f, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
	}
	t.Fatalf("/metrics has no %s", name)
	return 0
}

// failures are the reasons that /-/failures lists, by file.
func failures(t *testing.T, in *instance.Instance) map[string][]string {
	t.Helper()
	_, text := console(t, in, "/-/failures")
	var list map[string][]struct{ Object, Reason string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("/-/failures: %v in %s", err, text)
	}
	reasons := map[string][]string{}
	for _, folder := range list {
		for _, f := range folder {
			reasons[f.Object] = append(reasons[f.Object], f.Reason)
		}
	}
	return reasons
}
