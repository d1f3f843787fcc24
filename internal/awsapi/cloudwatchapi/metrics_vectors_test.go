package cloudwatchapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi/cloudwatchapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// head is what every line has; body is a line of one kind, read strictly.
type head struct{ ID, Kind, Feature, Note, Source, Confidence string }

type aggregateVector struct {
	head
	Put         []shapes.MetricDatum
	Period      int
	WindowStart time.Time `json:"window_start"`
	Stat, Unit  string
	Expected    *float64
}

type retentionVector struct {
	head
	Age       string
	Period    int
	Available bool `json:"expected_available"`
}

type timeVector struct {
	head
	Offset   string
	Accepted bool `json:"expected_accepted"`
}

type errorVector struct {
	head
	Operation string
	Request   json.RawMessage
	Code      string  `json:"expected_code"`
	HTTP      int     `json:"expected_http"`
	Message   *string `json:"expected_message"`
}

func TestVectorsMetrics(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var h head
		if err := json.Unmarshal(line, &h); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		handled, err := checkVector(t, h.Kind, line)
		switch {
		case !handled:
			continue
		case err == nil:
			passed++
			continue
		}
		failed++
		if h.Confidence == "low" || h.Confidence == "inferred" {
			t.Logf("%s: %v", h.ID, err)
			continue
		}
		t.Errorf("%s: %v", h.ID, err)
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func checkVector(t *testing.T, kind string, line []byte) (handled bool, err error) {
	switch kind {
	case "aggregate":
		var v aggregateVector
		if err := strict(line, &v); err != nil {
			return true, err
		}
		return true, v.check(t)
	case "retention":
		var v retentionVector
		if err := strict(line, &v); err != nil {
			return true, err
		}
		return true, v.check()
	case "put_metric_data_time":
		var v timeVector
		if err := strict(line, &v); err != nil {
			return true, err
		}
		return true, v.check(t)
	case "api_error":
		var v errorVector
		if err := strict(line, &v); err != nil {
			return true, err
		}
		call := v.call(t)
		if call == nil {
			return false, nil // an operation on alarms
		}
		api, _ := open(t, noon)
		return true, v.check(call(api))
	}
	return false, nil
}

func strict(line []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (v aggregateVector) check(t *testing.T) error {
	period := time.Duration(v.Period) * time.Second
	api, service := open(t, v.WindowStart.Add(period))
	namespace, name := "Vectors", "m"
	for i := range v.Put {
		v.Put[i].MetricName = &name
	}
	if _, err := api.PutMetricData(inScope(t), &shapes.PutMetricDataInput{Namespace: &namespace, MetricData: v.Put}); err != nil {
		return fmt.Errorf("PutMetricData: %w", err)
	}
	statistic, err := metric.ParseStatistic(v.Stat)
	if err != nil {
		return err
	}
	points, err := service.Points(t.Context(), metric.Query{Series: metric.Series{Scope: scope, Key: metric.NewKey(namespace, name)},
		Unit: v.Unit, Statistic: statistic, Start: v.WindowStart, End: v.WindowStart.Add(period), Period: period})
	if err != nil {
		return err
	}
	switch {
	case v.Expected == nil && len(points) == 0:
		return nil
	case v.Expected != nil && len(points) == 1 && points[0].Value == *v.Expected:
		return nil
	}
	return fmt.Errorf("%s = %v, want %v", v.Stat, points, text(v.Expected))
}

func text(p *float64) string {
	if p == nil {
		return "no point"
	}
	return fmt.Sprint(*p)
}

func (v retentionVector) check() error {
	age, err := duration(v.Age)
	if err != nil {
		return err
	}
	if got := metric.Available(age, time.Duration(v.Period)*time.Second); got != v.Available {
		return fmt.Errorf("Available(%s, %d s) = %v, want %v", v.Age, v.Period, got, v.Available)
	}
	return nil
}

func (v timeVector) check(t *testing.T) error {
	offset, err := duration(v.Offset)
	if err != nil {
		return err
	}
	api, _ := open(t, noon)
	namespace, name, value, at := "Vectors", "m", 1.0, noon.Add(offset)
	_, err = api.PutMetricData(inScope(t), &shapes.PutMetricDataInput{Namespace: &namespace,
		MetricData: []shapes.MetricDatum{{MetricName: &name, Value: &value, Timestamp: &at}}})
	if (err == nil) != v.Accepted {
		return fmt.Errorf("PutMetricData at %s: %v, want accepted %v", v.Offset, err, v.Accepted)
	}
	return nil
}

var durationPart = regexp.MustCompile(`^([+-]?)(\d+)([dhms])`)

// duration reads "2h59m", "14d", "-14d+1h": a sign holds until the next.
func duration(text string) (time.Duration, error) {
	units := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second}
	var sum time.Duration
	sign := time.Duration(1)
	for rest := text; rest != ""; {
		m := durationPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, fmt.Errorf("%q is not a duration", text)
		}
		if m[1] != "" {
			sign = map[string]time.Duration{"+": 1, "-": -1}[m[1]]
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return 0, err
		}
		sum += sign * time.Duration(n) * units[m[3]]
		rest = rest[len(m[0]):]
	}
	return sum, nil
}

