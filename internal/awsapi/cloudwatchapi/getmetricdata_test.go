package cloudwatchapi_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi/cloudwatchapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// ask is "id = metric statistic period" or "id = an expression in {}".
func ask(t *testing.T, text string) shapes.MetricDataQuery {
	t.Helper()
	id, rest, _ := strings.Cut(text, " = ")
	q := shapes.MetricDataQuery{Id: &id}
	if strings.HasPrefix(rest, "{") {
		q.Expression = ptr(strings.Trim(rest, "{}"))
		return q
	}
	var name, stat string
	var period int32
	if _, err := fmt.Sscan(rest, &name, &stat, &period); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	q.MetricStat = &shapes.MetricStat{Metric: &shapes.Metric{Namespace: ptr("Lab"), MetricName: &name}, Stat: &stat, Period: &period}
	return q
}

func request(t *testing.T, queries ...string) *shapes.GetMetricDataInput {
	t.Helper()
	in := &shapes.GetMetricDataInput{StartTime: ptr(noon.Add(-10 * time.Minute)), EndTime: ptr(noon), ScanBy: ptr("TimestampAscending")}
	for _, q := range queries {
		in.MetricDataQueries = append(in.MetricDataQueries, ask(t, q))
	}
	return in
}

// lines are results as "id (label) 11:50=1 11:55=2".
func lines(results []shapes.MetricDataResult) []string {
	var out []string
	for _, r := range results {
		line := fmt.Sprintf("%s (%s)", *r.Id, *r.Label)
		for i, at := range r.Timestamps {
			line += fmt.Sprintf(" %s=%v", at.Format("15:04"), r.Values[i])
		}
		if *r.StatusCode != "Complete" {
			line += " " + *r.StatusCode
		}
		for _, m := range r.Messages {
			line += " " + *m.Code + ": " + *m.Value
		}
		out = append(out, line)
	}
	return out
}

func lab(t testing.TB) *cloudwatchapi.Metrics {
	api, _ := open(t, noon)
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute-10) * time.Minute) }
	put(t, api, value("errors", at(0), 1, "Count"), value("errors", at(0), 2, "Count"), value("errors", at(4), 4, "Count"), value("errors", at(7), 8, "Count"),
		value("calls", at(0), 10, "Count"), value("calls", at(7), 16, "Count"),
		value("mixed", at(0), 60000, "Milliseconds"), value("mixed", at(0), 60, "Seconds"), value("mixed", at(1), 60, "Seconds"))
	return api
}

func TestGetMetricData(t *testing.T) {
	api := lab(t)
	for _, tt := range []struct {
		name    string
		queries []string
		want    []string
	}{
		{"a metric", []string{"m1 = errors Sum 60"}, []string{"m1 (errors) 11:50=3 11:54=4 11:57=8"}},
		{"a longer period", []string{"m1 = errors Sum 300"}, []string{"m1 (errors) 11:50=7 11:55=8"}},
		{"a percentile", []string{"m1 = errors p50 600"}, []string{"m1 (errors) 11:50=2"}},
		{"no data", []string{"m1 = none Sum 60"}, []string{"m1 (none)"}},
		{"labels by name", []string{"a = errors Sum 300", "b = calls Sum 300"}, []string{"a (errors) 11:50=7 11:55=8", "b (calls) 11:50=10 11:55=16"}},
		{"labels by statistic", []string{"a = calls Sum 300", "b = calls Minimum 300"}, []string{"a (calls Sum) 11:50=10 11:55=16", "b (calls Minimum) 11:50=10 11:55=16"}},
		{"labels by period", []string{"a = calls Sum 300", "b = calls Sum 600"}, []string{"a (calls 300) 11:50=10 11:55=16", "b (calls 600) 11:50=26"}},
		{"labels by both", []string{"a = calls Sum 300", "b = calls Minimum 600"}, []string{"a (calls Sum 300) 11:50=10 11:55=16", "b (calls Minimum 600) 11:50=10"}},
		{"several units", []string{"m1 = mixed Sum 600"}, []string{"m1 (mixed) 11:50=60000 MultipleUnits: Multiple units returned: '[Milliseconds, Seconds]'"}},
		{"expression", []string{"m1 = errors Sum 300", "m2 = calls Sum 300", "rate = {m1 / m2 * 100}"},
			[]string{"m1 (errors) 11:50=7 11:55=8", "m2 (calls) 11:50=10 11:55=16", "rate (rate) 11:50=70 11:55=50"}},
		{"expression before its metric", []string{"e = {m1 * 2}", "m1 = calls Sum 300"}, []string{"e (e) 11:50=20 11:55=32", "m1 (calls) 11:50=10 11:55=16"}},
		{"array", []string{"m1 = errors Sum 600", "m2 = calls Sum 600", "e = {METRICS() + 1}"},
			[]string{"m1 (errors) 11:50=15", "m2 (calls) 11:50=26", "e (e errors) 11:50=16", "e (e calls) 11:50=27"}},
		{"fill", []string{"m1 = errors Sum 60", "e = {FILL(m1, REPEAT) * IF(1, 1, 0)}"},
			[]string{"m1 (errors) 11:50=3 11:54=4 11:57=8", "e (e) 11:50=3 11:51=3 11:52=3 11:53=3 11:54=4 11:55=4 11:56=4 11:57=8 11:58=8 11:59=8"}},
		{"periods that differ", []string{"m1 = errors Sum 60", "m2 = calls Sum 300", "e = {m1 + m2}"},
			[]string{"m1 (errors 60) 11:50=3 11:54=4 11:57=8", "m2 (calls 300) 11:50=10 11:55=16", "e (e) 11:50=13 11:54=4 11:55=16 11:57=8"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := api.GetMetricData(inScope(t), request(t, tt.queries...))
			if err != nil || !reflect.DeepEqual(lines(got.MetricDataResults), tt.want) {
				t.Fatalf("GetMetricData(%q) = %q, %v, want %q", tt.queries, lines(wire.Value(got).MetricDataResults), err, tt.want)
			}
			if got.Messages == nil || got.NextToken != nil {
				t.Errorf("GetMetricData(%q) has messages %v, token %v, want an empty list, none", tt.queries, got.Messages, got.NextToken)
			}
		})
	}
}

