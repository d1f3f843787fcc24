package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
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
				if source == "cloudcustodian" {
					continue // its truth is over records as delivered; "all" compares the distinct ones
				}
				if got := sum(t, in, p.ID); got != want.Counts[p.ID].Fails {
					t.Errorf("pattern %s counted %d, want %d", p.ID, got, want.Counts[p.ID].Fails)
				}
			}
			if source == "cloudcustodian" && (want.Records != 23 || want.Distinct != 21) {
				t.Errorf("cloudcustodian: %d records, %d distinct, want 23 and 21", want.Records, want.Distinct)
			}
		})
	}
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
