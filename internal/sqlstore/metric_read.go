package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Buckets answers each read with its stored buckets in order of time, from one
// snapshot and with statements that are prepared once.
func (s *Metrics) Buckets(ctx context.Context, reads []metric.Read) ([][]metric.Bucket, error) {
	tx, err := s.db.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	buckets, err := readAll(ctx, tx, reads)
	return buckets, errors.Join(err, ignoreDone(tx.Rollback()))
}

func readAll(ctx context.Context, tx *sql.Tx, reads []metric.Read) ([][]metric.Bucket, error) {
	r, err := newMetricReader(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	defer r.close()
	all := make([][]metric.Bucket, len(reads))
	for i, read := range reads {
		if all[i], err = r.buckets(ctx, read); err != nil {
			return nil, fmt.Errorf("read metric %s/%s: %w", read.Series.Key.Namespace, read.Series.Key.Name, err)
		}
	}
	return all, nil
}

// metricReader reads series with prepared statements. Naming the resolutions
// makes each a range of the primary key; an inequality would walk through all
// minutes that are kept.
type metricReader struct{ series, data, values *sql.Stmt }

const bucketRange = ` WHERE metric_id = $1 AND start_ms >= $2 AND start_ms < $3 AND ($4 = '' OR unit = $4)
	AND resolution IN ($5, $6, $7, $8) `

// rangeArgs are the parameters of bucketRange. Resolutions that are too long
// are asked for as 0, which there is none of.
func rangeArgs(id int64, read metric.Read) []any {
	args := []any{id, millis(read.Start), millis(read.End), read.Unit}
	for _, tier := range metric.Tiers() {
		if tier.Resolution > read.Longest {
			tier.Resolution = 0
		}
		args = append(args, int64(tier.Resolution/time.Second))
	}
	return args
}

func newMetricReader(ctx context.Context, tx *sql.Tx) (*metricReader, error) {
	r := &metricReader{}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&r.series, `SELECT id FROM metric WHERE scope = $1 AND namespace = $2 AND name = $3 AND dimensions = $4`},
		{&r.data, `SELECT resolution, start_ms, unit, samples, total, smallest, largest FROM metric_data` + bucketRange +
			`ORDER BY start_ms, resolution, unit`},
		{&r.values, `SELECT resolution, start_ms, unit, value, samples FROM metric_value` + bucketRange + `ORDER BY value`},
	} {
		stmt, err := tx.PrepareContext(ctx, s.text)
		if err != nil {
			r.close()
			return nil, err
		}
		*s.to = stmt
	}
	return r, nil
}

func (r *metricReader) close() {
	for _, stmt := range []*sql.Stmt{r.series, r.data, r.values} {
		if stmt != nil {
			_ = stmt.Close() // read only: nothing can be lost
		}
	}
}

func (r *metricReader) buckets(ctx context.Context, read metric.Read) ([]metric.Bucket, error) {
	dimensions, err := encodeDimensions(read.Series.Key.Dimensions)
	if err != nil {
		return nil, err
	}
	var id int64
	err = r.series.QueryRowContext(ctx, read.Series.Scope.String(), read.Series.Key.Namespace, read.Series.Key.Name, dimensions).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	args := rangeArgs(id, read)
	buckets, err := r.sets(ctx, args)
	if err != nil || !read.Values || len(buckets) == 0 {
		return buckets, err
	}
	return buckets, r.addValues(ctx, args, buckets)
}

func (r *metricReader) sets(ctx context.Context, args []any) ([]metric.Bucket, error) {
	rows, err := r.data.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var buckets []metric.Bucket
	for rows.Next() {
		var resolution, start int64
		var b metric.Bucket
		if err := rows.Scan(&resolution, &start, &b.Unit, &b.Set.SampleCount, &b.Set.Sum, &b.Set.Minimum, &b.Set.Maximum); err != nil {
			return nil, err
		}
		b.Length, b.Start = time.Duration(resolution)*time.Second, fromMillis(start)
		buckets = append(buckets, b)
	}
	return buckets, rows.Err()
}

// addValues hands the raw values in a range to their buckets.
func (r *metricReader) addValues(ctx context.Context, args []any, buckets []metric.Bucket) error {
	type place struct {
		resolution, start int64
		unit              string
	}
	at := make(map[place]*metric.Bucket, len(buckets))
	for i := range buckets {
		b := &buckets[i]
		at[place{int64(b.Length / time.Second), millis(b.Start), b.Unit}] = b
	}
	rows, err := r.values.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var v metric.ValueCount
		if err := rows.Scan(&p.resolution, &p.start, &p.unit, &v.Value, &v.Count); err != nil {
			return err
		}
		if b := at[p]; b != nil {
			b.Values = append(b.Values, v)
		}
	}
	return rows.Err()
}

// List answers at most q.Limit keys in the order of the table's key.
func (s *Metrics) List(ctx context.Context, scope arn.Scope, q metric.ListQuery) ([]metric.Key, error) {
	var after struct{ namespace, name, dimensions string }
	if q.After != nil {
		dimensions, err := encodeDimensions(q.After.Dimensions)
		if err != nil {
			return nil, err
		}
		after.namespace, after.name, after.dimensions = q.After.Namespace, q.After.Name, dimensions
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT namespace, name, dimensions FROM metric
		WHERE scope = $1 AND ($2 = '' OR namespace = $2) AND ($3 = '' OR name = $3) AND heard_ms >= $4
			AND (namespace, name, dimensions) > ($5, $6, $7)
		ORDER BY namespace, name, dimensions LIMIT $8`,
		scope.String(), q.Namespace, q.Name, millis(q.ActiveSince.Truncate(time.Minute)), after.namespace, after.name, after.dimensions, q.Limit)
	if err != nil {
		return nil, fmt.Errorf("list metrics: %w", err)
	}
	defer rows.Close()
	var keys []metric.Key
	for rows.Next() {
		var namespace, name, dimensions string
		if err := rows.Scan(&namespace, &name, &dimensions); err != nil {
			return nil, fmt.Errorf("list metrics: %w", err)
		}
		decoded, err := decodeDimensions(dimensions)
		if err != nil {
			return nil, fmt.Errorf("list metrics: %w", err)
		}
		keys = append(keys, metric.NewKey(namespace, name, decoded...))
	}
	return keys, rows.Err()
}