func TestGetMetricDataOrderAndSelection(t *testing.T) {
	api := lab(t)
	in := request(t, "m1 = errors Sum 60", "e = {m1 + 1}")
	in.ScanBy = nil
	in.MetricDataQueries[0].ReturnData = ptr(false)
	in.MetricDataQueries[1].Label = ptr("one more")
	got, err := api.GetMetricData(inScope(t), in)
	if want := []string{"e (one more) 11:57=9 11:54=5 11:50=4"}; err != nil || !reflect.DeepEqual(lines(got.MetricDataResults), want) {
		t.Errorf("GetMetricData() = %v, %v, want %q, newest first", got, err, want)
	}
}

func TestGetMetricDataPages(t *testing.T) {
	api := lab(t)
	in := request(t, "m1 = errors Sum 60", "m2 = none Sum 60", "m3 = calls Sum 60")
	in.MaxDatapoints = ptr(int32(2))
	var got [][]string
	for {
		out, err := api.GetMetricData(inScope(t), in)
		if err != nil {
			t.Fatalf("GetMetricData: %v", err)
		}
		got = append(got, lines(out.MetricDataResults))
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	want := [][]string{
		{"m1 (errors) 11:50=3 11:54=4 PartialData", "m2 (none)"},
		{"m1 (errors) 11:57=8", "m3 (calls) 11:50=10 PartialData"},
		{"m3 (calls) 11:57=16"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pages = %q, want %q", got, want)
	}
	for _, token := range []string{"?", "LTE", "OTk5OTk5OTk5OTk5"} {
		in.NextToken = &token
		_, err := api.GetMetricData(inScope(t), in)
		wantError(t, err, "InvalidNextToken", "The value of parameter NextToken is invalid.")
	}
}

func TestGetMetricDataRefuses(t *testing.T) {
	api := lab(t)
	const first = "MetricDataQueries.member.1"
	for _, tt := range []struct {
		name    string
		queries []string
		change  func(*shapes.GetMetricDataInput)
		message string
	}{
		{"no query", nil, nil, "The parameter MetricDataQueries is required."},
		{"too many", make([]string, 501), nil, "The collection MetricDataQueries must not have a size greater than 500."},
		{"no time", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.StartTime = in.EndTime }, "The parameter StartTime must be less than the parameter EndTime."},
		{"ID", []string{"M1 = errors Sum 60"}, nil, "The value M1 for parameter " + first + ".Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$"},
		{"ID twice", []string{"m1 = errors Sum 60", "m1 = calls Sum 60"}, nil, "The values for parameter id in MetricDataQueries are not unique."},
		{"neither", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.MetricDataQueries[0].MetricStat = nil },
			"The parameter " + first + ".MetricStat is required.\n"},
		{"both", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.MetricDataQueries[0].Expression = ptr("m1") },
			"The parameters " + first + ".MetricStat and " + first + ".Expression are mutually exclusive and you have specified both."},
		{"namespace", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.MetricDataQueries[0].MetricStat.Metric.Namespace = nil },
			"The parameter " + first + ".MetricStat.Metric.Namespace is required.\n"},
		{"statistic", []string{"m1 = errors Most 60"}, nil, "The value Most for parameter " + first + ".MetricStat.Stat is not supported."},
		{"period", []string{"m1 = errors Sum 61"}, nil, "The parameter " + first + ".MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60."},
		{"another account", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.MetricDataQueries[0].AccountId = ptr("444455556666") },
			"The value 444455556666 for parameter " + first + ".AccountId is not a linked account."},
		{"nothing returned", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.MetricDataQueries[0].ReturnData = ptr(false) },
			"At least one of MetricDataQueries must have ReturnData set to true."},
		{"syntax", []string{"e = {1 +}"}, nil, "Error in expression 'e': the expression ends where a value was expected"},
		{"search", []string{"e = {SEARCH('x', 'Sum', 60)}"}, nil, "Error in expression 'e': SEARCH is not supported"},
		{"select", []string{`e = {SELECT MAX(x) FROM "AWS/EC2"}`}, nil, "Error in expression 'e': SELECT is not supported"},
		{"band", []string{"m1 = errors Sum 60", "e = {ANOMALY_DETECTION_BAND(m1, 2)}"}, nil, "Error in expression 'e': ANOMALY_DETECTION_BAND is not supported"},
		{"unknown ID", []string{"e = {m1 + 1}"}, nil, "Error in expression 'e': m1 is not the ID of a query"},
		{"circle", []string{"e = {f}", "f = {e}"}, nil, "Error in expression 'e': e refers to itself"},
		{"number", []string{"m1 = errors Sum 60", "e = {SUM(m1)}"}, nil, "Error in expression 'e': the result of an expression must be a time series"},
		{"page size", []string{"m1 = errors Sum 60"}, func(in *shapes.GetMetricDataInput) { in.MaxDatapoints = ptr(int32(0)) }, "The value 0 for parameter MaxDatapoints is invalid."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := &shapes.GetMetricDataInput{StartTime: ptr(noon), EndTime: ptr(noon), MetricDataQueries: make([]shapes.MetricDataQuery, len(tt.queries))}
			if len(tt.queries) < 500 {
				in = request(t, tt.queries...)
			}
			if tt.change != nil {
				tt.change(in)
			}
			_, err := api.GetMetricData(inScope(t), in)
			wantError(t, err, "ValidationError", tt.message)
		})
	}
}

