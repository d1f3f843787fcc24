package storetest

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

var (
	metricScope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	metricStart = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
)

// RunMetrics is what the metric station asks of its store.
func RunMetrics(t *testing.T, open func(testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*testing.T, *sqlstore.Metrics){
		"AddsUp":        metricAddsUp,
		"Separates":     metricSeparates,
		"Values":        metricValues,
		"Ranges":        metricRanges,
		"Concurrent":    metricConcurrent,
		"List":          metricList,
		"Retain":        metricRetain,
		"RetainIsExact": metricRetainIsExact,
		"HostileNames":  metricHostileNames,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Metrics()) })
	}
}

func sample(key metric.Key, at time.Time, value float64) metric.Datum {
	return metric.Datum{Key: key, Timestamp: at, Unit: metric.NoUnit, Resolution: time.Minute, Set: metric.Sample(value, 1)}
}

func putMetrics(t *testing.T, s *sqlstore.Metrics, data ...metric.Datum) {
	t.Helper()
	if err := s.Put(t.Context(), metricScope, data); err != nil {
		t.Fatalf("Put(%v): %v", data, err)
	}
}

func readMetric(t *testing.T, s *sqlstore.Metrics, key metric.Key) []metric.Bucket {
	t.Helper()
	return readMetrics(t, s, metric.Read{Series: metric.Series{Scope: metricScope, Key: key}, Start: metricStart.AddDate(-2, 0, 0),
		End: metricStart.AddDate(1, 0, 0), Longest: time.Hour, Values: true})
}

func readMetrics(t *testing.T, s *sqlstore.Metrics, read metric.Read) []metric.Bucket {
	t.Helper()
	buckets, err := s.Buckets(t.Context(), []metric.Read{read})
	if err != nil {
		t.Fatalf("Buckets(%v): %v", read, err)
	}
	return buckets[0]
}

func wantBuckets(t *testing.T, got, want []metric.Bucket) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Buckets() = %v, want %v", got, want)
	}
}

func metricAddsUp(t *testing.T, s *sqlstore.Metrics) {
	key := metric.NewKey("Lab", "Denied")
	putMetrics(t, s, sample(key, metricStart.Add(time.Second), 2), sample(key, metricStart.Add(59*time.Second), 4))
	putMetrics(t, s, sample(key, metricStart.Add(30*time.Second), -1))
	wantBuckets(t, readMetric(t, s, key), []metric.Bucket{{
		Start: metricStart, Length: time.Minute, Unit: metric.NoUnit,
		Set:    metric.StatisticSet{SampleCount: 3, Sum: 5, Minimum: -1, Maximum: 4},
		Values: []metric.ValueCount{{Value: -1, Count: 1}, {Value: 2, Count: 1}, {Value: 4, Count: 1}},
	}})
}

