package rehearse_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/rehearse"
)

const good = `{"AlarmName":"a","Namespace":"CloudTrailMetrics","MetricName":"ManagementConsoleSignInFailures","Statistic":"Sum","Period":300,
	"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"notBreaching",
	"AlarmActions":["arn:aws:sns:us-east-1:111122223333:security"]}`

// with is the good alarm with other members; null takes one away.
func with(t *testing.T, members string) rehearse.Alarm {
	t.Helper()
	all := map[string]any{}
	for _, text := range []string{good, members} {
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var a rehearse.Alarm
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func rules(findings []rehearse.Finding) []string {
	names := []string{}
	for _, f := range findings {
		names = append(names, f.Rule)
	}
	return names
}

func TestLint(t *testing.T) {
	for _, c := range []struct {
		name, members string
		want          []string
	}{
		{"good", `{}`, []string{}},
		{"Average of a count", `{"Statistic":"Average","Threshold":5}`, []string{"statistic-of-ones"}},
		{"Average that any event reaches", `{"Statistic":"Average"}`, []string{"statistic-of-ones"}},
		{"Average of a latency", `{"Statistic":"Average","Threshold":5,"MetricName":"RequestLatency"}`, []string{}},
		{"Average in seconds", `{"Statistic":"Average","Threshold":5,"Unit":"Seconds"}`, []string{}},
		{"Average of AWS's own", `{"Statistic":"Average","Threshold":5,"Namespace":"AWS/EC2"}`, []string{}},
		{"percentile of a count", `{"Statistic":null,"ExtendedStatistic":"p99","Threshold":5}`, []string{"statistic-of-ones"}},
		{"Maximum that any event reaches", `{"Statistic":"Maximum"}`, []string{}},
		{"Maximum above 1", `{"Statistic":"Maximum","Threshold":2}`, []string{"statistic-of-ones"}},
		{"never below 0", `{"Threshold":0,"ComparisonOperator":"LessThanThreshold","TreatMissingData":"breaching"}`, []string{"unreachable-threshold"}},
		{"0 is not below 0 but equal", `{"Threshold":0,"ComparisonOperator":"LessThanOrEqualToThreshold","TreatMissingData":"breaching"}`, []string{}},
		{"SampleCount is never negative anywhere", `{"Statistic":"SampleCount","Namespace":"AWS/SQS","Threshold":-1,"ComparisonOperator":"LessThanOrEqualToThreshold"}`, []string{"unreachable-threshold", "missing-data"}},
		{"Sum of AWS's own may be negative", `{"Namespace":"AWS/X","Threshold":-1,"ComparisonOperator":"LessThanThreshold","TreatMissingData":"missing"}`, []string{}},
		{"always at least 0", `{"Threshold":0}`, []string{"always-breaching"}},
		{"greater than 0", `{"Threshold":0,"ComparisonOperator":"GreaterThanThreshold"}`, []string{}},
		{"greater than 1", `{"ComparisonOperator":"GreaterThanThreshold"}`, []string{"greater-than-one"}},
		{"SampleCount", `{"Statistic":"SampleCount"}`, []string{"sample-count"}},
		{"low values and notBreaching", `{"ComparisonOperator":"LessThanThreshold"}`, []string{"missing-data"}},
		{"breaching", `{"TreatMissingData":"breaching"}`, []string{"missing-data"}},
		{"ignore", `{"TreatMissingData":"ignore"}`, []string{"missing-data"}},
		{"missing", `{"TreatMissingData":null}`, []string{}},
		{"missing with OK actions", `{"TreatMissingData":null,"OKActions":["arn:aws:sns:us-east-1:111122223333:x"]}`, []string{"ok-actions-never-run"}},
		{"two windows", `{"EvaluationPeriods":2}`, []string{"burst-does-not-ring"}},
		{"one of three", `{"EvaluationPeriods":3,"DatapointsToAlarm":1}`, []string{"one-of-many"}},
		{"a day", `{"Period":86400}`, []string{"deaf-after-ringing"}},
		{"a quarter of an hour", `{"Period":900}`, []string{}},
		{"no actions", `{"AlarmActions":[]}`, []string{"no-alarm-actions"}},
		{"actions disabled", `{"ActionsEnabled":false}`, []string{"actions-disabled"}},
		{"actions enabled", `{"ActionsEnabled":true}`, []string{}},
		{"a refusal hides the rest", `{"Period":45,"AlarmActions":[]}`, []string{"refused"}},
		{"several refusals", `{"Threshold":null,"MetricName":null,"DatapointsToAlarm":0}`, []string{"refused", "refused", "refused"}},
		{"windows over more than a week", `{"Period":3600,"EvaluationPeriods":200}`, []string{"refused"}},
		{"no ARN", `{"AlarmActions":["me@example.com"]}`, []string{"refused"}},
		{"six actions", `{"OKActions":["arn:aws:sns:r:1:a","arn:aws:sns:r:1:b","arn:aws:sns:r:1:c","arn:aws:sns:r:1:d","arn:aws:sns:r:1:e","arn:aws:sns:r:1:f"]}`, []string{"refused"}},
		{"no name", `{"AlarmName":""}`, []string{"refused"}},
		{"metric math", `{"Metrics":[{"Id":"e1"}]}`, []string{"unsupported"}},
		{"band", `{"ThresholdMetricId":"ad1"}`, []string{"unsupported"}},
		{"composite", `{"AlarmRule":"ALARM(x)"}`, []string{"unsupported"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := rehearse.Lint(with(t, c.members))
			if got := rules(found); !slices.Equal(got, c.want) {
				t.Errorf("Lint(%s) = %q, want %q", c.members, got, c.want)
			}
			for _, f := range found {
				if f.Consequence == "" || f.Suggestion == "" {
					t.Errorf("Lint(%s) = %+v, want a consequence and a suggestion", c.members, f)
				}
			}
		})
	}
}

func at(t *testing.T, clock string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.DateTime, "2026-03-02 "+clock)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func event(t *testing.T, clock string, value float64) rehearse.Datapoint {
	return rehearse.Datapoint{Time: at(t, clock), Value: value, SampleCount: 1}
}

func TestWarn(t *testing.T) {
	for _, c := range []struct {
		name, members string
		points        []rehearse.Datapoint
		want          []string
	}{
		{"good", `{}`, []rehearse.Datapoint{event(t, "10:03:20", 1)}, []string{}},
		{"nobody told", `{"AlarmActions":[]}`, []rehearse.Datapoint{event(t, "10:03:20", 1)}, []string{"nobody-told"}},
		{"threshold too high", `{"Threshold":5}`, []rehearse.Datapoint{event(t, "10:03:20", 4)}, []string{"never-rings"}},
		{"Average of ones", `{"Threshold":2,"Statistic":"Average"}`, []rehearse.Datapoint{event(t, "10:03:20", 1), event(t, "10:03:21", 1)}, []string{"never-rings"}},
		{"never below 0", `{"Threshold":0,"ComparisonOperator":"LessThanThreshold","TreatMissingData":"missing"}`, []rehearse.Datapoint{event(t, "10:03:20", 1)}, []string{"unreachable-threshold"}},
		{"flapping", `{"Threshold":5}`, []rehearse.Datapoint{event(t, "10:01:10", 2), event(t, "10:05:50", 3)}, []string{"flapping"}},
		{"swallowed", `{"Period":3600}`, []rehearse.Datapoint{event(t, "10:01:10", 1), event(t, "12:00:50", 1)}, []string{"deaf-after-ringing"}},
		{"held", `{"TreatMissingData":"ignore"}`, []rehearse.Datapoint{event(t, "10:01:10", 1)}, []string{"held-without-data"}},
		{"rings on silence", `{"TreatMissingData":"breaching","Threshold":2}`, []rehearse.Datapoint{event(t, "10:01:10", 1)}, []string{"rings-on-silence"}},
		{"hidden silence", `{"ComparisonOperator":"LessThanThreshold"}`, []rehearse.Datapoint{event(t, "10:01:10", 0)}, []string{"hidden-silence"}},
		{"a burst that does not ring", `{"EvaluationPeriods":2,"TreatMissingData":"ignore","Period":900}`, []rehearse.Datapoint{event(t, "10:01:10", 9)}, []string{"never-rings", "withheld"}},
		{"coarse", `{}`, []rehearse.Datapoint{event(t, "10:00:00", 1), event(t, "10:05:00", 1), event(t, "10:10:00", 1)}, []string{"coarse-data"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := with(t, c.members)
			timeline, err := rehearse.Simulate(a, c.points, rehearse.Options{Second: 17})
			if err != nil {
				t.Fatal(err)
			}
			if got := rules(rehearse.Warn(a, c.points, timeline)); !slices.Equal(got, c.want) {
				t.Errorf("Warn(%s) = %q, want %q; changes %+v", c.members, got, c.want, timeline.Changes)
			}
		})
	}
}

// By evaluation at once the alarm rings with the event, once, and returns as it
// does on AWS.
func TestSimulateAtOnce(t *testing.T) {
	points := []rehearse.Datapoint{event(t, "10:03:20", 1), event(t, "10:03:50", 1)}
	timeline, err := rehearse.Simulate(with(t, `{}`), points, rehearse.Options{Second: 40, AtOnce: true, Initial: alarmeval.OK})
	if err != nil {
		t.Fatal(err)
	}
	want := []rehearse.Ring{{At: at(t, "10:03:20"), Until: at(t, "10:19:40"), To: alarmeval.OK}}
	if got := timeline.Rings(); !slices.Equal(got, want) {
		t.Errorf("Simulate(at once).Rings() = %v, want %v", got, want)
	}
}

func TestSimulateStatistics(t *testing.T) {
	points := []rehearse.Datapoint{
		{Time: at(t, "10:00:10"), Value: 2, SampleCount: 1}, {Time: at(t, "10:00:40"), Value: 6, SampleCount: 3},
	}
	for statistic, want := range map[string]string{"Sum": "8.0", "Average": "5.0", "Minimum": "2.0", "Maximum": "6.0", "SampleCount": "4.0"} {
		timeline, err := rehearse.Simulate(with(t, `{"Period":60,"Statistic":"`+statistic+`"}`), points, rehearse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		reason := "Threshold Crossed: 1 datapoint [" + want + " (02/03/26 10:00:00)] was greater than or equal to the threshold (1.0)."
		if i := len(timeline.Changes); i < 2 || timeline.Changes[1].Reason != reason {
			t.Errorf("Simulate(%s).Changes = %+v, want one with %q", statistic, timeline.Changes, reason)
		}
	}
}

func TestSimulateRefuses(t *testing.T) {
	two := []rehearse.Datapoint{event(t, "10:00:10", 1), event(t, "10:00:20", 1)}
	if _, err := rehearse.Simulate(with(t, `{"Statistic":null,"ExtendedStatistic":"p99"}`), two, rehearse.Options{}); !errors.Is(err, rehearse.ErrPercentile) {
		t.Errorf("Simulate(p99 of two datapoints) = %v, want %v", err, rehearse.ErrPercentile)
	}
	var invalid *alarmeval.Error
	if _, err := rehearse.Simulate(with(t, `{"Period":45}`), two, rehearse.Options{}); !errors.As(err, &invalid) {
		t.Errorf("Simulate(period 45) = %v, want an *alarmeval.Error", err)
	}
	for name, o := range map[string]rehearse.Options{
		"too long": {End: at(t, "10:00:00").AddDate(1, 0, 0)}, "backwards": {End: at(t, "09:00:00")},
	} {
		if _, err := rehearse.Simulate(with(t, `{}`), two, o); err == nil {
			t.Errorf("Simulate(%s) = nil, want an error", name)
		}
	}
	if _, err := rehearse.Simulate(with(t, `{}`), nil, rehearse.Options{}); err == nil {
		t.Error("Simulate(no data) = nil, want an error")
	}
}
