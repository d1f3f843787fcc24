package alarmeval

import (
	"math/big"
	"strings"
)

// lowSample is true if the alarm wants to ignore percentiles of few samples and
// one of the points it would rest on is such.
func (a Alarm) lowSample(points []Point) bool {
	if a.EvaluateLowSampleCountPercentile != "ignore" {
		return false
	}
	percentile, ok := parsePercentile(a.ExtendedStatistic)
	if !ok {
		return false
	}
	for _, p := range points {
		if fewSamples(p.SampleCount, percentile) {
			return true
		}
	}
	return false
}

// parsePercentile reads "p99.9" as the exact number 99.9: in binary floating
// point 1-0.999 is not 0.001, and the limits of fewSamples would be off by one.
func parsePercentile(statistic string) (*big.Rat, bool) {
	digits, ok := strings.CutPrefix(statistic, "p")
	if !ok || !isDecimal(digits) {
		return nil, false
	}
	return new(big.Rat).SetString(digits)
}

// fewSamples is AWS's rule: fewer than 10/(1-p) samples from p50 up, fewer than
// 10/p below. Here p is in percent, and the division is multiplied out.
func fewSamples(count float64, percentile *big.Rat) bool {
	tail := percentile
	if percentile.Cmp(big.NewRat(50, 1)) >= 0 {
		tail = new(big.Rat).Sub(big.NewRat(100, 1), percentile)
	}
	samples := new(big.Rat).SetFloat64(count)
	return samples != nil && samples.Mul(samples, tail).Cmp(big.NewRat(1000, 1)) < 0
}
