package alarmeval_test

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

func TestFormatDouble(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  string
	}{
		{0, "0.0"}, {math.Copysign(0, -1), "-0.0"}, {3, "3.0"}, {-3, "-3.0"}, {0.001, "0.001"}, {0.0004, "4.0E-4"},
		{9999999, "9999999.0"}, {1e7, "1.0E7"}, {860604416, "8.60604416E8"}, {1e9, "1.0E9"}, {1e-10, "1.0E-10"},
		{99.50160229693434, "99.50160229693434"}, {-12345678, "-1.2345678E7"}, {math.MaxFloat64, "1.7976931348623157E308"},
		{math.Inf(1), "Infinity"}, {math.Inf(-1), "-Infinity"}, {math.NaN(), "NaN"},
	} {
		if got := alarmeval.FormatDouble(c.value); got != c.want {
			t.Errorf("FormatDouble(%v) = %s, want %s", c.value, got, c.want)
		}
	}
}

func FuzzFormatDouble(f *testing.F) {
	for _, seed := range []float64{0, 1, -1, 0.001, 1e7, 9999999.999, 4e-4, 1e300} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value float64) {
		if math.IsNaN(value) {
			return
		}
		text := alarmeval.FormatDouble(value)
		if back, err := strconv.ParseFloat(text, 64); err != nil || back != value {
			t.Errorf("FormatDouble(%v) = %s, which reads as %v, %v", value, text, back, err)
		}
	})
}

func TestReason(t *testing.T) {
	for _, c := range []struct {
		name    string
		n, m    int
		treat   string
		windows string
		want    string
	}{
		{"filled, singular", 2, 1, "notBreaching", "- - - X",
			"Threshold Crossed: 1 out of the last 2 datapoints [12.0 (02/03/26 10:10:00)] was greater than the threshold (10.0) " +
				"and 1 missing datapoint was treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition)."},
		{"trailing list with filled windows", 7, 5, "notBreaching", "- - - - X X X X X",
			"Threshold Crossed: 5 out of the last 7 datapoints were greater than the threshold (10.0) and 2 missing datapoints were treated as [NonBreaching]. " +
				"The most recent datapoints which crossed the threshold: [12.0 (02/03/26 10:10:00), 12.0 (02/03/26 10:05:00), 12.0 (02/03/26 10:00:00), " +
				"12.0 (02/03/26 09:55:00), 12.0 (02/03/26 09:50:00)] (minimum 5 datapoints for OK -> ALARM transition)."},
		{"recovery clause", 3, 2, "", "- - 0 0 X",
			"Threshold Crossed: 2 out of the last 3 datapoints [3.0 (02/03/26 10:05:00), 3.0 (02/03/26 10:00:00)] were not greater than the threshold (10.0) " +
				"(minimum 2 datapoints for ALARM -> OK transition)."},
		{"no point supports", 2, 1, "breaching", "- - - 0",
			"Threshold Crossed: 1 datapoint was received for 2 periods and 1 missing datapoint was treated as [Breaching]."},
		{"premature", 3, 3, "missing", "- - - - X", "Insufficient Data: 3 datapoints were unknown."},
		{"one unknown", 1, 0, "", "- - -", "Insufficient Data: 1 datapoint was unknown."},
		{"kept", 1, 0, "ignore", "- - -", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := above10(c.n, c.m, c.treat)
			if got := alarmeval.Evaluate(a, picture(a, c.windows, end), alarmeval.OK, end).Reason(); got != c.want {
				t.Errorf("Reason =\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestData(t *testing.T) {
	a := above10(3, 0, "missing")
	got := alarmeval.Evaluate(a, picture(a, "- X - 0 -", end), alarmeval.OK, end.Add(1123*time.Millisecond)).Data()
	want := `{"version":"1.0","queryDate":"2026-03-02T10:15:01.123+0000","startDate":"2026-03-02T09:55:00.000+0000","statistic":"Average","period":300,` +
		`"recentDatapoints":[12.0,3.0],"threshold":10.0,"evaluatedDatapoints":[{"timestamp":"2026-03-02T10:10:00.000+0000"},` +
		`{"timestamp":"2026-03-02T10:05:00.000+0000","sampleCount":1.0,"value":3.0},{"timestamp":"2026-03-02T09:55:00.000+0000","sampleCount":1.0,"value":12.0}]}`
	if got != want {
		t.Errorf("Data =\n%s\nwant\n%s", got, want)
	}
}

func TestDataStaysWithinLimit(t *testing.T) {
	a := above10(1000, 0, "")
	a.Period = time.Minute
	marks := strings.Repeat("X ", alarmeval.Range(a))
	got := alarmeval.Evaluate(a, picture(a, marks, end), alarmeval.OK, end).Data()
	var data struct {
		EvaluatedDatapoints []struct{ Timestamp string }
	}
	if err := json.Unmarshal([]byte(got), &data); err != nil || len(got) > 4000 || len(data.EvaluatedDatapoints) < 30 {
		t.Fatalf("Data: %d characters, %d datapoints, %v, want at most 4000 with as many as fit", len(got), len(data.EvaluatedDatapoints), err)
	}
	if newest := data.EvaluatedDatapoints[0].Timestamp; newest != "2026-03-02T10:14:00.000+0000" {
		t.Errorf("first datapoint = %s, want the newest", newest)
	}
}

// FuzzEvaluate holds what is true of every evaluation.
func FuzzEvaluate(f *testing.F) {
	f.Add(3, 2, 300, "missing", "0-X-X", 10.0)
	f.Add(1, 0, 60, "breaching", "------", 1e9)
	f.Add(5, 5, 10, "ignore", "XXXX-XXXX0", -4e-4)
	f.Add(0, -1, -60, "", "", 0.0)
	f.Fuzz(func(t *testing.T, n, m, seconds int, treat, marks string, threshold float64) {
		a := above10(n, m, treat)
		a.Period, a.Threshold = time.Duration(seconds)*time.Second, threshold
		if n > 100 || a.Validate() != nil {
			return
		}
		var points []alarmeval.Point
		for i, w := range a.Windows(a.LastEnd(end)) {
			if i < len(marks) && marks[i] != '-' {
				points = append(points, alarmeval.Point{Start: w.Start, Value: float64(marks[i]), SampleCount: 1})
			}
		}
		got := alarmeval.Evaluate(a, points, alarmeval.OK, end)
		if got.Kept {
			return
		}
		if got.Reason() == "" || len(got.Reason()) > 1023 || len(got.Data()) > 4000 || !json.Valid([]byte(got.Data())) {
			t.Errorf("Evaluate(%+v, %q): reason %q, data %s", a, marks, got.Reason(), got.Data())
		}
		if len(got.Used) > n || len(got.Supporting) > len(got.Used) {
			t.Errorf("Evaluate(%+v, %q): %d used, %d supporting, want at most %d", a, marks, len(got.Used), len(got.Supporting), n)
		}
	})
}