// call makes the request to a metric operation, completed where the vector
// leaves out what does not matter; it is nil for other operations.
func (v errorVector) call(t *testing.T) func(*cloudwatchapi.Metrics) error {
	switch v.Operation {
	case "PutMetricData":
		return func(api *cloudwatchapi.Metrics) error {
			return call(t, v.Request, &shapes.PutMetricDataInput{Namespace: ptr("Vectors")}, api.PutMetricData)
		}
	case "GetMetricStatistics":
		return func(api *cloudwatchapi.Metrics) error { return v.getStatistics(t, api) }
	case "ListMetrics":
		return func(api *cloudwatchapi.Metrics) error {
			return call(t, v.Request, &shapes.ListMetricsInput{}, api.ListMetrics)
		}
	case "GetMetricData":
		return func(api *cloudwatchapi.Metrics) error {
			return call(t, v.Request, &shapes.GetMetricDataInput{}, api.GetMetricData)
		}
	}
	return nil
}

func (v errorVector) getStatistics(t *testing.T, api *cloudwatchapi.Metrics) error {
	var request struct {
		shapes.GetMetricStatisticsInput
		Span *int `json:"span_seconds"`
	}
	start := noon.Add(-time.Hour)
	request.GetMetricStatisticsInput = shapes.GetMetricStatisticsInput{Namespace: ptr("Vectors"), MetricName: ptr("m"),
		StartTime: &start, EndTime: ptr(noon), Period: ptr(int32(60)), Statistics: []string{"Sum"}}
	if err := strict(v.Request, &request); err != nil {
		return err
	}
	if request.Span != nil {
		request.StartTime = ptr(request.EndTime.Add(-time.Duration(*request.Span) * time.Second))
	}
	_, err := api.GetMetricStatistics(inScope(t), &request.GetMetricStatisticsInput)
	return err
}

func call[I, O any](t *testing.T, request json.RawMessage, in *I, operation func(context.Context, *I) (*O, error)) error {
	if err := strict(request, in); err != nil {
		return err
	}
	_, err := operation(inScope(t), in)
	return err
}

func (v errorVector) check(err error) error {
	fault := shapes.Model().Fault(wire.Query, err)
	if fault.Name.Code != v.Code || fault.Status != v.HTTP || v.Message != nil && fault.Message != *v.Message {
		return fmt.Errorf("%s(%s) = %d %s %q, want %d %s %q", v.Operation, v.Request, fault.Status, fault.Name.Code, fault.Message, v.HTTP, v.Code, wire.Value(v.Message))
	}
	return nil
}