// However long the asked time is, an answer stays small: data are kept for a
// bounded time, and none lie in the future.
func TestGetMetricDataIsBounded(t *testing.T) {
	api := lab(t)
	in := request(t, "m1 = errors Sum 1", "e = {FILL(m1 * 0, 1)}")
	in.StartTime, in.EndTime = ptr(time.Unix(0, 0)), ptr(noon.AddDate(50, 0, 0))
	got, err := api.GetMetricData(inScope(t), in)
	if err != nil {
		t.Fatalf("GetMetricData: %v", err)
	}
	if n := len(got.MetricDataResults[1].Values); n != 5*3600 {
		t.Errorf("GetMetricData over a century has %d seconds, want five hours of them", n)
	}
}

// FuzzNextToken checks that any token is either good or refused as AWS refuses it.
func FuzzNextToken(f *testing.F) {
	api := lab(f)
	for _, seed := range []string{"", "MA", "Mg", "LTE", "bnVsbA", "eyJOYW1lc3BhY2UiOiJMYWIifQ", "W10"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		in := request(t, "m1 = errors Sum 60")
		in.NextToken = &token
		if _, err := api.GetMetricData(inScope(t), in); err != nil {
			wantError(t, err, "InvalidNextToken", "The value of parameter NextToken is invalid.")
		}
		if _, err := api.ListMetrics(inScope(t), &shapes.ListMetricsInput{NextToken: &token}); err != nil {
			wantError(t, err, "InvalidParameterValue", "The value of parameter NextToken is invalid.")
		}
	})
}
