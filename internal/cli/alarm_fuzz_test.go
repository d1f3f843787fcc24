package cli

import (
	"testing"

	"github.com/tocsin-dev/tocsin/internal/rehearse"
)

// What is read as alarms can be checked, and described.
func FuzzParseAlarms(f *testing.F) {
	for _, seed := range []string{
		`{"AlarmName":"a","MetricName":"m","Namespace":"n","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold"}`,
		`{"MetricAlarms":[{"AlarmName":"a"}],"CompositeAlarms":[{"AlarmRule":"TRUE"}]}`, `[{}]`, `{}`, `null`, "\ufeff[", `{"AlarmName":"a","Period":-2147483648,"EvaluationPeriods":2147483647}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		alarms, err := parseAlarms(text)
		if err == nil && len(alarms) == 0 {
			t.Errorf("parseAlarms(%q) = nothing, want an alarm or an error", text)
		}
		for _, a := range alarms {
			if fit := rehearse.Unfit(a) == ""; fit && a.Rule().Validate() != nil {
				t.Errorf("Unfit(%+v) = fit, want why it is not", a)
			}
			rehearse.Lint(a)
		}
	})
}

// What is read as datapoints is finite, counted and in the calendar.
func FuzzParseDatapoints(f *testing.F) {
	for _, seed := range []string{
		"timestamp,value,count\n2026-03-02T10:03:20Z,1,2\n", "1772445950,1e308", "2026-03-02 10:03,NaN", "# remark\n\n\"2026-03-02\n", "1e400,1", "-1,0",
		`[{"timestamp":1772445950.5,"value":1,"samplecount":2}]`, `[{"timestamp":null,"value":1}]`, `[{"value":1}]`, `{"Datapoints":[{"Timestamp":"2026-03-02T10:03:20Z","Sum":1}]}`,
		`{"Datapoints":[{"Timestamp":"2026-03-02T10:03:20Z","ExtendedStatistics":{"p99":1}}]}`, `{"MetricDataResults":[{"Id":"m","Timestamps":["2026-03-02T10:03:20Z"],"Values":[1]}]}`, `{}`, `[`, ``,
	} {
		f.Add([]byte(seed), "Sum")
	}
	f.Fuzz(func(t *testing.T, text []byte, statistic string) {
		points, err := parseDatapoints(text, statistic, "")
		if err != nil {
			return
		}
		for _, p := range points {
			if p.Time.Year() < 1970 || p.Time.Year() > 2200 || !(p.SampleCount > 0) || p.Value-p.Value != 0 {
				t.Errorf("parseDatapoints(%q) = %+v, want finite, counted and in the calendar", text, p)
			}
		}
	})
}
