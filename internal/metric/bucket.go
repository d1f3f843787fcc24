package metric

import (
	"slices"
	"time"
)

// NoUnit is the unit of data that were given none. It is a unit like any
// other: data of different units are never added up.
const NoUnit = "None"

// Bucket is what is known of one unit's samples in [Start, Start+Length): a
// stored minute, or a window that was put together from stored minutes.
type Bucket struct {
	Start  time.Time
	Length time.Duration
	Unit   string
	Set    StatisticSet
	// Values are the distinct values in ascending order. They were all known
	// when their counts add up to Set.SampleCount; else there are no percentiles.
	Values []ValueCount
}

// Cut puts buckets together into windows that begin at start and step by
// period up to, not including, end. Windows need not be aligned to anything:
// those of an alarm slide by the minute. A bucket belongs to the window that
// its start lies in; one that is longer than the period is left out, for its
// samples cannot be told apart. Windows without samples are not returned; the
// others are in order of time. The unit of a window is that of its first bucket.
func Cut(buckets []Bucket, start, end time.Time, period time.Duration) []Bucket {
	if period <= 0 {
		return nil
	}
	windows := map[time.Duration]*Bucket{}
	for _, b := range buckets {
		if b.Start.Before(start) || !b.Start.Before(end) || b.Length > period || b.Set.SampleCount == 0 {
			continue
		}
		offset := b.Start.Sub(start).Truncate(period)
		if windows[offset] == nil {
			windows[offset] = &Bucket{Start: start.Add(offset), Length: period, Unit: b.Unit}
		}
		windows[offset].merge(b)
	}
	cut := make([]Bucket, 0, len(windows))
	for _, w := range windows {
		w.Values = distinct(w.Values)
		cut = append(cut, *w)
	}
	slices.SortFunc(cut, func(a, b Bucket) int { return a.Start.Compare(b.Start) })
	return cut
}

func (b *Bucket) merge(other Bucket) {
	b.Set.Add(other.Set)
	b.Values = append(b.Values, other.Values...)
}

// ByUnit splits buckets by their unit.
func ByUnit(buckets []Bucket) map[string][]Bucket {
	units := map[string][]Bucket{}
	for _, b := range buckets {
		units[b.Unit] = append(units[b.Unit], b)
	}
	return units
}

// Busiest is the unit with the most samples; of equals, the first by name. It
// is how a reader who names no unit gets one stream: AWS leaves the choice
// undefined. Without buckets it is NoUnit.
func Busiest(units map[string][]Bucket) string {
	busiest, most := NoUnit, 0.0
	for unit, buckets := range units {
		samples := 0.0
		for _, b := range buckets {
			samples += b.Set.SampleCount
		}
		if samples > most || samples == most && unit < busiest {
			busiest, most = unit, samples
		}
	}
	return busiest
}
