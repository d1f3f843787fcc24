package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// Topics stores topics, subscriptions, messages and deliveries.
type Topics struct{ db *DB }

var _ topic.Store = (*Topics)(nil)

// Topics is the store of the topic station.
func (db *DB) Topics() *Topics { return &Topics{db} }

const topicColumns = `arn, attributes, tags, created_ms`

// AddTopic stores a new topic, or returns the one that has the name already.
func (s *Topics) AddTopic(ctx context.Context, t topic.Topic) (stored topic.Topic, created bool, err error) {
	attributes, tags, err := encodeTopic(t)
	if err != nil {
		return topic.Topic{}, false, err
	}
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO topic (arn, partition, account, region, attributes, tags, created_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			t.ARN.String(), t.ARN.Partition, t.ARN.Account, t.ARN.Region, attributes, tags, millis(t.Created))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		created = n == 1
		stored, err = topicIn(ctx, tx, t.ARN.String())
		return err
	})
	return stored, created, err
}

// Topic looks a topic up.
func (s *Topics) Topic(ctx context.Context, topicARN string) (topic.Topic, error) {
	return topicIn(ctx, s.db.read, topicARN)
}

// Topics lists the topics of a scope after an ARN.
func (s *Topics) Topics(ctx context.Context, scope arn.Scope, after string, limit int) ([]topic.Topic, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+topicColumns+` FROM topic
		WHERE partition = $1 AND account = $2 AND region = $3 AND arn > $4 ORDER BY arn LIMIT $5`,
		scope.Partition, scope.Account, scope.Region, after, limit)
	return collectRows(rows, err, scanTopic)
}

// UpdateTopic writes back what change made of the topic.
func (s *Topics) UpdateTopic(ctx context.Context, topicARN string, change func(*topic.Topic) error) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		t, err := topicIn(ctx, tx, topicARN)
		if err != nil {
			return err
		}
		if err := change(&t); err != nil {
			return err
		}
		attributes, tags, err := encodeTopic(t)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE topic SET attributes = $2, tags = $3 WHERE arn = $1`, topicARN, attributes, tags)
		return err
	})
}

// DeleteTopic deletes a topic, its subscriptions and what is owed to them.
func (s *Topics) DeleteTopic(ctx context.Context, topicARN string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM delivery WHERE topic_arn = $1 AND state = 'owed'`, topicARN); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM topic WHERE arn = $1`, topicARN)
		return err
	})
}

// Counts counts a topic's subscriptions.
func (s *Topics) Counts(ctx context.Context, topicARN string) (topic.Counts, error) {
	var c topic.Counts
	err := s.db.read.QueryRowContext(ctx, `SELECT
		COUNT(*) FILTER (WHERE NOT s.pending), COUNT(*) FILTER (WHERE s.pending), MAX(t.deleted)
		FROM topic t LEFT JOIN subscription s ON s.topic_arn = t.arn WHERE t.arn = $1 GROUP BY t.arn`, topicARN).
		Scan(&c.Confirmed, &c.Pending, &c.Deleted)
	return c, missingAs(err, topic.ErrNoTopic)
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func topicIn(ctx context.Context, q queryer, topicARN string) (topic.Topic, error) {
	t, err := scanTopic(q.QueryRowContext(ctx, `SELECT `+topicColumns+` FROM topic WHERE arn = $1`, topicARN))
	return t, missingAs(err, topic.ErrNoTopic)
}

type scanner interface{ Scan(into ...any) error }

func scanTopic(row scanner) (topic.Topic, error) {
	var t topic.Topic
	var name, attributes, tags string
	var created int64
	if err := row.Scan(&name, &attributes, &tags, &created); err != nil {
		return topic.Topic{}, err
	}
	var err error
	if t.ARN, err = arn.Parse(name); err != nil {
		return topic.Topic{}, err
	}
	t.Created = fromMillis(created)
	return t, errors.Join(decodeColumn("attributes", attributes, &t.Attributes), decodeColumn("tags", tags, &t.Tags))
}

func encodeTopic(t topic.Topic) (attributes, tags string, err error) {
	if attributes, err = encodeColumn(t.Attributes); err != nil {
		return "", "", err
	}
	tags, err = encodeColumn(t.Tags)
	return attributes, tags, err
}

func encodeColumn(value any) (string, error) {
	encoded, err := json.Marshal(value)
	return string(encoded), err
}

func decodeColumn(column, text string, into any) error {
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("column %s: %w", column, err)
	}
	return nil
}

// missingAs turns "no rows" into the station's own error.
func missingAs(err, missing error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing
	}
	return err
}

// collectRows scans all rows of a query, whose error it also takes.
func collectRows[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) (list []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}
