package cloudwatchapi_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/cloudwatchapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

var (
	scope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func ptr[T any](v T) *T { return &v }

// open is the API over an empty store, at a fixed time.
func open(t testing.TB, now time.Time) (*cloudwatchapi.Metrics, *metric.Service) {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	service := metric.New(db.Metrics())
	return cloudwatchapi.NewMetrics(service, func() time.Time { return now }), service
}

func inScope(t testing.TB) context.Context {
	return awsapi.WithCall(t.Context(), awsapi.Call{Scope: scope})
}

func put(t testing.TB, api *cloudwatchapi.Metrics, data ...shapes.MetricDatum) {
	t.Helper()
	if _, err := api.PutMetricData(inScope(t), &shapes.PutMetricDataInput{Namespace: ptr("Lab"), MetricData: data}); err != nil {
		t.Fatalf("PutMetricData: %v", err)
	}
}

func value(name string, at time.Time, v float64, unit string) shapes.MetricDatum {
	return shapes.MetricDatum{MetricName: &name, Timestamp: &at, Value: &v, Unit: &unit}
}

func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s %q", code, message)
	}
	fault := shapes.Model().Fault(wire.Query, err)
	if fault.Name.Code != code || fault.Status != 400 || fault.Message != message {
		t.Errorf("error = %d %s %q, want 400 %s %q", fault.Status, fault.Name.Code, fault.Message, code, message)
	}
}

func TestPutMetricDataRefuses(t *testing.T) {
	const at = "MetricData.member.1"
	api, service := open(t, noon)
	name := ptr("m")
	set := func(count, sum, least, most float64) *shapes.StatisticSet {
		return &shapes.StatisticSet{SampleCount: &count, Sum: &sum, Minimum: &least, Maximum: &most}
	}
	dimensions := func(pairs ...string) []shapes.Dimension {
		var out []shapes.Dimension
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, shapes.Dimension{Name: &pairs[i], Value: &pairs[i+1]})
		}
		return out
	}
	for _, tt := range []struct {
		name          string
		datum         shapes.MetricDatum
		code, message string
	}{
		{"nothing", shapes.MetricDatum{MetricName: name}, "MissingParameter",
			"At least one of the parameters " + at + ".Value, " + at + ".Values or " + at + ".StatisticValues must be specified."},
		{"value and set", shapes.MetricDatum{MetricName: name, Value: ptr(1.0), StatisticValues: set(1, 1, 1, 1)}, "InvalidParameterCombination",
			"The parameters " + at + ".Value and " + at + ".StatisticValues are mutually exclusive and you have specified both."},
		{"value and values", shapes.MetricDatum{MetricName: name, Value: ptr(0.0), Values: []float64{1}}, "InvalidParameterCombination",
			"The parameters " + at + ".Value and " + at + ".Values are mutually exclusive and you have specified both."},
		{"set and values", shapes.MetricDatum{MetricName: name, StatisticValues: set(1, 1, 1, 1), Values: []float64{1}}, "InvalidParameterCombination",
			"The parameters " + at + ".StatisticValues and " + at + ".Values are mutually exclusive and you have specified both."},
		{"counts", shapes.MetricDatum{MetricName: name, Values: []float64{1}, Counts: []float64{1, 2}}, "InvalidParameterValue",
			"The parameters " + at + ".Values and " + at + ".Counts must be of the same size."},
		{"negative count", shapes.MetricDatum{MetricName: name, Values: []float64{1}, Counts: []float64{-1}}, "InvalidParameterValue",
			"The parameter " + at + ".Counts.member.1 must be greater than or equal to 0."},
		{"too many values", shapes.MetricDatum{MetricName: name, Values: make([]float64, 151)}, "InvalidParameterValue",
			"The collection " + at + ".Values must not have a size greater than 150."},
		{"not a number", shapes.MetricDatum{MetricName: name, Value: ptr(math.NaN())}, "InvalidParameterValue", "The value NaN for parameter " + at + ".Value is invalid."},
		{"infinite", shapes.MetricDatum{MetricName: name, Value: ptr(math.Inf(-1))}, "InvalidParameterValue", "The value -Infinity for parameter " + at + ".Value is invalid."},
		{"too large", shapes.MetricDatum{MetricName: name, Values: []float64{1, 1e109}}, "InvalidParameterValue", "The value 1e+109 for parameter " + at + ".Values.member.2 is invalid."},
		{"no samples", shapes.MetricDatum{MetricName: name, StatisticValues: set(0, 0, 0, 0)}, "InvalidParameterValue",
			"The parameter " + at + ".StatisticValues.SampleCount must be greater than 0."},
		{"turned round", shapes.MetricDatum{MetricName: name, StatisticValues: set(2, 3, 2, 1)}, "InvalidParameterValue",
			"The parameter " + at + ".StatisticValues.Maximum must be greater than " + at + ".StatisticValues.Minimum."},
		{"too old", value("m", noon.Add(-15*24*time.Hour), 1, "None"), "InvalidParameterValue",
			"The parameter " + at + ".Timestamp must specify a time within the past two weeks."},
		{"too new", value("m", noon.Add(3*time.Hour), 1, "None"), "InvalidParameterValue",
			"The parameter " + at + ".Timestamp must specify a time no more than two hours in the future."},
		{"resolution", shapes.MetricDatum{MetricName: name, Value: ptr(1.0), StorageResolution: ptr(int32(5))}, "InvalidParameterValue",
			"The parameter " + at + ".StorageResolution must be a value in the set [1, 60]."},
		{"control character", shapes.MetricDatum{MetricName: name, Value: ptr(1.0), Dimensions: dimensions("a", "b\n")}, "InvalidParameterValue",
			"The parameter " + at + ".Dimensions.member.1.Value must contain only ASCII characters and at least one of them not a space."},
		{"colon", shapes.MetricDatum{MetricName: name, Value: ptr(1.0), Dimensions: dimensions(":a", "b")}, "InvalidParameterValue",
			"The parameter " + at + ".Dimensions.member.1.Name must not start with a colon."},
		{"dimension twice", shapes.MetricDatum{MetricName: name, Value: ptr(1.0), Dimensions: dimensions("a", "b", "a", "c")}, "InvalidParameterValue",
			"The parameter " + at + ".Dimensions.member.2.Name must not be given twice."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := api.PutMetricData(inScope(t), &shapes.PutMetricDataInput{Namespace: ptr("Lab"), MetricData: []shapes.MetricDatum{tt.datum}})
			wantError(t, err, tt.code, tt.message)
			if keys, err := service.List(t.Context(), scope, metric.ListQuery{Limit: 1}); err != nil || len(keys) != 0 {
				t.Errorf("after the refusal there is %v, %v, want nothing", keys, err)
			}
		})
	}
}

