package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
)

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

// insertChunk adds a chunk to the index and to what its stream and group say
// of themselves.
func insertChunk(ctx context.Context, tx *sql.Tx, groupID, streamID int64, c logs.Chunk) (chunkID int64, err error) {
	first, last, ingested := millis(c.First), millis(c.Last), millis(c.Ingested)
	err = tx.QueryRowContext(ctx, `INSERT INTO log_chunk
		(group_id, stream_id, place, blob_key, first_ms, last_ms, ingested_ms, count, bytes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
		groupID, streamID, string(c.Place), c.Key, first, last, ingested, c.Count, c.Bytes).Scan(&chunkID)
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
