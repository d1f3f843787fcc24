package metric

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Statistic turns a window's samples into one number. Parse it with
// ParseStatistic; the zero value is no statistic and answers nothing.
type Statistic struct {
	name string
	of   func(Bucket) (float64, bool)
	raw  bool // needs raw values
}

// StatisticError says that a text names no statistic.
type StatisticError struct{ Text string }

func (e *StatisticError) Error() string { return fmt.Sprintf("%q is not a statistic", e.Text) }

// String is the statistic's name as it was given.
func (s Statistic) String() string { return s.name }

// NeedsValues tells whether the statistic is computed from raw values.
func (s Statistic) NeedsValues() bool { return s.raw }

// Of is the statistic of a window. It is false where the window has none:
// without samples, and for the percentile family also where the values do not
// cover all samples or one of them is negative.
func (s Statistic) Of(w Bucket) (float64, bool) {
	if s.of == nil || w.Set.SampleCount == 0 || s.raw && !w.hasDistribution() {
		return 0, false
	}
	return s.of(w)
}

// ParseStatistic reads one of the five basic statistics or an extended one:
//
//	p99 p99.9          percentile
//	tm90 TM(10%:90%)   mean, tc count and ts sum of the values in a range
//	IQM                tm of the middle half
//	wm98 WM(10%:90%)   mean with the outer values moved to the bounds
//	PR(100:2000)       percentage of samples in a range of values
//
// A range's bounds are percentiles with a % sign, or values, of which the lower
// is excluded and the upper included; one bound may be left out. tm90 is short
// for TM(:90%). The error is a *StatisticError.
func ParseStatistic(text string) (Statistic, error) {
	if of := basic(text); of != nil {
		return Statistic{name: text, of: of}, nil
	}
	of, ok := parseExtended(text)
	if !ok {
		return Statistic{}, &StatisticError{Text: text}
	}
	return Statistic{name: text, of: of, raw: true}, nil
}

// IsBasic tells whether text is one of the five statistics that need no raw values.
func IsBasic(text string) bool { return basic(text) != nil }

func basic(name string) func(Bucket) (float64, bool) {
	switch name {
	case "SampleCount":
		return func(w Bucket) (float64, bool) { return w.Set.SampleCount, true }
	case "Sum":
		return func(w Bucket) (float64, bool) { return w.Set.Sum, true }
	case "Average":
		return func(w Bucket) (float64, bool) { return w.Set.Sum / w.Set.SampleCount, true }
	case "Minimum":
		return func(w Bucket) (float64, bool) { return w.Set.Minimum, true }
	case "Maximum":
		return func(w Bucket) (float64, bool) { return w.Set.Maximum, true }
	}
	return nil
}

var (
	shortForm = regexp.MustCompile(`^(p|tm|tc|ts|wm)(\d{1,3}(?:\.\d{1,10})?)$`)
	rangeForm = regexp.MustCompile(`^(TM|TC|TS|WM|PR)\(([^:()]*):([^:()]*)\)$`)
)

func parseExtended(text string) (func(Bucket) (float64, bool), bool) {
	if text == "IQM" {
		return bounds{low: 25, high: 75, hasLow: true, hasHigh: true, percent: true}.statistic("TM"), true
	}
	if m := shortForm.FindStringSubmatch(text); m != nil {
		p, err := strconv.ParseFloat(m[2], 64)
		if err != nil || p > 100 {
			return nil, false
		}
		if m[1] == "p" {
			return func(w Bucket) (float64, bool) { return w.percentile(p), true }, true
		}
		return bounds{high: p, hasHigh: true, percent: true}.statistic(strings.ToUpper(m[1])), true
	}
	if m := rangeForm.FindStringSubmatch(text); m != nil {
		b, ok := parseBounds(m[2], m[3])
		return b.statistic(m[1]), ok && (m[1] != "PR" || !b.percent)
	}
	return nil, false
}
