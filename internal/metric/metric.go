// Package metric is the fourth station of the chain: datapoints in, statistics
// out. A Series is what CloudWatch calls a metric (namespace, name and exact
// dimension set, per account and region); its data are kept as statistic sets
// per minute (per second for high resolution) and unit.
package metric

import (
	"sort"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Dimension is one name/value pair of a metric's identity.
type Dimension struct{ Name, Value string }

// Key is a metric's identity inside a scope. Dimensions are sorted by name;
// NewKey sorts them. Metrics with different dimension sets are different
// metrics: CloudWatch does not aggregate over dimensions of custom metrics.
type Key struct {
	Namespace, Name string
	Dimensions      []Dimension
}

// NewKey returns the identity with its dimensions in canonical order.
func NewKey(namespace, name string, dimensions ...Dimension) Key {
	sorted := append([]Dimension(nil), dimensions...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Name < sorted[j].Name })
	return Key{Namespace: namespace, Name: name, Dimensions: sorted}
}

// Series is a metric in its scope: the unit of storage.
type Series struct {
	Scope arn.Scope
	Key   Key
}

// ID is the key as one text that is equal exactly for equal keys; it is what
// maps and tables index by.
func (k Key) ID() string {
	var b strings.Builder
	b.WriteString(k.Namespace + "\x00" + k.Name)
	for _, d := range k.Dimensions {
		b.WriteString("\x00" + d.Name + "\x00" + d.Value)
	}
	return b.String()
}

// StatisticSet is what is kept of many samples. The zero value is no samples.
type StatisticSet struct {
	SampleCount, Sum, Minimum, Maximum float64
}

// Sample is the set of one value seen count times.
func Sample(value, count float64) StatisticSet {
	return StatisticSet{SampleCount: count, Sum: value * count, Minimum: value, Maximum: value}
}

// Add merges other into s.
func (s *StatisticSet) Add(other StatisticSet) {
	if other.SampleCount == 0 {
		return
	}
	if s.SampleCount == 0 {
		*s = other
		return
	}
	s.SampleCount += other.SampleCount
	s.Sum += other.Sum
	s.Minimum = min(s.Minimum, other.Minimum)
	s.Maximum = max(s.Maximum, other.Maximum)
}

// ValueCount is one distinct value and how often it was seen: what percentiles
// are computed from.
type ValueCount struct{ Value, Count float64 }

// Datum is one contribution to a series: samples of one unit at one time.
// Values holds the raw values when they are known (a single value, a list of
// values, or a statistic set of one sample or with Minimum = Maximum); it is
// empty for other statistic sets, which then have no percentiles.
type Datum struct {
	Key        Key
	Timestamp  time.Time
	Unit       string        // "None" when not given
	Resolution time.Duration // time.Minute, or time.Second for high resolution
	Set        StatisticSet
	Values     []ValueCount
}
