package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Metrics keeps the data of metrics.
type Metrics struct{ db *DB }

var _ metric.Store = (*Metrics)(nil)

// Metrics is the store of the metric station.
func (db *DB) Metrics() *Metrics { return &Metrics{db} }

// Put adds data to what is stored, all or nothing.
func (s *Metrics) Put(ctx context.Context, scope arn.Scope, data []metric.Datum) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error { return putData(ctx, tx, scope, data) })
}

// putData adds data inside the caller's transaction: one upsert per series,
// start and unit, however many data the batch holds of it.
func putData(ctx context.Context, tx *sql.Tx, scope arn.Scope, data []metric.Datum) error {
	merged := metric.Aggregate(data)
	if len(merged) == 0 {
		return nil
	}
	w, err := newMetricWriter(ctx, tx)
	if err != nil {
		return fmt.Errorf("put metric data: %w", err)
	}
	defer w.close()
	ids := map[string]int64{}
	for _, d := range merged {
		id, ok := ids[d.Key.ID()]
		if !ok {
			if id, err = seriesID(ctx, tx, metric.Series{Scope: scope, Key: d.Key}, time.Now()); err != nil {
				return fmt.Errorf("put metric data of %s/%s: %w", d.Key.Namespace, d.Key.Name, err)
			}
			ids[d.Key.ID()] = id
		}
		if err := w.add(ctx, id, bucketOf(d)); err != nil {
			return fmt.Errorf("put metric data of %s/%s: %w", d.Key.Namespace, d.Key.Name, err)
		}
	}
	return nil
}

func bucketOf(d metric.Datum) metric.Bucket {
	return metric.Bucket{Start: d.Timestamp, Length: d.Resolution, Unit: d.Unit, Set: d.Set, Values: d.Values}
}

// seriesID finds or creates the row of a series and keeps, to the minute, when
// data last arrived.
func seriesID(ctx context.Context, tx *sql.Tx, series metric.Series, now time.Time) (int64, error) {
	dimensions, err := encodeDimensions(series.Key.Dimensions)
	if err != nil {
		return 0, err
	}
	scope, key, heard := series.Scope.String(), series.Key, millis(now.Truncate(time.Minute))
	var id, last int64
	err = tx.QueryRowContext(ctx, `SELECT id, heard_ms FROM metric WHERE scope = $1 AND namespace = $2 AND name = $3 AND dimensions = $4`,
		scope, key.Namespace, key.Name, dimensions).Scan(&id, &last)
	if err == nil && last >= heard {
		return id, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO metric (scope, namespace, name, dimensions, heard_ms) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (scope, namespace, name, dimensions) DO UPDATE SET heard_ms = excluded.heard_ms RETURNING id`,
		scope, key.Namespace, key.Name, dimensions, heard).Scan(&id)
	return id, err
}

// Dimensions are stored as a JSON list of pairs: canonical, for the key's
// order is, and free of characters that an engine would refuse.
func encodeDimensions(dimensions []metric.Dimension) (string, error) {
	pairs := make([][2]string, len(dimensions))
	for i, d := range dimensions {
		pairs[i] = [2]string{d.Name, d.Value}
	}
	text, err := json.Marshal(pairs)
	return string(text), err
}

func decodeDimensions(text string) ([]metric.Dimension, error) {
	var pairs [][2]string
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return nil, fmt.Errorf("dimensions %q: %w", text, err)
	}
	dimensions := make([]metric.Dimension, len(pairs))
	for i, p := range pairs {
		dimensions[i] = metric.Dimension{Name: p[0], Value: p[1]}
	}
	return dimensions, nil
}

// metricWriter adds buckets to series with two prepared statements.
type metricWriter struct{ data, value *sql.Stmt }

func newMetricWriter(ctx context.Context, tx *sql.Tx) (*metricWriter, error) {
	data, err := tx.PrepareContext(ctx, `INSERT INTO metric_data
		(metric_id, resolution, start_ms, unit, samples, total, smallest, largest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (metric_id, resolution, start_ms, unit) DO UPDATE SET
			samples = metric_data.samples + excluded.samples,
			total = metric_data.total + excluded.total,
			smallest = CASE WHEN excluded.smallest < metric_data.smallest THEN excluded.smallest ELSE metric_data.smallest END,
			largest = CASE WHEN excluded.largest > metric_data.largest THEN excluded.largest ELSE metric_data.largest END`)
	if err != nil {
		return nil, err
	}
	value, err := tx.PrepareContext(ctx, `INSERT INTO metric_value
		(metric_id, resolution, start_ms, unit, value, samples) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (metric_id, resolution, start_ms, unit, value) DO UPDATE SET samples = metric_value.samples + excluded.samples`)
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	return &metricWriter{data, value}, nil
}

// close frees the statements; whether a write holds is decided by the commit.
func (w *metricWriter) close() {
	_ = w.data.Close()
	_ = w.value.Close()
}

func (w *metricWriter) add(ctx context.Context, id int64, b metric.Bucket) error {
	resolution, start := int64(b.Length/time.Second), millis(b.Start)
	if _, err := w.data.ExecContext(ctx, id, resolution, start, b.Unit, b.Set.SampleCount, b.Set.Sum, b.Set.Minimum, b.Set.Maximum); err != nil {
		return err
	}
	for _, v := range b.Values {
		if _, err := w.value.ExecContext(ctx, id, resolution, start, b.Unit, v.Value, v.Count); err != nil {
			return err
		}
	}
	return nil
}
