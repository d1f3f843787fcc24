package rehearse_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/rehearse"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// timelineVector is a line of alarms.jsonl of the kind timeline.
type timelineVector struct {
	ID, Kind, Feature, Note, Source, Confidence string

	Alarm  rehearse.Alarm
	Points []struct {
		Timestamp   time.Time
		Value       float64
		AvailableAt time.Time `json:"available_at"`
	}
	EvaluateEvery    int `json:"evaluate_every_s"`
	EvaluationSecond int `json:"evaluation_second"`
	Start, End       time.Time
	InitialState     alarmeval.State `json:"initial_state"`
	Expected         []move          `json:"expected_transitions"`
}

type move struct {
	At       time.Time
	From, To alarmeval.State
}

func TestVectorsTimeline(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var kind struct{ Kind string }
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatal(err)
		}
		if kind.Kind != "timeline" {
			continue
		}
		if checkTimeline(t, line) {
			passed++
		} else {
			failed++
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func checkTimeline(t *testing.T, line []byte) bool {
	var v timelineVector
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Errorf("decode %s = %v", line, err)
		return false
	}
	var points []rehearse.Datapoint
	for _, p := range v.Points {
		points = append(points, rehearse.Datapoint{Time: p.Timestamp, Value: p.Value, SampleCount: 1, Available: p.AvailableAt})
	}
	timeline, err := rehearse.Simulate(v.Alarm, points, rehearse.Options{Start: v.Start, End: v.End, Second: v.EvaluationSecond, Initial: v.InitialState})
	if err != nil {
		t.Errorf("%s: Simulate = %v", v.ID, err)
		return false
	}
	var got []move
	for _, c := range timeline.Changes {
		got = append(got, move{c.At, c.From, c.To})
	}
	if !slices.Equal(got, v.Expected) {
		t.Logf("%s (%s): Simulate = %v, want %v", v.ID, v.Confidence, got, v.Expected)
		if v.Confidence != "low" && v.Confidence != "inferred" {
			t.Fail()
		}
		return false
	}
	return true
}