func metricSeparates(t *testing.T, s *sqlstore.Metrics) {
	plain, dimensioned := metric.NewKey("Lab", "Denied"), metric.NewKey("Lab", "Denied", metric.Dimension{Name: "user", Value: "eve"})
	seconds := sample(plain, metricStart, 3)
	seconds.Unit = "Seconds"
	putMetrics(t, s, sample(plain, metricStart, 1), sample(dimensioned, metricStart, 2), seconds)
	other := arn.Scope{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	if err := s.Put(t.Context(), other, []metric.Datum{sample(plain, metricStart, 9)}); err != nil {
		t.Fatalf("Put: %v", err)
	}
	var sums []float64
	for _, b := range append(readMetric(t, s, plain), readMetric(t, s, dimensioned)...) {
		sums = append(sums, b.Set.Sum)
	}
	if want := []float64{1, 3, 2}; !reflect.DeepEqual(sums, want) {
		t.Errorf("sums by unit, dimension and region = %v, want %v", sums, want)
	}
}

func metricValues(t *testing.T, s *sqlstore.Metrics) {
	key := metric.NewKey("Lab", "Latency")
	list := sample(key, metricStart, 0)
	list.Values = []metric.ValueCount{{Value: 10, Count: 4}, {Value: 1, Count: 2}}
	list.Set = metric.StatisticSet{SampleCount: 6, Sum: 42, Minimum: 1, Maximum: 10}
	opaque := sample(key, metricStart, 0)
	opaque.Set = metric.StatisticSet{SampleCount: 3, Sum: 11, Minimum: 2, Maximum: 5}
	putMetrics(t, s, list, sample(key, metricStart, 1), opaque)
	wantBuckets(t, readMetric(t, s, key), []metric.Bucket{{
		Start: metricStart, Length: time.Minute, Unit: metric.NoUnit,
		Set:    metric.StatisticSet{SampleCount: 10, Sum: 54, Minimum: 1, Maximum: 10},
		Values: []metric.ValueCount{{Value: 1, Count: 3}, {Value: 10, Count: 4}},
	}})
}

func metricRanges(t *testing.T, s *sqlstore.Metrics) {
	key := metric.NewKey("Lab", "Denied")
	fast := sample(key, metricStart.Add(90*time.Second), 100)
	fast.Resolution = time.Second
	putMetrics(t, s, fast)
	for minute := range 5 {
		putMetrics(t, s, sample(key, metricStart.Add(time.Duration(minute)*time.Minute), float64(minute)))
	}
	read := metric.Read{Series: metric.Series{Scope: metricScope, Key: key}, Start: metricStart.Add(time.Minute), End: metricStart.Add(3 * time.Minute)}
	for _, tt := range []struct {
		name    string
		longest time.Duration
		unit    string
		want    []float64
	}{
		{"half open, all resolutions in order", time.Minute, "", []float64{1, 100, 2}},
		{"only short ones", 10 * time.Second, "", []float64{100}},
		{"unit", time.Minute, metric.NoUnit, []float64{1, 100, 2}},
		{"other unit", time.Minute, "Bytes", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read.Longest, read.Unit = tt.longest, tt.unit
			var got []float64
			for _, b := range readMetrics(t, s, read) {
				got = append(got, b.Set.Sum)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Buckets(%v) has sums %v, want %v", read, got, tt.want)
			}
		})
	}
}

// metricConcurrent checks that sums stay exact when many write the same minute
// while others read it.
func metricConcurrent(t *testing.T, s *sqlstore.Metrics) {
	const writers, rounds = 8, 25
	key := metric.NewKey("Lab", "Denied")
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rounds {
				if err := s.Put(t.Context(), metricScope, []metric.Datum{sample(key, metricStart, 1), sample(key, metricStart, 3)}); err != nil {
					t.Errorf("Put: %v", err)
				}
				buckets, err := s.Buckets(t.Context(), []metric.Read{{Series: metric.Series{Scope: metricScope, Key: key},
					Start: metricStart, End: metricStart.Add(time.Minute), Longest: time.Minute, Values: true}})
				if err != nil || len(buckets[0]) != 1 {
					t.Errorf("Buckets() = %v, %v, want one bucket", buckets, err)
					return
				}
				if b := buckets[0][0]; b.Set.Sum != 2*b.Set.SampleCount || b.Values[0].Count+b.Values[1].Count != b.Set.SampleCount {
					t.Errorf("Buckets() = %v, want a whole number of puts", b)
				}
			}
		})
	}
	wg.Wait()
	want := metric.StatisticSet{SampleCount: 2 * writers * rounds, Sum: 4 * writers * rounds, Minimum: 1, Maximum: 3}
	if got := readMetric(t, s, key)[0].Set; got != want {
		t.Errorf("after concurrent puts = %v, want %v", got, want)
	}
}

func metricList(t *testing.T, s *sqlstore.Metrics) {
	var keys []metric.Key
	for _, namespace := range []string{"A", "B"} {
		for i := range 3 {
			keys = append(keys, metric.NewKey(namespace, "m", metric.Dimension{Name: "n", Value: fmt.Sprint(i)}))
		}
	}
	for i := range keys {
		putMetrics(t, s, sample(keys[len(keys)-1-i], metricStart, 1))
	}
	var paged []metric.Key
	query := metric.ListQuery{Limit: 2}
	for {
		page, err := s.List(t.Context(), metricScope, query)
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		query.After = &page[len(page)-1]
	}
	if !reflect.DeepEqual(paged, keys) {
		t.Errorf("List by twos = %v, want %v", paged, keys)
	}
	for _, tt := range []struct {
		name  string
		query metric.ListQuery
		want  []metric.Key
	}{
		{"namespace", metric.ListQuery{Namespace: "B", Limit: 10}, keys[3:]},
		{"name", metric.ListQuery{Name: "x", Limit: 10}, nil},
		{"active", metric.ListQuery{ActiveSince: time.Now().Add(-time.Hour), Limit: 10}, keys},
		{"idle", metric.ListQuery{ActiveSince: time.Now().Add(time.Hour), Limit: 10}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := s.List(t.Context(), metricScope, tt.query); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("List(%v) = %v, %v, want %v", tt.query, got, err, tt.want)
			}
		})
	}
}

