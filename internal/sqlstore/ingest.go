package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
)

// Journal commits batches of events, exactly once.
type Journal struct{ db *DB }

var _ metricfilter.Journal = (*Journal)(nil)

// Journal is the store that joins logs, metric filters and metrics.
func (db *DB) Journal() *Journal { return &Journal{db} }

// Commit implements metricfilter.Journal. One transaction holds all of it: a
// crash leaves either everything or nothing.
func (j *Journal) Commit(ctx context.Context, tally metricfilter.Tally, now time.Time) (metricfilter.Receipt, error) {
	var receipt metricfilter.Receipt
	err := j.db.inTx(ctx, func(tx *sql.Tx) error {
		repeated, err := checkpoint(ctx, tx, tally.Batch, now)
		if err != nil || repeated {
			receipt.Repeated = repeated
			return err
		}
		if len(tally.Batch.Events) == 0 {
			return nil
		}
		receipt.Chunk, err = indexChunk(ctx, tx, tally.Batch, now)
		if err != nil {
			return err
		}
		receipt.Counted, receipt.Matches, err = countMatches(ctx, tx, tally, receipt.Chunk, now)
		if err != nil {
			return err
		}
		return putData(ctx, tx, tally.Batch.Group.Scope, receipt.Counted)
	})
	if err != nil {
		return metricfilter.Receipt{}, fmt.Errorf("commit %d events of %s: %w", len(tally.Batch.Events), tally.Batch.Group.Name, err)
	}
	return receipt, nil
}

func checkpoint(ctx context.Context, tx *sql.Tx, batch logs.Batch, now time.Time) (repeated bool, err error) {
	if batch.Object == nil {
		return false, nil
	}
	o := batch.Object
	result, err := tx.ExecContext(ctx, `INSERT INTO source_object (source, object_id, version, records, committed_ms)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, o.Source, o.ID, o.Version, len(batch.Events), millis(now))
	if err != nil {
		return false, fmt.Errorf("checkpoint %s: %w", o.ID, err)
	}
	n, err := result.RowsAffected()
	return n == 0, err
}

func indexChunk(ctx context.Context, tx *sql.Tx, batch logs.Batch, now time.Time) (int64, error) {
	stream, err := ensureStream(ctx, tx, batch.Group.ID, batch.Stream, now)
	if err != nil {
		return 0, fmt.Errorf("log stream %s: %w", batch.Stream, err)
	}
	id, err := insertChunk(ctx, tx, batch.Group.ID, stream, batch.Chunk)
	if err != nil {
		return 0, fmt.Errorf("chunk %s: %w", batch.Chunk.Key, err)
	}
	return id, nil
}

// countMatches inserts the matches and returns the data of those that are new
// and of the events that did not match.
func countMatches(ctx context.Context, tx *sql.Tx, tally metricfilter.Tally, chunk int64, now time.Time) ([]metric.Datum, int, error) {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO filter_match
		(filter_id, event_id, chunk_id, event_index, ref_offset, ref_length, series, at_ms, ingested_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`)
	if err != nil {
		return nil, 0, err
	}
	defer insert.Close()
	var counted []metric.Datum
	matches := 0
	for _, count := range tally.Counts {
		if count.Matched {
			event := tally.Batch.Events[count.Event]
			result, err := insert.ExecContext(ctx, count.FilterID, eventKey(event, chunk), chunk, event.Index, event.Offset, len(event.Message),
				seriesOf(tally.Batch, count), millis(event.Timestamp), millis(now))
			if err != nil {
				return nil, 0, fmt.Errorf("match of event %s: %w", event.Unique, err)
			}
			if n, err := result.RowsAffected(); err != nil {
				return nil, 0, err
			} else if n == 0 {
				continue // counted before
			}
			matches++
		}
		if count.Datum != nil {
			counted = append(counted, *count.Datum)
		}
	}
	return counted, matches, nil
}

