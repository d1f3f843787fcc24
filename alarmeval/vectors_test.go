package alarmeval_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// vector is a line of alarms.jsonl of the kinds that this package answers for.
// Its members are pointers where absent and empty differ.
type vector struct {
	ID, Kind, Feature, Note, Source, Confidence string

	Alarm              vectorAlarm
	Datapoints         []*float64        // eval: oldest first, null is missing
	WindowEnd          *time.Time        `json:"window_end"`
	EvaluationTime     time.Time         `json:"evaluation_time"`
	Points             []vectorPoint     // observed, timeline, reason_data
	PreviousState      alarmeval.State   `json:"previous_state"`
	ExpectedState      alarmeval.State   `json:"expected_state"`
	ExpectedReason     *string           `json:"expected_reason"`
	ExpectedRange      int               `json:"expected_range_periods"`
	SampleCount        float64           `json:"sample_count"`
	Value              float64           `json:"value"`
	QueryDate          time.Time         `json:"query_date"`
	ExpectedKeys       []string          `json:"expected_keys_in_order"`
	Expected           json.RawMessage   `json:"expected"`
	EvaluateEvery      int               `json:"evaluate_every_s"`
	EvaluationSecond   int               `json:"evaluation_second"`
	Start, End         time.Time         `json:"-"` // timeline
	InitialState       alarmeval.State   `json:"initial_state"`
	ExpectedTransition []json.RawMessage `json:"expected_transitions"`
}

// vectorAlarm is an alarm in PutMetricAlarm's members.
type vectorAlarm struct {
	Namespace, MetricName                string
	Statistic, ExtendedStatistic, Unit   string
	Period, EvaluationPeriods            int
	DatapointsToAlarm                    int
	Threshold                            float64
	ComparisonOperator, TreatMissingData string
	EvaluateLowSampleCountPercentile     string
	Metrics                              json.RawMessage
}

func (v vectorAlarm) alarm() alarmeval.Alarm {
	return alarmeval.Alarm{
		Namespace: v.Namespace, Statistic: v.Statistic, ExtendedStatistic: v.ExtendedStatistic, Unit: v.Unit,
		Period: time.Duration(v.Period) * time.Second, EvaluationPeriods: v.EvaluationPeriods,
		DatapointsToAlarm: v.DatapointsToAlarm, Threshold: v.Threshold, ComparisonOperator: v.ComparisonOperator,
		TreatMissingData: v.TreatMissingData, EvaluateLowSampleCountPercentile: v.EvaluateLowSampleCountPercentile,
	}
}

type vectorPoint struct {
	Timestamp   time.Time
	Value       *float64   // null: missing
	SampleCount float64    `json:"sample_count"`
	AvailableAt *time.Time `json:"available_at"`
}

func (p vectorPoint) availableAt() time.Time {
	if p.AvailableAt != nil {
		return *p.AvailableAt
	}
	return p.Timestamp
}

// keys are the top-level members that each kind may have; any other is one that
// this reader does not understand.
var keys = map[string][]string{
	"eval":        {"alarm", "datapoints", "previous_state", "expected_state", "window_end", "expected_reason"},
	"observed":    {"alarm", "evaluation_time", "points", "previous_state", "expected_state", "expected_reason"},
	"timeline":    {"alarm", "points", "evaluate_every_s", "evaluation_second", "start", "end", "initial_state", "expected_transitions"},
	"range":       {"alarm", "expected_range_periods"},
	"low_sample":  {"alarm", "sample_count", "value", "previous_state", "expected_state"},
	"reason_data": {"alarm", "points", "query_date", "expected_keys_in_order", "expected", "window_end", "datapoints", "previous_state"},
}

func parseVector(line []byte) (vector, error) {
	var members map[string]json.RawMessage
	var v vector
	if err := json.Unmarshal(line, &members); err != nil {
		return v, err
	}
	if err := json.Unmarshal(line, &v); err != nil {
		return v, err
	}
	known := append([]string{"id", "kind", "feature", "note", "source", "confidence"}, keys[v.Kind]...)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if keys[v.Kind] != nil && !slices.Contains(known, name) {
			return v, fmt.Errorf("unknown member %q", name)
		}
	}
	for name, to := range map[string]*time.Time{"start": &v.Start, "end": &v.End} {
		if raw, ok := members[name]; ok && v.Kind == "timeline" {
			if err := json.Unmarshal(raw, to); err != nil {
				return v, err
			}
		}
	}
	return v, nil
}

