package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
)

// insertChunk adds a chunk to the index and to what its stream and group say
// of themselves.
func insertChunk(ctx context.Context, tx *sql.Tx, groupID, streamID int64, c logs.Chunk) (chunkID int64, err error) {
	first, last, ingested := millis(c.First), millis(c.Last), millis(c.Ingested)
	err = tx.QueryRowContext(ctx, `INSERT INTO log_chunk
		(group_id, stream_id, place, blob_key, first_ms, last_ms, ingested_ms, count, bytes, begin_index, end_index)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		groupID, streamID, string(c.Place), c.Key, first, last, ingested, c.Count, c.Bytes, c.Begin, c.End).Scan(&chunkID)
	if err != nil {
		return 0, err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE log_stream SET
		first_event_ms = CASE WHEN first_event_ms <= $2 THEN first_event_ms ELSE $2 END,
		last_event_ms = CASE WHEN last_event_ms >= $3 THEN last_event_ms ELSE $3 END,
		last_ingested_ms = CASE WHEN last_ingested_ms >= $4 THEN last_ingested_ms ELSE $4 END,
		stored_bytes = stored_bytes + $5 WHERE id = $1`, streamID, first, last, ingested, c.Bytes); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE log_group SET stored_bytes = stored_bytes + $2,
		span_ms = CASE WHEN span_ms >= $3 THEN span_ms ELSE $3 END WHERE id = $1`, groupID, c.Bytes, last-first)
	return chunkID, err
}

// Chunks implements logs.ChunkStore. Chunks are found by their first event; one
// that begins before the range can reach into it by at most the group's span.
func (s *Logs) Chunks(ctx context.Context, q logs.ChunkQuery) ([]logs.ChunkRef, error) {
	where := newConditions(`c.first_ms >= ? AND c.first_ms <= ? AND c.last_ms >= ?`,
		millis(q.From)-q.Group.Span.Milliseconds(), millis(q.To), millis(q.From))
	if len(q.Streams) != 1 { // one stream has an index of its own
		where.add(`c.group_id = ?`, q.Group.ID)
	}
	if len(q.Streams) > 0 {
		addIn(where, `c.stream_id`, q.Streams)
	}
	if q.StreamPrefix != "" {
		where.prefix(`s.name`, q.StreamPrefix)
	}
	compare, way := ` > `, ` ASC`
	if q.Descending {
		compare, way = ` < `, ` DESC`
	}
	if q.After != nil {
		where.add(`(c.first_ms, c.id)`+compare+`(?, ?)`, millis(q.After.First), q.After.ID)
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT c.id, c.place, c.blob_key, c.first_ms, c.last_ms, c.ingested_ms,
			c.count, c.bytes, c.begin_index, c.end_index, s.name
		FROM log_chunk c JOIN log_stream s ON s.id = c.stream_id WHERE `+where.text+
		` ORDER BY c.first_ms`+way+`, c.id`+way+where.limit(q.Limit), where.args...)
	return collect(rows, err, scanChunk)
}

func scanChunk(rows *sql.Rows) (c logs.ChunkRef, err error) {
	var first, last, ingested int64
	err = rows.Scan(&c.ID, &c.Place, &c.Key, &first, &last, &ingested, &c.Count, &c.Bytes, &c.Begin, &c.End, &c.Stream)
	c.First, c.Last, c.Ingested = fromMillis(first), fromMillis(last), fromMillis(ingested)
	return c, err
}

// expired is a chunk that Expire dropped.
type expired struct {
	group, stream int64
	place         logs.Place
	key           string
	bytes         int64
}

// Expire implements logs.ChunkStore.
func (s *Logs) Expire(ctx context.Context, now time.Time, limit int) (n int, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		const day = int64(24 * time.Hour / time.Millisecond)
		rows, err := tx.QueryContext(ctx, `DELETE FROM log_chunk WHERE id IN (
				SELECT c.id FROM log_group g JOIN log_chunk c ON c.group_id = g.id
				WHERE g.retention_days > 0 AND c.first_ms < $1 - g.retention_days * $2 AND c.last_ms < $1 - g.retention_days * $2
				LIMIT $3)
			RETURNING group_id, stream_id, place, blob_key, bytes`, millis(now), day, limit)
		gone, err := collect(rows, err, func(rows *sql.Rows) (e expired, err error) {
			err = rows.Scan(&e.group, &e.stream, &e.place, &e.key, &e.bytes)
			return e, err
		})
		n = len(gone)
		for i := 0; i < n && err == nil; i++ {
			err = writeOff(ctx, tx, gone[i])
		}
		return err
	})
	return n, err
}

func writeOff(ctx context.Context, tx *sql.Tx, e expired) error {
	if _, err := tx.ExecContext(ctx, `UPDATE log_stream SET stored_bytes = stored_bytes - $2 WHERE id = $1`, e.stream, e.bytes); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE log_group SET stored_bytes = stored_bytes - $2 WHERE id = $1`, e.group, e.bytes); err != nil {
		return err
	}
	if e.place != logs.Stored {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO log_garbage (blob_key) VALUES ($1)`, e.key)
	return err
}

// Garbage implements logs.ChunkStore.
func (s *Logs) Garbage(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT blob_key FROM log_garbage ORDER BY blob_key LIMIT $1`, limit)
	return collect(rows, err, scanText)
}

// Forget implements logs.ChunkStore.
func (s *Logs) Forget(ctx context.Context, keys []string) error {
	where := newConditions(`1 = 1`)
	addIn(where, `blob_key`, keys)
	_, err := s.db.write.ExecContext(ctx, `DELETE FROM log_garbage WHERE `+where.text, where.args...)
	return err
}

// Known implements logs.ChunkStore.
func (s *Logs) Known(ctx context.Context, keys []string) (map[string]bool, error) {
	known := map[string]bool{}
	for _, table := range []string{`log_chunk WHERE place = 'stored' AND `, `log_garbage WHERE `} {
		where := newConditions(`1 = 1`)
		addIn(where, `blob_key`, keys)
		rows, err := s.db.read.QueryContext(ctx, `SELECT blob_key FROM `+table+where.text, where.args...)
		found, err := collect(rows, err, scanText)
		if err != nil {
			return nil, err
		}
		for _, key := range found {
			known[key] = true
		}
	}
	return known, nil
}
