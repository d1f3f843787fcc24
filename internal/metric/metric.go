// Package metric is the fourth station of the chain: datapoints in, statistics
// out. A Series is what CloudWatch calls a metric (namespace, name and exact
// dimension set, per account and region); its data are kept as statistic sets
// per minute (per second for high resolution) and unit.
package metric

import (
	"sort"
	"strconv"
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
// maps and tables index by. Every part is preceded by its length, because
// dimension values come out of log events and may hold any separator.
func (k Key) ID() string {
	var b strings.Builder
	for _, part := range []string{k.Namespace, k.Name} {
		writePart(&b, part)
	}
	for _, d := range k.Dimensions {
		writePart(&b, d.Name)
		writePart(&b, d.Value)
	}
	return b.String()
}

func writePart(b *strings.Builder, part string) {
	b.WriteString(strconv.Itoa(len(part)))
	b.WriteByte(':')
	b.WriteString(part)
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
// Values holds the raw values when they are known. It may stay empty for a
// single sample and for sets with Minimum = Maximum, whose values follow from
// Set; other sets without Values have no percentiles.
type Datum struct {
	Key        Key
	Timestamp  time.Time
	Unit       string        // "None" when not given
	Resolution time.Duration // time.Minute, or time.Second for high resolution
	Set        StatisticSet
	Values     []ValueCount
}
