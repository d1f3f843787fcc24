package alarmeval_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

var end = time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC)

// picture reads AWS's notation for the windows of a range, oldest first:
// "0 - X" is a point that does not breach, a hole, and one that does (here:
// above 10).
func picture(a alarmeval.Alarm, text string, end time.Time) []alarmeval.Point {
	var points []alarmeval.Point
	windows := a.Windows(end)
	for i, mark := range strings.Fields(text) {
		if mark == "-" {
			continue
		}
		value := map[string]float64{"0": 3, "X": 12}[mark]
		points = append(points, alarmeval.Point{Start: windows[i].Start, Value: value, SampleCount: 1, Minimum: value})
	}
	return points
}

func above10(n, m int, treat string) alarmeval.Alarm {
	return alarmeval.Alarm{
		Statistic: "Average", Period: 5 * time.Minute, EvaluationPeriods: n, DatapointsToAlarm: m,
		Threshold: 10, ComparisonOperator: alarmeval.GreaterThanThreshold, TreatMissingData: treat,
	}
}

// TestEvaluateMissingData is the two tables of the user guide, row by row.
func TestEvaluateMissingData(t *testing.T) {
	const ok, alarm, insufficient, keep = "OK", "ALARM", "INSUFFICIENT_DATA", "keep"
	for _, row := range []struct {
		windows                                string
		m                                      int
		missing, ignore, breaching, notBreachg string
	}{
		{"0 - X - X", 3, ok, ok, ok, ok},
		{"0 - - - -", 3, ok, ok, ok, ok},
		{"- - - - -", 3, insufficient, keep, alarm, ok},
		{"0 X X - X", 3, alarm, alarm, alarm, alarm},
		{"- - X - -", 3, alarm, keep, alarm, ok},
		{"0 - X - X", 2, alarm, alarm, alarm, alarm},
		{"0 0 X 0 X", 2, alarm, alarm, alarm, alarm},
		{"0 - X - -", 2, ok, ok, alarm, ok},
		{"- - - - 0", 2, ok, ok, alarm, ok},
		{"- - - X -", 2, alarm, keep, alarm, ok},
		{"- - - - X", 2, insufficient, keep, alarm, ok}, // premature
	} {
		for treat, want := range map[string]string{
			alarmeval.Missing: row.missing, alarmeval.Ignore: row.ignore,
			alarmeval.Breaching: row.breaching, alarmeval.NotBreaching: row.notBreachg,
		} {
			for _, previous := range []alarmeval.State{alarmeval.OK, alarmeval.InAlarm, alarmeval.InsufficientData} {
				a := above10(3, row.m, treat)
				got := alarmeval.Evaluate(a, picture(a, row.windows, end), previous, end.Add(time.Second))
				if got.Kept != (want == keep) || !got.Kept && string(got.State) != want || got.Kept && got.State != previous {
					t.Errorf("Evaluate(%s, %d of 3, %s, previous %s) = %s (kept %v), want %s",
						row.windows, row.m, treat, previous, got.State, got.Kept, want)
				}
			}
		}
	}
}

func TestEvaluatePassesOverOtherPoints(t *testing.T) {
	a := above10(1, 0, "")
	got := alarmeval.Evaluate(a, []alarmeval.Point{
		{Start: end.Add(-4 * time.Minute), Value: 12},  // between two windows
		{Start: end, Value: 12},                        // after the range
		{Start: end.Add(-20 * time.Minute), Value: 12}, // before the range
	}, alarmeval.OK, end)
	if got.State != alarmeval.InsufficientData {
		t.Errorf("Evaluate(points outside of the windows) = %s, want INSUFFICIENT_DATA", got.State)
	}
}

func TestEvaluateWithoutPeriodsKeeps(t *testing.T) {
	got := alarmeval.Evaluate(alarmeval.Alarm{}, nil, alarmeval.OK, end)
	if got.State != alarmeval.OK || !got.Kept || got.Reason() != "" || got.Data() != "" {
		t.Errorf("Evaluate(zero alarm) = %s, kept %v, reason %q, want OK kept without a reason", got.State, got.Kept, got.Reason())
	}
	negative := alarmeval.Alarm{Period: time.Minute, EvaluationPeriods: -9}
	if windows := negative.Windows(end); len(windows) != 0 {
		t.Errorf("Windows(-9 periods) = %v, want none", windows)
	}
}

