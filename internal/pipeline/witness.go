package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/topic"
	"github.com/tocsin-dev/tocsin/internal/trail"
	"github.com/tocsin-dev/tocsin/internal/triage"
)

// maxWitnesses is how many records are read again for one mail, the newest.
// More are counted.
const maxWitnesses = 10_000

// Witness finds the records that made an alarm ring.
type Witness struct {
	Matches interface {
		Matches(ctx context.Context, series metric.Series, from, to time.Time, limit int) ([]metricfilter.Match, int, error)
	}
	// Messages reads events of stored chunks again.
	Messages func(ctx context.Context, c logs.Chunk, indexes []int) (map[int][]byte, error)
	Log      *slog.Logger
}

// Section explains which records lie in the breaching windows of a metric. It
// is nil when none do: the metric is not one that a filter fills.
func (w *Witness) Section(ctx context.Context, series metric.Series, windows []alarmeval.Window) (*topic.Explanation, error) {
	var matches []metricfilter.Match
	total := 0
	for _, window := range windows {
		found, n, err := w.Matches.Matches(ctx, series, window.Start, window.End, maxWitnesses-len(matches))
		if err != nil {
			return nil, err
		}
		matches, total = append(matches, found...), total+n
	}
	if total == 0 {
		return nil, nil
	}
	read, err := w.read(ctx, matches)
	if err != nil {
		return nil, err
	}
	section := triage.Section(read, triage.Options{Omitted: total - len(read)})
	return &topic.Explanation{Text: section.Text, HTML: section.HTML}, nil
}

// read fetches the raw records, chunk by chunk, in the order of the matches.
// Records that cannot be read any more are left out, and counted by the caller.
func (w *Witness) read(ctx context.Context, matches []metricfilter.Match) ([]triage.Match, error) {
	messages := make([][]byte, len(matches))
	for chunk, places := range byChunk(matches) {
		var err error
		if chunk.Place == logs.File {
			err = readFile(chunk.Key, matches, places, messages)
		} else {
			err = w.readChunk(ctx, chunk, matches, places, messages)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			w.Log.Warn("records that rang cannot be read again", "chunk", chunk.Key, "err", err)
		}
	}
	var read []triage.Match
	for i, m := range matches {
		if messages[i] != nil {
			read = append(read, triage.Match{Message: messages[i], LogEventID: m.EventID, Time: m.At})
		}
	}
	return read, nil
}

// byChunk groups positions of the matches by the chunk that they lie in.
func byChunk(matches []metricfilter.Match) map[logs.Chunk][]int {
	chunks := map[logs.Chunk][]int{}
	for i, m := range matches {
		chunks[m.Chunk] = append(chunks[m.Chunk], i)
	}
	return chunks
}

func readFile(path string, matches []metricfilter.Match, places []int, into [][]byte) error {
	refs := make([]trail.Ref, len(places))
	for i, place := range places {
		refs[i] = trail.Ref{Offset: matches[place].Offset, Length: matches[place].Length}
	}
	records, err := trail.ReadRecords(path, refs)
	for i, record := range records {
		into[places[i]] = record
	}
	return err
}

func (w *Witness) readChunk(ctx context.Context, chunk logs.Chunk, matches []metricfilter.Match, places []int, into [][]byte) error {
	indexes := make([]int, len(places))
	for i, place := range places {
		indexes[i] = matches[place].Index
	}
	found, err := w.Messages(ctx, chunk, indexes)
	if err != nil {
		return fmt.Errorf("messages of chunk %s: %w", chunk.Key, err)
	}
	for i, place := range places {
		into[place] = found[indexes[i]]
	}
	return nil
}
