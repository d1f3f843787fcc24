package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/trail"
)

// truths are the counts of the real records, by source and pattern.
type truths struct {
	Sources map[string]struct {
		Records  int `json:"records"`
		Distinct int `json:"distinct_event_ids"`
		Counts   map[string]struct {
			Fails int `json:"ne_missing_fails"`
		} `json:"counts"`
	} `json:"sources"`
}

// Real records that arrive in a folder are counted exactly: each pattern's sum
// is the truth, duplicates of an eventID once. The lab log's pattern stays at 0.
func TestFolderCountsAreTheTruth(t *testing.T) {
	var truth truths
	readJSON(t, filepath.Join(root, "testdata", "cloudtrail_truth.json"), &truth)
	var patterns []struct{ ID, Pattern string }
	readJSON(t, filepath.Join(root, "testdata", "cloudtrail", "patterns.json"), &patterns)
	if len(truth.Sources) == 0 || len(patterns) == 0 {
		t.Fatal("no truth or no patterns to compare")
	}
	if c := truth.Sources["cloudcustodian"]; c.Records != 23 || c.Distinct != 21 {
		t.Errorf("cloudcustodian has %d records, %d distinct, want 23 and 21", c.Records, c.Distinct)
	}
	for source, want := range truth.Sources {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			trail := t.TempDir()
			in := serve(t, "--trail", trail)
			putCounter(t, in, "all", `{ $.eventID = * }`)
			for _, p := range patterns {
				putCounter(t, in, p.ID, p.Pattern)
			}
			if err := os.CopyFS(trail, os.DirFS(filepath.Join(root, "testdata", "cloudtrail", source))); err != nil {
				t.Fatal(err)
			}
			eventually(t, 20*time.Second, "all distinct records counted", func() bool { return sum(t, in, "all") == want.Distinct })
			for _, p := range patterns {
				if got, want := sum(t, in, p.ID), want.Counts[p.ID].Fails-repeats(t, source, p.Pattern); got != want {
					t.Errorf("pattern %s counted %d, want %d", p.ID, got, want)
				}
			}
		})
	}
}

// repeats is how many records of a source match a pattern and share their
// eventID with one before: the truth counts those, the metric must not.
func repeats(t *testing.T, source, pattern string) int {
	t.Helper()
	compiled, seen, n := filterpattern.MustParse(pattern), map[string]bool{}, 0
	paths, err := filepath.Glob(filepath.Join(root, "testdata", "cloudtrail", source, "AWSLogs", "*", "*", "*", "*", "*", "*", "*.json.gz"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files of %s: %v", len(paths), source, err)
	}
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		reader := trail.NewReader(file)
		for {
			record, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if seen[record.EventID] && compiled.Match(record.Raw) {
				n++
			}
			seen[record.EventID] = true
		}
		file.Close()
	}
	return n
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