func TestWindows(t *testing.T) {
	now := time.Date(2021, 9, 15, 18, 32, 31, 0, time.UTC)
	for _, c := range []struct {
		name   string
		period time.Duration
		n      int
		count  int
		newest string
		next   string
	}{
		{"five minutes slide by the minute", 5 * time.Minute, 1, 3, "18:27:00", "18:33:00"},
		{"one minute", time.Minute, 1, 6, "18:31:00", "18:33:00"},
		{"two minutes", 2 * time.Minute, 1, 4, "18:30:00", "18:33:00"},
		{"three minutes have two more", 180 * time.Second, 1, 3, "18:29:00", "18:33:00"},
		{"ten seconds", 10 * time.Second, 2, 7, "18:32:20", "18:32:40"},
		{"thirty seconds end at tens", 30 * time.Second, 1, 6, "18:32:00", "18:32:40"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := alarmeval.Alarm{Period: c.period, EvaluationPeriods: c.n}
			windows := a.Windows(a.LastEnd(now))
			newest := windows[len(windows)-1]
			if len(windows) != c.count || newest.Start.Format(time.TimeOnly) != c.newest || newest.End.Sub(newest.Start) != c.period {
				t.Errorf("Windows = %d, newest %v, want %d, newest from %s", len(windows), newest, c.count, c.newest)
			}
			if got := a.NextEnd(now).Format(time.TimeOnly); got != c.next {
				t.Errorf("NextEnd = %s, want %s", got, c.next)
			}
		})
	}
}

func TestLowSamples(t *testing.T) {
	for _, c := range []struct {
		statistic string
		samples   float64
		option    string
		kept      bool
	}{
		{"p99", 999, "ignore", true},
		{"p99", 1000, "ignore", false},
		{"p99.9", 9999, "ignore", true},
		{"p99.9", 10000, "ignore", false},
		{"p90", 100, "ignore", false},
		{"p50", 19, "ignore", true},
		{"p50", 20, "ignore", false},
		{"p10", 99, "ignore", true},
		{"p10", 100, "ignore", false},
		{"p100", 1e9, "ignore", true},
		{"p99", 1, "evaluate", false},
		{"p99", 1, "", false},
		{"tm99", 1, "ignore", false},
	} {
		a := above10(1, 0, "")
		a.Statistic, a.ExtendedStatistic, a.EvaluateLowSampleCountPercentile = "", c.statistic, c.option
		point := alarmeval.Point{Start: end.Add(-5 * time.Minute), Value: 12, SampleCount: c.samples}
		got := alarmeval.Evaluate(a, []alarmeval.Point{point}, alarmeval.OK, end)
		if got.Kept != c.kept {
			t.Errorf("Evaluate(%s of %v samples, %q) kept = %v, want %v", c.statistic, c.samples, c.option, got.Kept, c.kept)
		}
	}
}

func TestEarly(t *testing.T) {
	for _, c := range []struct {
		name     string
		stat, op string
		n, m     int
		windows  string
		minimum  float64 // of the newest window
		want     bool
	}{
		{"a sum rings", "Sum", alarmeval.GreaterThanThreshold, 1, 0, "- - X", 1, true},
		{"a sum with negative samples may fall again", "Sum", alarmeval.GreaterThanThreshold, 1, 0, "- - X", -1, false},
		{"an average may fall again", "Average", alarmeval.GreaterThanThreshold, 1, 0, "- - X", 1, false},
		{"a maximum rings", "Maximum", alarmeval.GreaterThanOrEqualToThreshold, 1, 0, "- - X", -1, true},
		{"a count rings", "SampleCount", alarmeval.GreaterThanThreshold, 1, 0, "- - X", -1, true},
		{"a minimum above may fall again", "Minimum", alarmeval.GreaterThanThreshold, 1, 0, "- - X", 1, false},
		{"a minimum below rings", "Minimum", alarmeval.LessThanThreshold, 1, 0, "- - 0", 1, true},
		{"a sum below may grow", "Sum", alarmeval.LessThanThreshold, 1, 0, "- - 0", 1, false},
		{"an old breach is not news", "Sum", alarmeval.GreaterThanThreshold, 1, 0, "- X -", 1, false},
		{"only alarm counts", "Sum", alarmeval.GreaterThanThreshold, 1, 0, "- - 0", 1, false},
		{"two of three", "Sum", alarmeval.GreaterThanThreshold, 3, 2, "- 0 X 0 X", 1, true},
		{"one of two of three", "Sum", alarmeval.GreaterThanThreshold, 3, 2, "- 0 0 0 X", 1, false},
		{"newest window must breach on its own", "Sum", alarmeval.GreaterThanThreshold, 3, 2, "- X X X 0", 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := above10(c.n, c.m, "")
			a.Statistic, a.ComparisonOperator = c.stat, c.op
			now := end.Add(-20 * time.Second)
			points := picture(a, c.windows, a.NextEnd(now))
			points[len(points)-1].Minimum = c.minimum
			result, got := alarmeval.Early(a, points, alarmeval.OK, now)
			if got != c.want || !result.End.Equal(end) {
				t.Errorf("Early(%s) = %v, %s to %s, want %v to %s", c.windows, got, result.State, result.End, c.want, end)
			}
		})
	}
}
