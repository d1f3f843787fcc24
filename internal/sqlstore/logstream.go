package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
)

const streamColumns = `id, group_id, name, created_ms, first_event_ms, last_event_ms, last_ingested_ms, stored_bytes`

// CreateStream implements logs.StreamStore.
func (s *Logs) CreateStream(ctx context.Context, groupID int64, name string, now time.Time) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := groupExists(ctx, tx, groupID); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO log_stream (group_id, name, created_ms) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, groupID, name, millis(now))
		return oneOr(logs.ErrStreamExists, result, err)
	})
}

// Stream implements logs.StreamStore.
func (s *Logs) Stream(ctx context.Context, groupID int64, name string) (logs.Stream, error) {
	stream, err := scanStream(s.db.read.QueryRowContext(ctx, `SELECT `+streamColumns+` FROM log_stream
		WHERE group_id = $1 AND name = $2`, groupID, name))
	if errors.Is(err, sql.ErrNoRows) {
		err = logs.ErrNoStream
	}
	return stream, err
}

// never is the last event of a stream that has none, in the order of streams.
const never = -1

// Streams implements logs.StreamStore.
func (s *Logs) Streams(ctx context.Context, q logs.StreamQuery) ([]logs.Stream, error) {
	where := newConditions(`group_id = ?`, q.GroupID)
	where.prefix(`name`, q.Prefix)
	compare, way := ` > `, ` ASC`
	if q.Descending {
		compare, way = ` < `, ` DESC`
	}
	order := `name` + way
	if q.ByLast {
		order = `COALESCE(last_event_ms, -1)` + way + `, name` + way
	}
	switch {
	case q.After == nil:
	case q.ByLast:
		where.add(`(COALESCE(last_event_ms, -1), name)`+compare+`(?, ?)`, lastEvent(*q.After), q.After.Name)
	default:
		where.add(`name`+compare+`?`, q.After.Name)
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+streamColumns+` FROM log_stream WHERE `+where.text+
		` ORDER BY `+order+where.limit(q.Limit), where.args...)
	return collect(rows, err, func(rows *sql.Rows) (logs.Stream, error) { return scanStream(rows) })
}

func lastEvent(s logs.Stream) int64 {
	if s.LastEvent.IsZero() {
		return never
	}
	return millis(s.LastEvent)
}

func scanStream(row interface{ Scan(...any) error }) (s logs.Stream, err error) {
	var created int64
	var first, last, ingested sql.NullInt64
	err = row.Scan(&s.ID, &s.GroupID, &s.Name, &created, &first, &last, &ingested, &s.StoredBytes)
	s.Created = fromMillis(created)
	for _, t := range []struct {
		to   *time.Time
		from sql.NullInt64
	}{{&s.FirstEvent, first}, {&s.LastEvent, last}, {&s.LastIngest, ingested}} {
		if t.from.Valid {
			*t.to = fromMillis(t.from.Int64)
		}
	}
	return s, err
}

// DeleteStream implements logs.StreamStore.
func (s *Logs) DeleteStream(ctx context.Context, groupID int64, name string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := groupExists(ctx, tx, groupID); err != nil {
			return err
		}
		var id, bytes int64
		err := tx.QueryRowContext(ctx, `SELECT id, stored_bytes FROM log_stream WHERE group_id = $1 AND name = $2`, groupID, name).Scan(&id, &bytes)
		if errors.Is(err, sql.ErrNoRows) {
			return logs.ErrNoStream
		}
		if err != nil {
			return err
		}
		for _, statement := range []struct {
			text string
			args []any
		}{
			{`INSERT INTO log_garbage (blob_key) SELECT blob_key FROM log_chunk WHERE stream_id = $1 AND place = 'stored'`, []any{id}},
			{`DELETE FROM log_stream WHERE id = $1`, []any{id}},
			{`UPDATE log_group SET stored_bytes = stored_bytes - $2 WHERE id = $1`, []any{groupID, bytes}},
		} {
			if _, err := tx.ExecContext(ctx, statement.text, statement.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// ensureStream returns the row of a stream, made if it is missing. It returns
// logs.ErrNoGroup when the group went in the meantime.
func ensureStream(ctx context.Context, tx *sql.Tx, groupID int64, stream string, now time.Time) (streamID int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id FROM log_stream WHERE group_id = $1 AND name = $2`, groupID, stream).Scan(&streamID)
	if !errors.Is(err, sql.ErrNoRows) {
		return streamID, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO log_stream (group_id, name, created_ms)
		SELECT id, $2, $3 FROM log_group WHERE id = $1 RETURNING id`, groupID, stream, millis(now)).Scan(&streamID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, logs.ErrNoGroup
	}
	return streamID, err
}
