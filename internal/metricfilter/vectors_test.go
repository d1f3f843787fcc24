package metricfilter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// head is what every line of alarms.jsonl has.
type head struct{ ID, Kind, Feature, Note, Source, Confidence string }

// filterVector is a filter in a few members. Its pattern asks the events for
// their member "matches" unless it has one of its own.
type filterVector struct {
	Pattern    *string           `json:"pattern"`
	Value      string            `json:"metricValue"`
	Default    *float64          `json:"defaultValue"`
	Unit       string            `json:"unit"`
	Dimensions map[string]string `json:"dimensions"`
	MetricName string            `json:"metricName"`
	Namespace  string            `json:"metricNamespace"`
}

func (v filterVector) definition() metricfilter.Definition {
	d := metricfilter.Definition{Name: "f", Pattern: "{ $.matches IS TRUE }", Transformation: metricfilter.Transformation{
		MetricName: v.MetricName, Namespace: v.Namespace, Value: v.Value, Default: v.Default, Unit: v.Unit}}
	if v.Pattern != nil {
		d.Pattern = *v.Pattern
	}
	if v.Value == "" {
		d.Transformation.Value = "1"
	}
	for _, name := range slices.Sorted(maps.Keys(v.Dimensions)) {
		d.Transformation.Dimensions = append(d.Transformation.Dimensions, metric.Dimension{Name: name, Value: v.Dimensions[name]})
	}
	return d
}

type publishVector struct {
	head
	Filter filterVector
	Events []json.RawMessage
	Points []map[string]json.RawMessage `json:"expected_points"` // "minute", and statistics by name
}

type limitVector struct {
	head
	Filter   filterVector
	Expected string // rejected, or accepted
}

func TestVectorsMetricFilters(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var h head
		if err := json.Unmarshal(line, &h); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		var err error
		switch h.Kind {
		case "metric_filter":
			err = checkStrictly(line, publishVector.check)
		case "metric_filter_limit":
			err = checkStrictly(line, limitVector.check)
		default:
			continue
		}
		switch {
		case err == nil:
			passed++
		case h.Confidence == "low" || h.Confidence == "inferred":
			t.Logf("%s (confidence %s): %v", h.ID, h.Confidence, err)
		default:
			failed++
			t.Errorf("%s: %v", h.ID, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func checkStrictly[V any](line []byte, check func(V) error) error {
	var v V
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return err
	}
	return check(v)
}

func (v limitVector) check() error {
	_, err := metricfilter.Compile(v.Filter.definition())
	if rejected := err != nil; rejected != (v.Expected == "rejected") {
		return fmt.Errorf("Compile(%+v) error = %v, want %s", v.Filter, err, v.Expected)
	}
	return nil
}

func (v publishVector) check() error {
	windows, err := v.publish()
	if err != nil {
		return err
	}
	if len(windows) != len(v.Points) {
		return fmt.Errorf("published %+v, want %d points", windows, len(v.Points))
	}
	for i, point := range v.Points {
		for _, name := range slices.Sorted(maps.Keys(point)) {
			if err := holds(windows[i], name, point[name]); err != nil {
				return fmt.Errorf("point %d: %w", i, err)
			}
		}
	}
	return nil
}

// publish is what the filter makes of the events, minute by minute.
func (v publishVector) publish() ([]metric.Bucket, error) {
	filter, err := metricfilter.Compile(v.Filter.definition())
	if err != nil {
		return nil, err
	}
	var data []metric.Datum
	for _, message := range v.Events {
		var event struct{ Timestamp time.Time }
		if err := json.Unmarshal(message, &event); err != nil {
			return nil, err
		}
		outcome := filter.Apply(arn.Scope{}, filterpattern.NewEvent(message), event.Timestamp)
		if outcome.Datum != nil {
			data = append(data, *outcome.Datum)
		}
	}
	var windows []metric.Bucket
	for _, d := range metric.Aggregate(data) {
		windows = append(windows, metric.Bucket{Start: d.Timestamp, Length: d.Resolution, Unit: d.Unit, Set: d.Set, Values: d.Values})
	}
	slices.SortFunc(windows, func(a, b metric.Bucket) int { return a.Start.Compare(b.Start) })
	return windows, nil
}

// holds compares a member of an expected point with what was published.
func holds(w metric.Bucket, name string, want json.RawMessage) error {
	if name == "minute" {
		var minute time.Time
		if err := json.Unmarshal(want, &minute); err != nil {
			return err
		}
		if !w.Start.Equal(minute) {
			return fmt.Errorf("minute = %s, want %s", w.Start, minute)
		}
		return nil
	}
	statistic, err := metric.ParseStatistic(name)
	if err != nil {
		return err
	}
	var value float64
	if err := json.Unmarshal(want, &value); err != nil {
		return err
	}
	if got, ok := statistic.Of(w); !ok || got != value {
		return fmt.Errorf("%s = %v (present %v), want %v", name, got, ok, value)
	}
	return nil
}
