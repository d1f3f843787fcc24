package sqlstore_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/sqlstore/storetest"
)

func TestSQLiteMetrics(t *testing.T) {
	storetest.RunMetrics(t, func(t testing.TB) *sqlstore.DB {
		db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
		return db
	})
}

func BenchmarkSQLiteMetricsBuckets(b *testing.B) {
	db, err := sqlstore.Open(b.Context(), filepath.Join(b.TempDir(), "tocsin.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	scope, start := arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	key := metric.NewKey("Lab", "Denied")
	for minute := range 60 {
		err := db.Metrics().Put(b.Context(), scope, []metric.Datum{{Key: key, Timestamp: start.Add(time.Duration(minute) * time.Minute), Set: metric.Sample(1, 1)}})
		if err != nil {
			b.Fatal(err)
		}
	}
	reads := make([]metric.Read, 100)
	for i := range reads {
		reads[i] = metric.Read{Series: metric.Series{Scope: scope, Key: key}, Start: start.Add(40 * time.Minute), End: start.Add(55 * time.Minute), Longest: 5 * time.Minute}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.Metrics().Buckets(b.Context(), reads); err != nil {
			b.Fatal(err)
		}
	}
}