// eventKey is what makes a match unique: CloudTrail's eventID, or the log
// event's own ID where every delivery counts.
func eventKey(event logs.Event, chunk int64) string {
	if event.Unique != "" {
		return event.Unique
	}
	return logs.EventID(event.Timestamp, chunk, event.Index)
}

func seriesOf(batch logs.Batch, count metricfilter.Count) string {
	if count.Datum == nil {
		return ""
	}
	return seriesText(metric.Series{Scope: batch.Group.Scope, Key: count.Datum.Key})
}

func seriesText(s metric.Series) string { return s.Scope.String() + "\x00" + s.Key.ID() }

// Unseen returns those of the objects that have not been committed.
func (j *Journal) Unseen(ctx context.Context, objects []logs.Object) ([]logs.Object, error) {
	find, err := j.db.read.PrepareContext(ctx, `SELECT 1 FROM source_object WHERE source = $1 AND object_id = $2 AND version = $3`)
	if err != nil {
		return nil, fmt.Errorf("look for committed objects: %w", err)
	}
	defer find.Close()
	var unseen []logs.Object
	for _, o := range objects {
		var one int
		switch err := find.QueryRowContext(ctx, o.Source, o.ID, o.Version).Scan(&one); {
		case errors.Is(err, sql.ErrNoRows):
			unseen = append(unseen, o)
		case err != nil:
			return nil, fmt.Errorf("look for committed object %s: %w", o.ID, err)
		}
	}
	return unseen, nil
}

// Matches returns the counted events of a metric whose timestamps lie in
// [from, to), newest first, at most limit, and how many there are in all.
func (j *Journal) Matches(ctx context.Context, series metric.Series, from, to time.Time, limit int) ([]metricfilter.Match, int, error) {
	const where = ` FROM filter_match m JOIN log_chunk c ON c.id = m.chunk_id
		JOIN log_stream s ON s.id = c.stream_id JOIN log_group g ON g.id = c.group_id
		WHERE m.series = $1 AND m.at_ms >= $2 AND m.at_ms < $3`
	var total int
	args := []any{seriesText(series), millis(from), millis(to)}
	if err := j.db.read.QueryRowContext(ctx, `SELECT COUNT(*)`+where, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count matches: %w", err)
	}
	rows, err := j.db.read.QueryContext(ctx, `SELECT m.event_id, m.at_ms, m.event_index, m.ref_offset, m.ref_length, c.id, c.place, c.blob_key, s.name, g.id, g.name`+
		where+` ORDER BY m.at_ms DESC, m.chunk_id DESC, m.event_index DESC LIMIT $4`, append(args, limit)...)
	if err != nil {
		return nil, 0, fmt.Errorf("matches: %w", err)
	}
	defer rows.Close()
	var out []metricfilter.Match
	for rows.Next() {
		m := metricfilter.Match{}
		var at int64
		if err := rows.Scan(&m.EventID, &at, &m.Index, &m.Offset, &m.Length, &m.Chunk.ID, &m.Chunk.Place, &m.Chunk.Key, &m.Stream, &m.Group.ID, &m.Group.Name); err != nil {
			return nil, 0, err
		}
		m.At = fromMillis(at)
		m.Group.Scope = series.Scope
		out = append(out, m)
	}
	return out, total, rows.Err()
}

// Sweep forgets matches ingested before the given time, a bounded number a
// call, and says how many went: call again until it is 0. A duplicate that
// arrives after its match was swept is counted again.
func (j *Journal) Sweep(ctx context.Context, before time.Time) (int64, error) {
	result, err := j.db.write.ExecContext(ctx, `DELETE FROM filter_match WHERE (filter_id, event_id) IN
		(SELECT filter_id, event_id FROM filter_match WHERE ingested_ms < $1 LIMIT 5000)`, millis(before))
	if err != nil {
		return 0, fmt.Errorf("sweep matches: %w", err)
	}
	return result.RowsAffected()
}
