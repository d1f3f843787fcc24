package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
)

// Logs keeps log groups, streams and the index of chunks.
type Logs struct{ db *DB }

var _ logs.Store = (*Logs)(nil)

// Logs is the store of the logs station.
func (db *DB) Logs() *Logs { return &Logs{db} }

const groupColumns = `g.id, g.partition, g.account, g.region, g.name, g.class, g.kms_key_id, g.created_ms,
	g.retention_days, g.stored_bytes, g.span_ms, (SELECT COUNT(*) FROM metric_filter f WHERE f.group_id = g.id)`

// CreateGroup implements logs.GroupStore.
func (s *Logs) CreateGroup(ctx context.Context, g logs.Group, tags map[string]string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, `INSERT INTO log_group
			(partition, account, region, name, class, kms_key_id, created_ms, retention_days)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
			g.Scope.Partition, g.Scope.Account, g.Scope.Region, g.Name, string(g.Class), g.KMSKeyID,
			millis(g.Created), g.RetentionDays).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return logs.ErrGroupExists
		}
		if err != nil {
			return err
		}
		return putGroupTags(ctx, tx, id, tags)
	})
}

// Group implements logs.GroupStore.
func (s *Logs) Group(ctx context.Context, scope arn.Scope, name string) (logs.Group, error) {
	row := s.db.read.QueryRowContext(ctx, `SELECT `+groupColumns+` FROM log_group g
		WHERE g.partition = $1 AND g.account = $2 AND g.region = $3 AND g.name = $4`,
		scope.Partition, scope.Account, scope.Region, name)
	g, err := scanGroup(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = logs.ErrNoGroup
	}
	return g, err
}

// Groups implements logs.GroupStore.
func (s *Logs) Groups(ctx context.Context, q logs.GroupQuery) ([]logs.Group, error) {
	where := newConditions(`g.partition = ? AND g.account = ? AND g.region = ?`, q.Scope.Partition, q.Scope.Account, q.Scope.Region)
	where.add(`g.name > ?`, q.After)
	where.prefix(`g.name`, q.Prefix)
	if q.Contains != "" {
		where.add(`lower(g.name) LIKE ? ESCAPE '\'`, "%"+escapeLike(strings.ToLower(q.Contains))+"%")
	}
	if q.Class != "" {
		where.add(`g.class = ?`, string(q.Class))
	}
	if len(q.Names) > 0 {
		addIn(where, `g.name`, q.Names)
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+groupColumns+` FROM log_group g WHERE `+where.text+
		` ORDER BY g.name`+where.limit(q.Limit), where.args...)
	return collect(rows, err, func(rows *sql.Rows) (logs.Group, error) { return scanGroup(rows) })
}

func scanGroup(row interface{ Scan(...any) error }) (g logs.Group, err error) {
	var created, span int64
	err = row.Scan(&g.ID, &g.Scope.Partition, &g.Scope.Account, &g.Scope.Region, &g.Name, &g.Class, &g.KMSKeyID,
		&created, &g.RetentionDays, &g.StoredBytes, &span, &g.MetricFilters)
	g.Created, g.Span = fromMillis(created), time.Duration(span)*time.Millisecond
	return g, err
}

// DeleteGroup implements logs.GroupStore.
func (s *Logs) DeleteGroup(ctx context.Context, groupID int64) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := groupExists(ctx, tx, groupID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO log_garbage (blob_key)
			SELECT blob_key FROM log_chunk WHERE group_id = $1 AND place = 'stored'`, groupID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM log_group WHERE id = $1`, groupID)
		return err
	})
}

// SetRetention implements logs.GroupStore.
func (s *Logs) SetRetention(ctx context.Context, groupID int64, days int) error {
	result, err := s.db.write.ExecContext(ctx, `UPDATE log_group SET retention_days = $2 WHERE id = $1`, groupID, days)
	return oneOr(logs.ErrNoGroup, result, err)
}

// Tags implements logs.GroupStore.
func (s *Logs) Tags(ctx context.Context, groupID int64) (map[string]string, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT key, value FROM log_group_tag WHERE group_id = $1`, groupID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tags := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		tags[key] = value
	}
	return tags, rows.Err()
}

// Tag implements logs.GroupStore.
func (s *Logs) Tag(ctx context.Context, groupID int64, tags map[string]string, limit int) (fits bool, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := groupExists(ctx, tx, groupID); err != nil {
			return err
		}
		if err := putGroupTags(ctx, tx, groupID, tags); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM log_group_tag WHERE group_id = $1`, groupID).Scan(&n); err != nil {
			return err
		}
		if n > limit {
			return errTooMany
		}
		return nil
	})
	if errors.Is(err, errTooMany) {
		return false, nil
	}
	return err == nil, err
}

// errTooMany rolls a transaction back.
var errTooMany = errors.New("too many")

func putGroupTags(ctx context.Context, tx *sql.Tx, groupID int64, tags map[string]string) error {
	for key, value := range tags {
		if _, err := tx.ExecContext(ctx, `INSERT INTO log_group_tag (group_id, key, value) VALUES ($1, $2, $3)
			ON CONFLICT (group_id, key) DO UPDATE SET value = excluded.value`, groupID, key, value); err != nil {
			return fmt.Errorf("tag %q: %w", key, err)
		}
	}
	return nil
}

// Untag implements logs.GroupStore.
func (s *Logs) Untag(ctx context.Context, groupID int64, keys []string) error {
	where := newConditions(`group_id = ?`, groupID)
	addIn(where, `key`, keys)
	_, err := s.db.write.ExecContext(ctx, `DELETE FROM log_group_tag WHERE `+where.text, where.args...)
	return err
}

func groupExists(ctx context.Context, tx *sql.Tx, groupID int64) error {
	err := tx.QueryRowContext(ctx, `SELECT id FROM log_group WHERE id = $1`, groupID).Scan(&groupID)
	if errors.Is(err, sql.ErrNoRows) {
		return logs.ErrNoGroup
	}
	return err
}
