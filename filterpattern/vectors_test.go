package filterpattern_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// vector is one recorded or documented outcome of TestMetricFilter.
type vector struct {
	ID         string            `json:"id"`
	Feature    string            `json:"feature"`
	Pattern    string            `json:"pattern"`
	Event      *string           `json:"event"`
	Match      any               `json:"match"` // true, false or "error"
	Extracted  map[string]string `json:"extracted"`
	Error      *vectorError      `json:"error"`
	Source     string            `json:"source"`
	Confidence string            `json:"confidence"`
	Note       string            `json:"note"`
}

type vectorError struct {
	Code    string `json:"code"`
	Message string `json:"message"` // empty where only the refusal is known
}

// TestVectorsFilterPatterns replays filter_patterns.jsonl.
func TestVectorsFilterPatterns(t *testing.T) {
	passed, failed := 0, 0
	for _, v := range readVectors(t) {
		complaint := v.check()
		if complaint == "" {
			passed++
			continue
		}
		failed++
		if v.Confidence == "inferred" || v.Confidence == "low" {
			t.Logf("%s (%s): %s", v.ID, v.Confidence, complaint)
		} else {
			t.Errorf("%s (%s): %s", v.ID, v.Confidence, complaint)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

// check returns a complaint, or nothing.
func (v vector) check() string {
	p, err := filterpattern.Parse(v.Pattern)
	if v.Error != nil {
		return v.checkError(err)
	}
	if err != nil {
		return fmt.Sprintf("Parse(%q) = %v, want no error", v.Pattern, err)
	}
	e := filterpattern.NewEvent([]byte(*v.Event))
	if got := p.MatchEvent(e); got != v.Match {
		return fmt.Sprintf("Parse(%q).Match(%q) = %v, want %v", v.Pattern, *v.Event, got, v.Match)
	}
	if got := p.Extract(e); v.Extracted != nil && !maps.Equal(got, v.Extracted) {
		return fmt.Sprintf("Parse(%q).Extract(%q) = %q, want %q", v.Pattern, *v.Event, got, v.Extracted)
	}
	return ""
}

func (v vector) checkError(err error) string {
	var syntax *filterpattern.SyntaxError
	const code = "InvalidParameterException" // of every SyntaxError
	switch {
	case v.Error.Code != code:
		return fmt.Sprintf("error code %q, want %q", v.Error.Code, code)
	case !errors.As(err, &syntax):
		return fmt.Sprintf("Parse(%q) = %v, want a SyntaxError", v.Pattern, err)
	case v.Error.Message != "" && err.Error() != v.Error.Message:
		return fmt.Sprintf("Parse(%q) = %q, want %q", v.Pattern, err, v.Error.Message)
	}
	return ""
}

// readVectors decodes the vectors. Lines that this reader does not understand are failures.
func readVectors(tb testing.TB) []vector {
	tb.Helper()
	var list []vector
	for _, line := range vectors.Lines(tb, "filter_patterns.jsonl") {
		var v vector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			tb.Errorf("line %d: %v", len(list)+1, err)
			continue
		}
		if _, verdict := v.Match.(bool); verdict == (v.Error != nil) || verdict && v.Event == nil {
			tb.Errorf("%s: match is %v and error %v; want an event and a verdict, or an error", v.ID, v.Match, v.Error)
			continue
		}
		list = append(list, v)
	}
	return list
}