func TestPutMetricDataRequests(t *testing.T) {
	api, _ := open(t, noon)
	old := noon.Add(-30 * 24 * time.Hour)
	for _, tt := range []struct {
		name, namespace string
		data            []shapes.MetricDatum
		code, message   string
	}{
		{"no data", "Lab", nil, "MissingParameter", "The parameter MetricData is required."},
		{"too many", "Lab", slices.Repeat([]shapes.MetricDatum{value("m", noon, 1, "None")}, 1001), "InvalidParameterValue",
			"The collection MetricData must not have a size greater than 1000."},
		{"namespace of AWS", "AWS/EC2", []shapes.MetricDatum{value("m", noon, 1, "None")}, "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid."},
		{"all problems of one kind", "Lab", []shapes.MetricDatum{value("m", old, 1, "None"), value("m", noon, 1, "None"), value("m", old, 1, "None"), {}}, "InvalidParameterValue",
			"The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.\nThe parameter MetricData.member.3.Timestamp must specify a time within the past two weeks."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := api.PutMetricData(inScope(t), &shapes.PutMetricDataInput{Namespace: &tt.namespace, MetricData: tt.data})
			wantError(t, err, tt.code, tt.message)
		})
	}
}

func statistics(t *testing.T, api *cloudwatchapi.Metrics, change func(*shapes.GetMetricStatisticsInput)) (*shapes.GetMetricStatisticsOutput, error) {
	t.Helper()
	in := &shapes.GetMetricStatisticsInput{Namespace: ptr("Lab"), MetricName: ptr("m"), StartTime: ptr(noon.Add(-time.Hour)), EndTime: ptr(noon),
		Period: ptr(int32(300)), Statistics: []string{"Sum"}}
	change(in)
	return api.GetMetricStatistics(inScope(t), in)
}

