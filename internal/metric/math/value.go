package math

import "math"

// Series is a time series on the steps of an Env: one value a step, NaN where
// there is none.
type Series struct {
	Label  string // of the metric that it came from
	Values []float64
}

// value is a number, a series or an array of series.
type value interface{ kind() string }

type (
	scalar float64
	array  []Series
)

func (scalar) kind() string { return "Scalar" }
func (Series) kind() string { return "TimeSeries" }
func (array) kind() string  { return "Array[TimeSeries]" }

// Missing is what stands where a series has no value.
func Missing() float64 { return math.NaN() }

// IsMissing tells whether v stands for no value.
func IsMissing(v float64) bool { return math.IsNaN(v) }

// finite is v, or missing if it is not a finite number.
func finite(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// mapped applies f to the values that are there.
func (s Series) mapped(f func(float64) float64) Series {
	out := Series{Label: s.Label, Values: make([]float64, len(s.Values))}
	for i, v := range s.Values {
		out.Values[i] = math.NaN()
		if !IsMissing(v) {
			out.Values[i] = finite(f(v))
		}
	}
	return out
}

// joined applies f where at least one series has a value; the other counts as 0 then.
func (s Series) joined(other Series, f func(a, b float64) float64) Series {
	out := Series{Label: s.Label, Values: make([]float64, len(s.Values))}
	for i, a := range s.Values {
		b := other.Values[i]
		out.Values[i] = math.NaN()
		if !IsMissing(a) || !IsMissing(b) {
			out.Values[i] = finite(f(orZero(a), orZero(b)))
		}
	}
	return out
}

func orZero(v float64) float64 {
	if IsMissing(v) {
		return 0
	}
	return v
}

func (s Series) present() []float64 {
	var present []float64
	for _, v := range s.Values {
		if !IsMissing(v) {
			present = append(present, v)
		}
	}
	return present
}

func constant(v float64, length int) Series {
	s := Series{Values: make([]float64, length)}
	for i := range s.Values {
		s.Values[i] = v
	}
	return s
}
