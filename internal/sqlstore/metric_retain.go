package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/metric"
)

// retainRows bounds a maintenance transaction, so that it delays ingestion by
// milliseconds only.
const retainRows = 500

// Retain rolls buckets that are too old for their tier into the next one,
// deletes those beyond the last, and then the series that have nothing left.
// Upserts are additive, so it may stop anywhere and go on later.
func (s *Metrics) Retain(ctx context.Context, now time.Time) error {
	tiers := metric.Tiers()
	for i, tier := range tiers {
		var next time.Duration // none: delete
		if i+1 < len(tiers) {
			next = tiers[i+1].Resolution
		}
		if err := s.retire(ctx, tier.Resolution, next, now.Add(-tier.Keep)); err != nil {
			return fmt.Errorf("retain metric data of %s: %w", tier.Resolution, err)
		}
	}
	_, err := s.db.write.ExecContext(ctx, `DELETE FROM metric WHERE heard_ms < $1
		AND NOT EXISTS (SELECT 1 FROM metric_data d WHERE d.metric_id = metric.id)`, millis(now.Add(-metric.Active)))
	if err != nil {
		return fmt.Errorf("retain metrics: %w", err)
	}
	return nil
}

// retire moves all buckets of a resolution from before a time to the next one.
func (s *Metrics) retire(ctx context.Context, from, to time.Duration, before time.Time) error {
	ids, err := s.withBucketsBefore(ctx, from, before)
	if err != nil {
		return err
	}
	for _, id := range ids {
		for more := true; more; {
			err := s.db.inTx(ctx, func(tx *sql.Tx) error {
				moved, err := moveBuckets(ctx, tx, id, from, to, before)
				more = moved == retainRows
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Metrics) withBucketsBefore(ctx context.Context, resolution time.Duration, before time.Time) ([]int64, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT m.id FROM metric m WHERE EXISTS
		(SELECT 1 FROM metric_data d WHERE d.metric_id = m.id AND d.resolution = $1 AND d.start_ms < $2)`,
		int64(resolution/time.Second), millis(before))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// moveBuckets takes up to retainRows of a series' oldest buckets out and adds
// them to the longer ones that they lie in.
func moveBuckets(ctx context.Context, tx *sql.Tx, id int64, from, to time.Duration, before time.Time) (int, error) {
	old, err := takeBuckets(ctx, tx, id, from, before)
	if err != nil {
		return 0, err
	}
	w, err := newMetricWriter(ctx, tx)
	if err != nil {
		return 0, err
	}
	defer w.close()
	for _, b := range old {
		if b.Values, err = takeValues(ctx, tx, id, b); err != nil {
			return 0, err
		}
		if to == 0 {
			continue
		}
		b.Start, b.Length = metric.CutTime(b.Start, to), to
		if err := w.add(ctx, id, b); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}

func takeBuckets(ctx context.Context, tx *sql.Tx, id int64, resolution time.Duration, before time.Time) ([]metric.Bucket, error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM metric_data WHERE (metric_id, resolution, start_ms, unit) IN
			(SELECT metric_id, resolution, start_ms, unit FROM metric_data
			WHERE metric_id = $1 AND resolution = $2 AND start_ms < $3 ORDER BY start_ms, unit LIMIT $4)
		RETURNING start_ms, unit, samples, total, smallest, largest`, id, int64(resolution/time.Second), millis(before), retainRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var taken []metric.Bucket
	for rows.Next() {
		var start int64
		b := metric.Bucket{Length: resolution}
		if err := rows.Scan(&start, &b.Unit, &b.Set.SampleCount, &b.Set.Sum, &b.Set.Minimum, &b.Set.Maximum); err != nil {
			return nil, err
		}
		b.Start = fromMillis(start)
		taken = append(taken, b)
	}
	return taken, rows.Err()
}

func takeValues(ctx context.Context, tx *sql.Tx, id int64, b metric.Bucket) ([]metric.ValueCount, error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM metric_value
		WHERE metric_id = $1 AND resolution = $2 AND start_ms = $3 AND unit = $4 RETURNING value, samples`,
		id, int64(b.Length/time.Second), millis(b.Start), b.Unit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []metric.ValueCount
	for rows.Next() {
		var v metric.ValueCount
		if err := rows.Scan(&v.Value, &v.Count); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}