func TestVectorsAlarmEvaluation(t *testing.T) {
	checks := map[string]func(vector) error{
		"eval": checkEval, "observed": checkObserved, "timeline": checkTimeline,
		"range": checkRange, "low_sample": checkLowSample, "reason_data": checkReasonData,
	}
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		v, err := parseVector(line)
		check, handled := checks[v.Kind]
		if err == nil && !handled {
			continue
		}
		if err == nil {
			err = check(v)
		}
		switch {
		case err == nil:
			passed++
		case v.Confidence == "low" || v.Confidence == "inferred":
			t.Logf("%s (confidence %s): %v", v.ID, v.Confidence, err)
		default:
			failed++
			t.Errorf("%s: %v", v.ID, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func checkEval(v vector) error {
	a := v.Alarm.alarm()
	end := time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC)
	if v.WindowEnd != nil {
		end = *v.WindowEnd
	}
	if got := alarmeval.Range(a); got != len(v.Datapoints) {
		return fmt.Errorf("Range = %d, want %d", got, len(v.Datapoints))
	}
	return v.compare(alarmeval.Evaluate(a, spread(a, v.Datapoints, end), v.PreviousState, end.Add(17*time.Second)))
}

// spread puts values into the windows of the range, oldest first.
func spread(a alarmeval.Alarm, values []*float64, end time.Time) []alarmeval.Point {
	var points []alarmeval.Point
	windows := a.Windows(end)
	for i, value := range values {
		if value != nil && i < len(windows) {
			points = append(points, alarmeval.Point{Start: windows[i].Start, Value: *value, SampleCount: 1, Minimum: *value})
		}
	}
	return points
}

func (v vector) compare(got alarmeval.Result) error {
	if got.State != v.ExpectedState {
		return fmt.Errorf("state = %s, want %s", got.State, v.ExpectedState)
	}
	if v.ExpectedReason != nil && got.Reason() != *v.ExpectedReason {
		return fmt.Errorf("reason = %q, want %q", got.Reason(), *v.ExpectedReason)
	}
	return nil
}

func checkObserved(v vector) error {
	return v.compare(alarmeval.Evaluate(v.Alarm.alarm(), starting(v.Points), v.PreviousState, v.EvaluationTime))
}

func starting(points []vectorPoint) []alarmeval.Point {
	var out []alarmeval.Point
	for _, p := range points {
		if p.Value != nil {
			out = append(out, alarmeval.Point{Start: p.Timestamp, Value: *p.Value, SampleCount: p.SampleCount, Minimum: *p.Value})
		}
	}
	return out
}

func checkRange(v vector) error {
	if got := alarmeval.Range(v.Alarm.alarm()); got != v.ExpectedRange {
		return fmt.Errorf("Range = %d, want %d", got, v.ExpectedRange)
	}
	return nil
}

func checkLowSample(v vector) error {
	a := v.Alarm.alarm()
	now := time.Date(2026, 3, 2, 10, 15, 17, 0, time.UTC)
	windows := a.Windows(a.LastEnd(now))
	point := alarmeval.Point{Start: windows[len(windows)-1].Start, Value: v.Value, SampleCount: v.SampleCount}
	return v.compare(alarmeval.Evaluate(a, []alarmeval.Point{point}, v.PreviousState, now))
}

func checkReasonData(v vector) error {
	a := v.Alarm.alarm()
	points, now := starting(v.Points), v.QueryDate
	if v.WindowEnd != nil {
		points = append(points, spread(a, v.Datapoints, *v.WindowEnd)...)
	}
	previous := v.PreviousState
	if previous == "" {
		previous = alarmeval.OK
	}
	got := alarmeval.Evaluate(a, points, previous, now).Data()
	if order := keyOrder(got); !slices.Equal(order, v.ExpectedKeys) {
		return fmt.Errorf("keys = %q, want %q", order, v.ExpectedKeys)
	}
	var gotValue, want any
	if err := json.Unmarshal([]byte(got), &gotValue); err != nil {
		return fmt.Errorf("data %s: %w", got, err)
	}
	if err := json.Unmarshal(v.Expected, &want); err != nil {
		return err
	}
	if g, w := fmt.Sprint(gotValue), fmt.Sprint(want); g != w {
		return fmt.Errorf("data = %s, want %s", got, v.Expected)
	}
	return nil
}

// keyOrder is the names of an object's members as they stand.
func keyOrder(object string) []string {
	var names []string
	d := json.NewDecoder(bytes.NewReader([]byte(object)))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return names
		}
		names = append(names, fmt.Sprint(name))
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return names
		}
	}
	return names
}

// checkTimeline runs the alarm once a minute over raw samples.
func checkTimeline(v vector) error {
	a, state := v.Alarm.alarm(), v.InitialState
	var got []string
	first := v.Start.Truncate(time.Minute).Add(time.Duration(v.EvaluationSecond) * time.Second)
	for now := first; !now.After(v.End); now = now.Add(time.Duration(v.EvaluateEvery) * time.Second) {
		if now.Before(v.Start) {
			continue
		}
		next := alarmeval.Evaluate(a, aggregate(a, v.Points, now), state, now).State
		if next != state {
			got = append(got, fmt.Sprintf("%s %s %s", now.Format(time.RFC3339), state, next))
		}
		state = next
	}
	var want []string
	for _, raw := range v.ExpectedTransition {
		var e struct {
			At       time.Time
			From, To string
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return err
		}
		want = append(want, fmt.Sprintf("%s %s %s", e.At.Format(time.RFC3339), e.From, e.To))
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("transitions = %q, want %q", got, want)
	}
	return nil
}

// aggregate is the alarm's statistic of the samples that are known at now, per
// window. Samples are stamped with their minute, as CloudWatch keeps them.
func aggregate(a alarmeval.Alarm, samples []vectorPoint, now time.Time) []alarmeval.Point {
	var points []alarmeval.Point
	for _, w := range a.Windows(a.LastEnd(now)) {
		var values []float64
		for _, s := range samples {
			minute := s.Timestamp.Truncate(time.Minute)
			if s.Value != nil && !s.availableAt().After(now) && !minute.Before(w.Start) && minute.Before(w.End) {
				values = append(values, *s.Value)
			}
		}
		if len(values) > 0 {
			points = append(points, alarmeval.Point{Start: w.Start, SampleCount: float64(len(values)), Value: statistic(a.Statistic, values)})
		}
	}
	return points
}

func statistic(name string, values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	switch name {
	case "Average":
		return sum / float64(len(values))
	case "Minimum":
		return slices.Min(values)
	case "Maximum":
		return slices.Max(values)
	case "SampleCount":
		return float64(len(values))
	}
	return sum
}
