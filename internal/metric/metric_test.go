package metric_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

var ten = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return ten.Add(time.Duration(n) * time.Minute) }

func TestKeyID(t *testing.T) {
	dim := func(name, value string) metric.Dimension { return metric.Dimension{Name: name, Value: value} }
	base := metric.NewKey("N", "m", dim("a", "1"), dim("b", "2"))
	if same := metric.NewKey("N", "m", dim("b", "2"), dim("a", "1")); same.ID() != base.ID() {
		t.Errorf("ID() = %q and %q for dimensions in two orders, want the same", same.ID(), base.ID())
	}
	for name, other := range map[string]metric.Key{
		"namespace": metric.NewKey("M", "m", dim("a", "1"), dim("b", "2")),
		"fewer":     metric.NewKey("N", "m", dim("a", "1")),
		"hostile":   metric.NewKey("N", "m", dim("a", "11:b1:2")),
		"zeros":     metric.NewKey("N", "m", dim("a", "1\x00b\x002")),
	} {
		if other.ID() == base.ID() {
			t.Errorf("ID() of %s key = %q, want another than the base's", name, other.ID())
		}
	}
}

func TestAggregate(t *testing.T) {
	key, other := metric.NewKey("N", "m"), metric.NewKey("N", "o")
	got := metric.Aggregate([]metric.Datum{
		{Key: key, Timestamp: ten.Add(time.Second), Set: metric.Sample(2, 1)},
		{Key: other, Timestamp: ten, Unit: "Bytes", Resolution: time.Second, Set: metric.Sample(1, 1)},
		{Key: key, Timestamp: ten.Add(59 * time.Second), Unit: "None", Resolution: time.Minute, Set: metric.Sample(1, 3)},
		{Key: key, Timestamp: ten.Add(time.Minute), Set: metric.Sample(9, 1)},
		{Key: key, Timestamp: ten, Set: metric.Sample(2, 1), Values: []metric.ValueCount{{Value: 2, Count: 1}}},
		{Key: key, Timestamp: ten, Set: metric.StatisticSet{SampleCount: 2, Sum: 7, Minimum: 3, Maximum: 4}},
		{Key: key, Timestamp: ten},
	})
	want := []metric.Datum{
		{Key: key, Timestamp: ten, Unit: "None", Resolution: time.Minute, Set: metric.StatisticSet{SampleCount: 7, Sum: 14, Minimum: 1, Maximum: 4},
			Values: []metric.ValueCount{{Value: 1, Count: 3}, {Value: 2, Count: 2}}},
		{Key: other, Timestamp: ten, Unit: "Bytes", Resolution: time.Second, Set: metric.Sample(1, 1), Values: []metric.ValueCount{{Value: 1, Count: 1}}},
		{Key: key, Timestamp: minutes(1), Unit: "None", Resolution: time.Minute, Set: metric.Sample(9, 1), Values: []metric.ValueCount{{Value: 9, Count: 1}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Aggregate() = %v, want %v", got, want)
	}
}

func bucket(at time.Time, unit string, values ...float64) metric.Bucket {
	b := metric.Bucket{Start: at, Length: time.Minute, Unit: unit}
	for _, v := range values {
		b.Set.Add(metric.Sample(v, 1))
		b.Values = append(b.Values, metric.ValueCount{Value: v, Count: 1})
	}
	return b
}

// Windows slide: the same data fall into other windows when the start moves.
func TestCutSlides(t *testing.T) {
	buckets := []metric.Bucket{bucket(minutes(4), "None", 1), bucket(minutes(5), "None", 2), bucket(minutes(9), "None", 4), bucket(minutes(10), "None", 8)}
	long := bucket(minutes(6), "None", 100)
	long.Length = time.Hour
	buckets = append(buckets, long)
	for _, tt := range []struct {
		name       string
		start, end int
		want       map[int]float64
	}{
		{"aligned", 0, 10, map[int]float64{0: 1, 5: 6}},
		{"a minute later", 1, 11, map[int]float64{1: 3, 6: 12}},
		{"end inside the last window", 0, 6, map[int]float64{0: 1, 5: 2}},
		{"window without data", -10, 5, map[int]float64{0: 1}},
		{"nothing", 20, 30, map[int]float64{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := map[int]float64{}
			for _, w := range metric.Cut(buckets, minutes(tt.start), minutes(tt.end), 5*time.Minute) {
				got[int(w.Start.Sub(ten)/time.Minute)] = w.Set.Sum
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Cut() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestUnits(t *testing.T) {
	units := metric.ByUnit([]metric.Bucket{
		bucket(minutes(0), "Seconds", 1, 1), bucket(minutes(1), "Count", 1), bucket(minutes(2), "Milliseconds", 1), bucket(minutes(3), "Milliseconds", 1),
	})
	if got := metric.Busiest(units); got != "Milliseconds" {
		t.Errorf("Busiest() = %s, want Milliseconds: as many samples as Seconds, first by name", got)
	}
	if got := metric.Preferred(units); got != "Count" {
		t.Errorf("Preferred() = %s, want Count: first in AWS's order", got)
	}
	if busiest, preferred := metric.Busiest(nil), metric.Preferred(nil); busiest != "None" || preferred != "None" {
		t.Errorf("Busiest(nil), Preferred(nil) = %s, %s, want None", busiest, preferred)
	}
}

func TestSpan(t *testing.T) {
	now := ten.Add(30 * time.Second)
	for _, tt := range []struct {
		name       string
		start, end time.Time
		period     time.Duration
		want       time.Time
		windows    int
	}{
		{"minute", ten.Add(-65 * time.Second), ten, time.Minute, minutes(-2), 2},
		{"not aligned to the period", minutes(-7), ten, 5 * time.Minute, minutes(-7), 2},
		{"ten seconds", ten.Add(-65 * time.Second), ten, 10 * time.Second, ten.Add(-70 * time.Second), 7},
		{"twenty days old", now.AddDate(0, 0, -20).Add(2 * time.Minute), now.AddDate(0, 0, -20).Add(12 * time.Minute), 5 * time.Minute, ten.AddDate(0, 0, -20), 3},
		{"no longer kept", now.AddDate(0, 0, -20), ten, time.Minute, minutes(1).AddDate(0, 0, -15), 15*24*60 - 1},
		{"future", ten, ten.AddDate(1, 0, 0), time.Hour, ten, 3},
		{"all in the future", ten.AddDate(1, 0, 0), ten.AddDate(2, 0, 0), time.Hour, ten.AddDate(1, 0, 0), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := metric.NewSpan(tt.start, tt.end, tt.period, now)
			if !got.Start.Equal(tt.want) || got.Len() != tt.windows {
				t.Errorf("NewSpan() = %v with %d windows, want from %v with %d", got, got.Len(), tt.want, tt.windows)
			}
		})
	}
}

// shelf is a store that holds what it is given.
type shelf struct {
	metric.Store
	buckets []metric.Bucket
	fail    error
}

func (s *shelf) Put(context.Context, arn.Scope, []metric.Datum) error { return s.fail }

func (s *shelf) Buckets(_ context.Context, reads []metric.Read) ([][]metric.Bucket, error) {
	var all [][]metric.Bucket
	for range reads {
		all = append(all, s.buckets)
	}
	return all, s.fail
}

func TestPoints(t *testing.T) {
	service := metric.New(&shelf{buckets: []metric.Bucket{
		bucket(minutes(0), "Count", 5, -1), bucket(minutes(3), "Count", 2), bucket(minutes(4), "Bytes", 9), bucket(minutes(5), "Count", 7),
	}})
	sum, err := metric.ParseStatistic("Sum")
	if err != nil {
		t.Fatal(err)
	}
	got, err := service.Points(t.Context(), metric.Query{Statistic: sum, Start: ten, End: minutes(10), Period: 5 * time.Minute})
	want := []metric.Point{
		{Start: ten, Value: 6, SampleCount: 3, Minimum: -1, Unit: "Count"},
		{Start: minutes(5), Value: 7, SampleCount: 1, Minimum: 7, Unit: "Count"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Points() = %v, %v, want %v", got, err, want)
	}
}

func TestWatch(t *testing.T) {
	store := &shelf{}
	service := metric.New(store)
	told := 0
	service.Watch(func(_ arn.Scope, data []metric.Datum) { told += len(data) })
	if err := service.Put(t.Context(), arn.Scope{}, make([]metric.Datum, 2)); err != nil || told != 2 {
		t.Errorf("Put = %v and told of %d data, want 2", err, told)
	}
	store.fail = errors.New("disk full")
	if err := service.Put(t.Context(), arn.Scope{}, make([]metric.Datum, 2)); !errors.Is(err, store.fail) || told != 2 {
		t.Errorf("Put that fails = %v and told of %d data, want the error and still 2", err, told)
	}
}