func TestGetMetricStatistics(t *testing.T) {
	api, _ := open(t, noon)
	for i := range 10 {
		put(t, api, value("m", noon.Add(-30*time.Minute), float64(i), "Count"))
	}
	put(t, api, value("m", noon.Add(-26*time.Minute), 100, "Count"), value("m", noon.Add(-30*time.Minute), 7, "Bytes"))
	at := ptr(noon.Add(-32 * time.Minute))
	for _, tt := range []struct {
		name   string
		change func(*shapes.GetMetricStatisticsInput)
		want   []shapes.Datapoint
	}{
		{"all statistics of a window that begins with the start", func(in *shapes.GetMetricStatisticsInput) {
			in.StartTime, in.Unit = ptr(at.Add(20*time.Second)), ptr("Count")
			in.Statistics = []string{"Average", "Sum", "SampleCount", "Minimum", "Maximum"}
		}, []shapes.Datapoint{
			{Timestamp: at, Average: ptr(4.5), Sum: ptr(45.0), SampleCount: ptr(10.0), Minimum: ptr(0.0), Maximum: ptr(9.0), Unit: ptr("Count")},
			{Timestamp: ptr(at.Add(5 * time.Minute)), Average: ptr(100.0), Sum: ptr(100.0), SampleCount: ptr(1.0), Minimum: ptr(100.0), Maximum: ptr(100.0), Unit: ptr("Count")},
		}},
		{"a point for each unit", func(in *shapes.GetMetricStatisticsInput) { in.StartTime, in.EndTime = at, ptr(at.Add(5*time.Minute)) },
			[]shapes.Datapoint{{Timestamp: at, Sum: ptr(7.0), Unit: ptr("Bytes")}, {Timestamp: at, Sum: ptr(45.0), Unit: ptr("Count")}}},
		{"the end is not included", func(in *shapes.GetMetricStatisticsInput) {
			in.EndTime, in.Unit = ptr(noon.Add(-30*time.Minute)), ptr("Count")
		},
			[]shapes.Datapoint{}},
		{"percentiles", func(in *shapes.GetMetricStatisticsInput) {
			in.StartTime, in.Unit, in.Statistics, in.ExtendedStatistics = at, ptr("Count"), nil, []string{"p50", "p90", "TC(3:6)"}
			in.EndTime = ptr(at.Add(5 * time.Minute))
		}, []shapes.Datapoint{{Timestamp: at, ExtendedStatistics: map[string]float64{"p50": 4, "p90": 8, "TC(3:6)": 3}, Unit: ptr("Count")}}},
		{"another metric", func(in *shapes.GetMetricStatisticsInput) { in.MetricName = ptr("none") }, []shapes.Datapoint{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := statistics(t, api, tt.change)
			if err != nil || !reflect.DeepEqual(got.Datapoints, tt.want) {
				t.Errorf("GetMetricStatistics() = %s, %v, want %s", show(got.Datapoints), err, show(tt.want))
			}
		})
	}
}

// High-resolution data are kept by the second, and are part of the minute, too.
func TestHighResolution(t *testing.T) {
	api, _ := open(t, noon)
	for second, v := range []float64{1, 2, 4} {
		d := value("m", noon.Add(time.Duration(8*second-30)*time.Second), v, "None")
		d.StorageResolution = ptr(int32(1))
		put(t, api, d)
	}
	put(t, api, value("m", noon.Add(-30*time.Second), 8, "None"))
	for _, tt := range []struct {
		period int32
		want   string
	}{
		{10, "[11:59:30 None sum 3 samples no point map[]; 11:59:40 None sum 4 samples no point map[]]"},
		{60, "[11:59:00 None sum 15 samples no point map[]]"},
	} {
		got, err := statistics(t, api, func(in *shapes.GetMetricStatisticsInput) { in.Period = &tt.period })
		if err != nil || show(got.Datapoints) != tt.want {
			t.Errorf("GetMetricStatistics(period %d) = %s, %v, want %s", tt.period, show(got.Datapoints), err, tt.want)
		}
	}
}

func show(points []shapes.Datapoint) string {
	var lines []string
	for _, d := range points {
		lines = append(lines, fmt.Sprintf("%s %s sum %s samples %s %v", wire.Value(d.Timestamp).Format(time.TimeOnly), wire.Value(d.Unit), text(d.Sum), text(d.SampleCount), d.ExtendedStatistics))
	}
	return "[" + strings.Join(lines, "; ") + "]"
}