func metricRetain(t *testing.T, s *sqlstore.Metrics) {
	const day = 24 * time.Hour
	key, now := metric.NewKey("Lab", "Denied"), metricStart.Add(10*time.Minute)
	old := func(age time.Duration, resolution time.Duration, value float64) metric.Datum {
		d := sample(key, now.Add(-age), value)
		d.Resolution = resolution
		return d
	}
	putMetrics(t, s,
		old(time.Hour, time.Second, 1), old(4*time.Hour, time.Second, 2), old(4*time.Hour-time.Second, time.Second, 3),
		old(14*day, time.Minute, 4), old(16*day, time.Minute, 5), old(16*day-2*time.Minute, time.Minute, 6),
		old(64*day, time.Minute, 7), old(500*day, time.Minute, 8))
	if err := s.Retain(t.Context(), now); err != nil {
		t.Fatalf("Retain: %v", err)
	}
	type row struct {
		age, length time.Duration
		set         metric.StatisticSet
		values      int
	}
	var got []row
	for _, b := range readMetric(t, s, key) {
		got = append(got, row{now.Sub(b.Start), b.Length, b.Set, len(b.Values)})
	}
	want := []row{
		{64*day + 10*time.Minute, time.Hour, metric.Sample(7, 1), 1},
		{16 * day, 5 * time.Minute, metric.StatisticSet{SampleCount: 2, Sum: 11, Minimum: 5, Maximum: 6}, 2},
		{14 * day, time.Minute, metric.Sample(4, 1), 1},
		{4 * time.Hour, time.Minute, metric.StatisticSet{SampleCount: 2, Sum: 5, Minimum: 2, Maximum: 3}, 2},
		{time.Hour, time.Second, metric.Sample(1, 1), 1},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("after Retain = %v, want %v", got, want)
	}
	if err := s.Retain(t.Context(), time.Now().Add(456*day)); err != nil {
		t.Fatalf("Retain: %v", err)
	}
	if keys, err := s.List(t.Context(), metricScope, metric.ListQuery{Limit: 10}); err != nil || len(keys) != 0 {
		t.Errorf("List after everything was retired = %v, %v, want none", keys, err)
	}
}

// metricRetainIsExact rolls more buckets than one transaction takes, twice.
func metricRetainIsExact(t *testing.T, s *sqlstore.Metrics) {
	const minutes = 1234
	key := metric.NewKey("Lab", "Denied")
	var data []metric.Datum
	for i := range minutes {
		data = append(data, sample(key, metricStart.Add(time.Duration(i)*time.Minute), 3))
	}
	putMetrics(t, s, data...)
	for range 2 {
		if err := s.Retain(t.Context(), metricStart.AddDate(0, 0, 20)); err != nil {
			t.Fatalf("Retain: %v", err)
		}
	}
	var total metric.StatisticSet
	for _, b := range readMetric(t, s, key) {
		if b.Length != 5*time.Minute || len(b.Values) != 1 || b.Values[0].Count != b.Set.SampleCount {
			t.Errorf("after Retain: bucket %v, want five minutes with all values", b)
		}
		total.Add(b.Set)
	}
	if want := (metric.StatisticSet{SampleCount: minutes, Sum: 3 * minutes, Minimum: 3, Maximum: 3}); total != want {
		t.Errorf("after Retain = %v in all, want %v", total, want)
	}
}

// metricHostileNames stores dimension values as log events may hold them.
func metricHostileNames(t *testing.T, s *sqlstore.Metrics) {
	one := metric.NewKey("Lab", "m", metric.Dimension{Name: "a", Value: "x\x00b\x00y"})
	two := metric.NewKey("Lab", "m", metric.Dimension{Name: "a", Value: "x"}, metric.Dimension{Name: "b", Value: "y"})
	quoted := metric.NewKey("Lab", "m", metric.Dimension{Name: "a", Value: `"],["b","y`})
	putMetrics(t, s, sample(one, metricStart, 1), sample(two, metricStart, 2), sample(quoted, metricStart, 3))
	for i, key := range []metric.Key{one, two, quoted} {
		if got := readMetric(t, s, key); len(got) != 1 || got[0].Set.Sum != float64(i+1) {
			t.Errorf("Buckets(%q) = %v, want the sum %d", key, got, i+1)
		}
	}
}
