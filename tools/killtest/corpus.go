package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// corpus is what will arrive: generated files in random order, among them
// copies of whole files under other names and files made of other files'
// records, as CloudTrail's own duplicates are. The truth counts an eventID once.
type corpus struct {
	files     []file
	truth     map[string]int // by filter: distinct matching records
	delivered int            // records in all files
}

type file struct {
	name string // below the trail's folder
	data []byte
}

// filters are the patterns that the trial counts, by the ID that trailgen's
// truth knows them by; "records" matches every record.
var filters = map[string]string{
	"records": `{ $.eventVersion = * }`,
	"seed000": `{($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")}`,
	"seed001": `{(($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")) && (($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket"))}`,
}

func makeCorpus(ctx context.Context, root, work string, rounds int, random *rand.Rand) (corpus, error) {
	out := filepath.Join(work, "corpus")
	command := exec.CommandContext(ctx, "go", "run", ".", "-out", out, "-events", fmt.Sprint(400*rounds),
		"-median", "20", "-denied", "0.05", "-tricky", "0.02", "-seed", fmt.Sprint(random.Uint32()))
	command.Dir = filepath.Join(root, "tools", "trailgen")
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		return corpus{}, fmt.Errorf("trailgen: %w", err)
	}
	c := corpus{}
	if c.truth, err = readTruth(printed); err != nil {
		return corpus{}, err
	}
	if err := c.load(out); err != nil {
		return corpus{}, err
	}
	if err := c.duplicate(random); err != nil {
		return corpus{}, err
	}
	random.Shuffle(len(c.files), func(i, j int) { c.files[i], c.files[j] = c.files[j], c.files[i] })
	return c, nil
}

func readTruth(printed []byte) (map[string]int, error) {
	var truth struct {
		Records int            `json:"records"`
		Counts  map[string]int `json:"counts_if_not_equal_fails_on_missing"`
	}
	if err := json.Unmarshal(printed, &truth); err != nil {
		return nil, fmt.Errorf("truth of trailgen: %w", err)
	}
	out := map[string]int{"records": truth.Records}
	for id := range filters {
		if id != "records" {
			out[id] = truth.Counts[id]
		}
	}
	return out, nil
}

func (c *corpus) load(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return c.add(file{name: name, data: data})
	})
}

func (c *corpus) add(f file) error {
	records, err := f.records()
	if err != nil {
		return err
	}
	c.files = append(c.files, f)
	c.delivered += len(records)
	return nil
}

// duplicate adds a copy of every fourth file and, for every fourth, a new file
// made of a random half of its records and of its neighbour's.
func (c *corpus) duplicate(random *rand.Rand) error {
	originals := c.files
	for i, f := range originals {
		var err error
		switch i % 4 {
		case 0:
			err = c.add(file{name: rename(f.name, "copy"), data: f.data})
		case 2:
			err = c.addMixture(f, originals[(i+1)%len(originals)], random)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *corpus) addMixture(a, b file, random *rand.Rand) error {
	var mixed []json.RawMessage
	for _, f := range []file{a, b} {
		records, err := f.records()
		if err != nil {
			return err
		}
		for _, record := range records {
			if random.IntN(2) == 0 {
				mixed = append(mixed, record)
			}
		}
	}
	if len(mixed) == 0 {
		return nil
	}
	data, err := compress(mixed)
	if err != nil {
		return err
	}
	return c.add(file{name: rename(a.name, "mixed"), data: data})
}

func rename(name, suffix string) string {
	return strings.TrimSuffix(name, ".json.gz") + suffix + ".json.gz"
}

func (f file) records() ([]json.RawMessage, error) {
	reader, err := gzip.NewReader(bytes.NewReader(f.data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	var document struct{ Records []json.RawMessage }
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return document.Records, nil
}

// compress writes the records as they are: their bytes, not a re-encoding.
func compress(records []json.RawMessage) ([]byte, error) {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	parts := make([][]byte, len(records))
	for i, record := range records {
		parts[i] = record
	}
	fmt.Fprintf(writer, `{"Records":[%s]}`, bytes.Join(parts, []byte(",")))
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
