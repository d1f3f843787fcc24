package alarm

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// encode is JSON as AWS writes it: members in the order of the struct, and <, >
// and & as they are. The types that this package encodes always succeed.
func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "{}"
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// double is a number in Java's writing: 1.0, not 1.
type double float64

func (d double) MarshalJSON() ([]byte, error) { return []byte(alarmeval.FormatDouble(float64(d))), nil }

// stamp is a time with milliseconds and the zone +0000.
type stamp time.Time

func (s stamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(s).UTC().Format(alarmeval.TimeFormat))
}

// dimension is a dimension in the order of AWS's messages, value first.
type dimension struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

func dimensions(key metric.Key) []dimension {
	out := make([]dimension, len(key.Dimensions))
	for i, d := range key.Dimensions {
		out[i] = dimension{d.Value, d.Name}
	}
	return out
}

// list is never null.
func list(items []string) []string { return append([]string{}, items...) }

func seconds(d time.Duration) int { return int(d / time.Second) }

// optional is null for an empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
