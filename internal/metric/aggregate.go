package metric

import (
	"cmp"
	"slices"
	"time"
)

// Aggregate merges data of the same key, unit, resolution and start, so that a
// batch of a thousand matching events becomes one write. Timestamps are cut to
// the resolution (a minute for data that give none), Values are distinct and
// ascending, an empty unit becomes NoUnit, and data without samples are dropped.
func Aggregate(data []Datum) []Datum {
	type group struct {
		id, unit   string
		resolution time.Duration
		start      int64
	}
	var merged []Datum
	at := map[group]int{}
	for _, d := range data {
		if d.Set.SampleCount == 0 {
			continue
		}
		d = d.normal()
		g := group{d.Key.ID(), d.Unit, d.Resolution, d.Timestamp.UnixMilli()}
		i, seen := at[g]
		if !seen {
			i = len(merged)
			at[g] = i
			merged = append(merged, Datum{Key: d.Key, Timestamp: d.Timestamp, Unit: d.Unit, Resolution: d.Resolution})
		}
		merged[i].Set.Add(d.Set)
		merged[i].Values = d.appendKnown(merged[i].Values)
	}
	for i := range merged {
		merged[i].Values = distinct(merged[i].Values)
	}
	return merged
}

func (d Datum) normal() Datum {
	if d.Unit == "" {
		d.Unit = NoUnit
	}
	if d.Resolution <= 0 {
		d.Resolution = time.Minute
	}
	d.Timestamp = CutTime(d.Timestamp, d.Resolution)
	return d
}

// appendKnown appends the raw values of d, as far as they are known.
func (d Datum) appendKnown(values []ValueCount) []ValueCount {
	switch {
	case len(d.Values) > 0:
		return append(values, d.Values...)
	case d.Set.SampleCount == 1:
		return append(values, ValueCount{d.Set.Sum, 1})
	case d.Set.Minimum == d.Set.Maximum:
		return append(values, ValueCount{d.Set.Minimum, d.Set.SampleCount})
	}
	return values
}

// CutTime is the start of the step that t lies in, counted from the Unix epoch
// in UTC (time.Truncate counts from the year 1, which differs for weeks).
func CutTime(t time.Time, step time.Duration) time.Time {
	ms, size := t.UnixMilli(), step.Milliseconds()
	rest := ms % size
	if rest < 0 {
		rest += size
	}
	return time.UnixMilli(ms - rest).UTC()
}

// distinct sorts values in place and adds up the counts of equal ones.
func distinct(values []ValueCount) []ValueCount {
	slices.SortFunc(values, func(a, b ValueCount) int { return cmp.Compare(a.Value, b.Value) })
	kept := values[:0]
	for _, v := range values {
		if n := len(kept); n > 0 && kept[n-1].Value == v.Value {
			kept[n-1].Count += v.Count
			continue
		}
		kept = append(kept, v)
	}
	return kept
}