func TestGetMetricStatisticsRefuses(t *testing.T) {
	api, _ := open(t, noon)
	for _, tt := range []struct {
		name          string
		change        func(*shapes.GetMetricStatisticsInput)
		code, message string
	}{
		{"no time", func(in *shapes.GetMetricStatisticsInput) { in.StartTime = in.EndTime }, "InvalidParameterValue",
			"The parameter StartTime must be less than the parameter EndTime."},
		{"period", func(in *shapes.GetMetricStatisticsInput) { in.Period = ptr(int32(90)) }, "InvalidParameterValue",
			"The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60."},
		{"too many points", func(in *shapes.GetMetricStatisticsInput) { in.Period = ptr(int32(1)) }, "InvalidParameterCombination",
			"You have requested up to 3600 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range."},
		{"no statistic", func(in *shapes.GetMetricStatisticsInput) { in.Statistics = nil }, "MissingParameter",
			"At least one of the parameters Statistics or ExtendedStatistics must be specified."},
		{"both kinds", func(in *shapes.GetMetricStatisticsInput) { in.ExtendedStatistics = []string{"p1"} }, "InvalidParameterCombination",
			"The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both."},
		{"unknown", func(in *shapes.GetMetricStatisticsInput) {
			in.Statistics, in.ExtendedStatistics = nil, []string{"p50", "p101"}
		}, "InvalidParameterValue", "The value p101 for parameter ExtendedStatistics.member.2 is not supported."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := statistics(t, api, tt.change)
			wantError(t, err, tt.code, tt.message)
		})
	}
}

func TestListMetrics(t *testing.T) {
	api, _ := open(t, time.Now())
	user := func(name string) []shapes.Dimension { return []shapes.Dimension{{Name: ptr("user"), Value: &name}} }
	var data []shapes.MetricDatum
	for i := range 600 {
		data = append(data, shapes.MetricDatum{MetricName: ptr("many"), Value: ptr(1.0), Dimensions: user(fmt.Sprintf("u%03d", i))})
	}
	data = append(data, shapes.MetricDatum{MetricName: ptr("one"), Value: ptr(1.0)})
	put(t, api, data...)

	list := func(in shapes.ListMetricsInput) (int, *string) {
		t.Helper()
		out, err := api.ListMetrics(inScope(t), &in)
		if err != nil || out.Metrics == nil {
			t.Fatalf("ListMetrics(%v) = %v, %v, want a list", in, out, err)
		}
		return len(out.Metrics), out.NextToken
	}
	first, token := list(shapes.ListMetricsInput{})
	if first != 500 || token == nil {
		t.Fatalf("ListMetrics() = %d metrics, token %v, want 500 and a token", first, token)
	}
	if second, token := list(shapes.ListMetricsInput{NextToken: token}); second != 101 || token != nil {
		t.Errorf("second page of ListMetrics = %d metrics, token %v, want 101 and none", second, token)
	}
	for _, tt := range []struct {
		name string
		in   shapes.ListMetricsInput
		want int
	}{
		{"name", shapes.ListMetricsInput{MetricName: ptr("one")}, 1},
		{"namespace", shapes.ListMetricsInput{Namespace: ptr("Other")}, 0},
		{"dimension", shapes.ListMetricsInput{Dimensions: []shapes.DimensionFilter{{Name: ptr("user"), Value: ptr("u077")}}}, 1},
		{"dimension name", shapes.ListMetricsInput{Dimensions: []shapes.DimensionFilter{{Name: ptr("user")}}}, 500},
		{"other dimension", shapes.ListMetricsInput{Dimensions: []shapes.DimensionFilter{{Name: ptr("role")}}}, 0},
		{"recently active", shapes.ListMetricsInput{MetricName: ptr("one"), RecentlyActive: ptr("PT3H")}, 1},
		{"other account", shapes.ListMetricsInput{OwningAccount: ptr("999999999999")}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := list(tt.in); got != tt.want {
				t.Errorf("ListMetrics has %d metrics, want %d", got, tt.want)
			}
		})
	}
	for _, token := range []string{"?", "bnVsbA", "e30x"} {
		_, err := api.ListMetrics(inScope(t), &shapes.ListMetricsInput{NextToken: &token})
		wantError(t, err, "InvalidParameterValue", "The value of parameter NextToken is invalid.")
	}
}

// Metrics are listed until two weeks after their last data.
func TestListMetricsHidesIdleOnes(t *testing.T) {
	_, service := open(t, time.Now())
	if err := service.Put(t.Context(), scope, []metric.Datum{{Key: metric.NewKey("Lab", "m"), Timestamp: time.Now(), Set: metric.Sample(1, 1)}}); err != nil {
		t.Fatalf("Put: %v", err)
	}
	for days, want := range map[int]int{13: 1, 15: 0} {
		later := cloudwatchapi.NewMetrics(service, func() time.Time { return time.Now().AddDate(0, 0, days) })
		out, err := later.ListMetrics(inScope(t), &shapes.ListMetricsInput{})
		if err != nil || len(out.Metrics) != want {
			t.Errorf("ListMetrics after %d days = %v, %v, want %d metrics", days, out, err, want)
		}
	}
}
