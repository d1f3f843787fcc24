package sqlstore_test

import (
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

func BenchmarkSQLiteMetricsBuckets(b *testing.B) {
	metrics := openSQLite(b).Metrics()
	var data []metric.Datum
	for minute := range 15 * 24 * 60 {
		data = append(data, metric.Datum{Key: benchmarkKey, Timestamp: benchmarkStart.Add(time.Duration(minute) * time.Minute), Set: metric.Sample(1, 1)})
	}
	if err := metrics.Put(b.Context(), benchmarkScope, data); err != nil {
		b.Fatal(err)
	}
	reads := make([]metric.Read, 100)
	for i := range reads {
		reads[i] = metric.Read{Series: metric.Series{Scope: benchmarkScope, Key: benchmarkKey},
			Start: benchmarkStart.Add(40 * time.Minute), End: benchmarkStart.Add(55 * time.Minute), Longest: 5 * time.Minute}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := metrics.Buckets(b.Context(), reads); err != nil {
			b.Fatal(err)
		}
	}
}

// A batch of a thousand matching events of one minute.
func BenchmarkSQLiteMetricsPut(b *testing.B) {
	metrics := openSQLite(b).Metrics()
	var data []metric.Datum
	for i := range 1000 {
		data = append(data, metric.Datum{Key: benchmarkKey, Timestamp: benchmarkStart.Add(time.Duration(i) * time.Millisecond), Set: metric.Sample(1, 1)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := metrics.Put(b.Context(), benchmarkScope, data); err != nil {
			b.Fatal(err)
		}
	}
}

var (
	benchmarkScope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	benchmarkStart = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	benchmarkKey   = metric.NewKey("Lab", "Denied")
)
