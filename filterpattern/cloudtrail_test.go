package filterpattern_test

import (
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

// testdata/cloudtrail holds public CloudTrail records; see the README there.
// An independent evaluator counted how many of them each pattern matches.

type truth struct {
	Sources map[string]struct {
		Records int                  `json:"records"`
		Counts  map[string]truthPair `json:"counts"`
	} `json:"sources"`
}

// truthPair is the count for two readings of != on a missing field, of which
// AWS's is that it fails.
type truthPair struct {
	Fails int `json:"ne_missing_fails"`
}

type namedPattern struct {
	ID      string                 `json:"id"`
	Source  string                 `json:"source"`
	Pattern *filterpattern.Pattern `json:"pattern"`
}

func TestCloudTrailCounts(t *testing.T) {
	for _, test := range []struct{ patterns, truth string }{
		{"patterns.json", "cloudtrail_truth.json"},
		{"patterns1000.json", "cloudtrail_truth_1000.json"},
	} {
		var patterns []namedPattern
		readJSON(t, filepath.Join(testdata, "cloudtrail", test.patterns), &patterns)
		var want truth
		readJSON(t, filepath.Join(testdata, test.truth), &want)
		for source, counts := range want.Sources {
			t.Run(test.patterns+"/"+source, func(t *testing.T) {
				records := readRecords(t, source)
				if len(records) != counts.Records {
					t.Errorf("%s has %d records, want %d", source, len(records), counts.Records)
				}
				got := countMatches(patterns, records)
				if len(counts.Counts) != len(patterns) {
					t.Errorf("%d counts for %d patterns", len(counts.Counts), len(patterns))
				}
				for i, p := range patterns {
					if want := counts.Counts[p.ID].Fails; got[i] != want {
						t.Errorf("%s: %s matches %d records of %s, want %d", p.ID, p.Pattern, got[i], source, want)
					}
				}
			})
		}
	}
}

// countMatches shares the records among a few goroutines, and the patterns by
// all of them.
func countMatches(patterns []namedPattern, records []json.RawMessage) []int {
	const workers = 4
	counts := make([][]int, workers)
	var group sync.WaitGroup
	for w := range workers {
		counts[w] = make([]int, len(patterns))
		group.Go(func() {
			for i := w; i < len(records); i += workers {
				e := filterpattern.NewEvent(records[i])
				for j, p := range patterns {
					if p.Pattern.MatchEvent(e) {
						counts[w][j]++
					}
				}
			}
		})
	}
	group.Wait()
	sum := make([]int, len(patterns))
	for _, count := range counts {
		for j, n := range count {
			sum[j] += n
		}
	}
	return sum
}

var testdata = filepath.Join("..", "testdata")

// readRecords reads all records of a source.
func readRecords(tb testing.TB, source string) []json.RawMessage {
	tb.Helper()
	var records []json.RawMessage
	err := filepath.WalkDir(filepath.Join(testdata, "cloudtrail", source), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json.gz") {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		body, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		var log struct{ Records []json.RawMessage }
		if err := json.NewDecoder(body).Decode(&log); err != nil {
			return err
		}
		records = append(records, log.Records...)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return records
}

func readJSON(tb testing.TB, path string, v any) {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
}

func BenchmarkCloudTrail(b *testing.B) {
	var patterns []namedPattern
	readJSON(b, filepath.Join(testdata, "cloudtrail", "patterns.json"), &patterns)
	records := readRecords(b, "invictus")
	size := 0
	for _, r := range records {
		size += len(r)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		countMatches(patterns, records)
	}
}
