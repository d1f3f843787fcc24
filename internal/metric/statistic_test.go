package metric_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/metric"
)

// oneToTen holds the values 1 to 10, each once.
func oneToTen() metric.Bucket {
	return bucket(ten, "None", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
}

func TestStatistics(t *testing.T) {
	for text, want := range map[string]float64{
		"SampleCount": 10, "Sum": 55, "Average": 5.5, "Minimum": 1, "Maximum": 10,
		"p50": 5, "p90": 9, "p90.5": 10, "p0": 1, "p100": 10, "p10": 1, "p10.1": 2,
		"tm90": 5, "TM(10%:90%)": 5.5, "TM(:50%)": 3, "TM(50%:)": 8, "TM(2:5)": 4, "TM(:5)": 3, "TM(8:)": 9.5,
		"TM(25%:75%)": 5.5, "IQM": 5.5, "TM(0%:5%)": 1,
		"tc90": 9, "TC(3:6)": 3, "TC(80%:)": 2, "TC(20:30)": 0,
		"ts90": 45, "TS(80%:)": 19, "TS(:3)": 6,
		"PR(:3)": 30, "PR(3:6)": 30, "PR(9:)": 10, "PR(0.5:100.5)": 100,
		"wm90": 5.4, "WM(20%:80%)": 5.3, "WM(3:8)": 5.5,
	} {
		s, err := metric.ParseStatistic(text)
		if err != nil {
			t.Errorf("ParseStatistic(%s): %v", text, err)
			continue
		}
		if got, ok := s.Of(oneToTen()); !ok || math.Abs(got-want) > 1e-12 || s.String() != text {
			t.Errorf("%s of 1 to 10 = %v, %v, want %v", text, got, ok, want)
		}
	}
}

func TestStatisticErrors(t *testing.T) {
	for _, text := range []string{"", "sum", "p", "p101", "p-1", "p5x", "P50", "tm", "TM", "TM()", "TM(:)", "TM(5:5)", "TM(6:5)", "TM(10%:90)", "TM(:101%)",
		"PR(10%:20%)", "PR(:)", "IQM(1:2)", "XX(1:2)", "TM(a:b)", "TM(NaN:)", "TM(1e3:)", "TM(1:2:3)", "p1.12345678901", "pr5"} {
		_, err := metric.ParseStatistic(text)
		var e *metric.StatisticError
		if !errors.As(err, &e) || e.Text != text {
			t.Errorf("ParseStatistic(%q) error = %v, want a *StatisticError", text, err)
		}
	}
}

func TestNoStatistic(t *testing.T) {
	negative := bucket(ten, "None", 1, -1)
	partly := bucket(ten, "None", 1, 2)
	partly.Set.Add(metric.StatisticSet{SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2})
	fractions := metric.Bucket{Start: ten, Length: time.Minute, Set: metric.StatisticSet{SampleCount: 0.3, Sum: 0.3, Minimum: 1, Maximum: 1},
		Values: []metric.ValueCount{{Value: 1, Count: 0.1 + 0.2}}}
	for _, tt := range []struct {
		name, statistic string
		window          metric.Bucket
		want            bool
	}{
		{"sum of nothing", "Sum", metric.Bucket{}, false},
		{"percentile of nothing", "p50", metric.Bucket{}, false},
		{"sum of negative values", "Sum", negative, true},
		{"percentile of negative values", "p50", negative, false},
		{"percentile where some values are unknown", "p50", partly, false},
		{"average where some values are unknown", "Average", partly, true},
		{"percentile of fractions of samples", "p50", fractions, true},
		{"mean of no value", "TM(100:)", oneToTen(), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := metric.ParseStatistic(tt.statistic)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := s.Of(tt.window); ok != tt.want {
				t.Errorf("%s of %v = %v, %v, want %v", tt.statistic, tt.window, got, ok, tt.want)
			}
		})
	}
	if got, ok := (metric.Statistic{}).Of(oneToTen()); ok {
		t.Errorf("no statistic = %v, want nothing", got)
	}
}

// FuzzParseStatistic checks that what parses also computes, to a finite number.
func FuzzParseStatistic(f *testing.F) {
	for _, seed := range []string{"Sum", "p99.9", "tm90", "TM(10%:90%)", "WM(:5)", "PR(1:)", "IQM", "TC(0.1:0.2)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := metric.ParseStatistic(text)
		if err != nil {
			return
		}
		if v, ok := s.Of(oneToTen()); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%s of 1 to 10 = %v, want a number", text, v)
		}
	})
}
