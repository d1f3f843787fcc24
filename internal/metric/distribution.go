package metric

import (
	"math"
	"strconv"
	"strings"
)

// hasDistribution tells whether the raw values cover all samples and none is
// negative: without that CloudWatch has no percentiles. Counts may be
// fractions, hence the tolerance.
func (b Bucket) hasDistribution() bool {
	return b.Set.Minimum >= 0 && math.Abs(b.known()-b.Set.SampleCount) <= 1e-9*b.Set.SampleCount
}

func (b Bucket) known() float64 {
	var known float64
	for _, v := range b.Values {
		known += v.Count
	}
	return known
}

// percentile is the nearest rank: the smallest value that at least p percent
// of the samples do not exceed.
func (b Bucket) percentile(p float64) float64 {
	rank := p / 100 * b.known()
	var seen float64
	for _, v := range b.Values {
		seen += v.Count
		if seen >= rank-1e-9*rank {
			return v.Value
		}
	}
	return b.Set.Maximum
}

// bounds are what TM, TC, TS, WM and PR keep of the samples: percentiles when
// percent, else values with low excluded and high included.
type bounds struct {
	low, high       float64
	hasLow, hasHigh bool
	percent         bool
}

// parseBounds reads the two sides of a range. Both must be of one kind, at
// least one given, and low less than high.
func parseBounds(low, high string) (bounds, bool) {
	var b bounds
	lowPercent, highPercent := strings.HasSuffix(low, "%"), strings.HasSuffix(high, "%")
	b.percent = lowPercent || highPercent
	var okLow, okHigh bool
	b.low, b.hasLow, okLow = parseBound(strings.TrimSuffix(low, "%"), low != "")
	b.high, b.hasHigh, okHigh = parseBound(strings.TrimSuffix(high, "%"), high != "")
	switch {
	case !okLow || !okHigh, !b.hasLow && !b.hasHigh:
		return b, false
	case b.hasLow && b.hasHigh && (lowPercent != highPercent || b.low >= b.high):
		return b, false
	case b.percent && max(b.low, b.high) > 100:
		return b, false
	}
	return b, true
}

func parseBound(text string, given bool) (value float64, has, ok bool) {
	if !given {
		return 0, false, true
	}
	if strings.Trim(text, "0123456789.") != "" {
		return 0, true, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, true, err == nil
}

// statistic is the function of the name over the samples that b keeps.
func (b bounds) statistic(name string) func(Bucket) (float64, bool) {
	switch name {
	case "TM":
		return func(w Bucket) (float64, bool) { return ratio(b.kept(w).Sum, b.kept(w).SampleCount) }
	case "TC":
		return func(w Bucket) (float64, bool) { return b.kept(w).SampleCount, true }
	case "TS":
		return func(w Bucket) (float64, bool) { return b.kept(w).Sum, true }
	case "PR":
		return func(w Bucket) (float64, bool) { return ratio(100*b.kept(w).SampleCount, w.Set.SampleCount) }
	default:
		return b.winsorizedMean
	}
}

func ratio(a, b float64) (float64, bool) { return a / b, b != 0 }

// kept are the samples inside the bounds. Percentile bounds cut by mass: of the
// value that a bound falls into, the part inside counts.
func (b bounds) kept(w Bucket) StatisticSet {
	var kept StatisticSet
	from, to := b.mass(w)
	var seen float64
	for _, v := range w.Values {
		count := v.Count
		if b.percent {
			count = min(seen+v.Count, to) - max(seen, from)
		} else if b.hasLow && v.Value <= b.low || b.hasHigh && v.Value > b.high {
			count = 0
		}
		seen += v.Count
		if count > 0 {
			kept.Add(Sample(v.Value, count))
		}
	}
	return kept
}

func (b bounds) mass(w Bucket) (from, to float64) {
	total := w.known()
	to = total
	if b.hasLow {
		from = b.low / 100 * total
	}
	if b.hasHigh {
		to = b.high / 100 * total
	}
	return from, to
}

// winsorizedMean counts values outside the bounds as the bounds.
func (b bounds) winsorizedMean(w Bucket) (float64, bool) {
	low, high := b.values(w)
	var all StatisticSet
	for _, v := range w.Values {
		all.Add(Sample(min(max(v.Value, low), high), v.Count))
	}
	return ratio(all.Sum, all.SampleCount)
}

// values are the bounds as values.
func (b bounds) values(w Bucket) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if b.hasLow {
		low = b.low
	}
	if b.hasHigh {
		high = b.high
	}
	if b.percent && b.hasLow {
		low = w.percentile(b.low)
	}
	if b.percent && b.hasHigh {
		high = w.percentile(b.high)
	}
	return low, high
}
