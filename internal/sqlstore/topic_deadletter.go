package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func insertDeadLetter(ctx context.Context, tx *sql.Tx, d topic.Delivery, o topic.Outcome) error {
	content, err := encodeColumn(d.Message)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO dead_letter
		(message_id, subscription_arn, queue_arn, protocol, endpoint, attempts, error, failed_ms, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (message_id, subscription_arn) DO UPDATE SET
		queue_arn = excluded.queue_arn, attempts = excluded.attempts, error = excluded.error, failed_ms = excluded.failed_ms`,
		d.Message.ID, d.Subscription.ARN, o.DeadLetterQueue, d.Subscription.Protocol, d.Subscription.Endpoint, d.Attempt, o.Error,
		millis(o.At), content)
	return err
}

const (
	deadLetterColumns = `l.queue_arn, l.subscription_arn, l.protocol, l.endpoint, l.attempts, l.error, l.failed_ms, l.content`
	deadLetterWhere   = ` WHERE ($1 = '' OR l.queue_arn = $1) AND ($2 = '' OR l.message_id = $2) AND ($3 = '' OR l.subscription_arn = $3)`
)

// DeadLetters lists messages that were given up, the newest first.
func (s *Topics) DeadLetters(ctx context.Context, q topic.DeadLetterQuery) ([]topic.DeadLetter, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+deadLetterColumns+` FROM dead_letter l`+deadLetterWhere+`
		ORDER BY l.failed_ms DESC, l.message_id, l.subscription_arn LIMIT $4`, q.QueueARN, q.MessageID, q.SubscriptionARN, q.Limit)
	return collectRows(rows, err, scanDeadLetter)
}

func scanDeadLetter(row scanner) (topic.DeadLetter, error) {
	var l topic.DeadLetter
	var failed int64
	var content string
	if err := row.Scan(&l.QueueARN, &l.SubscriptionARN, &l.Protocol, &l.Endpoint, &l.Attempts, &l.Error, &failed, &content); err != nil {
		return topic.DeadLetter{}, err
	}
	l.Failed = fromMillis(failed)
	return l, decodeColumn("content", content, &l.Message)
}

// ReplayDeadLetters owes dead letters to their subscriptions again, as far as those are there.
func (s *Topics) ReplayDeadLetters(ctx context.Context, q topic.DeadLetterQuery, now time.Time) (replayed int, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+deadLetterColumns+` FROM dead_letter l JOIN subscription s ON s.arn = l.subscription_arn`+
			deadLetterWhere, q.QueueARN, q.MessageID, q.SubscriptionARN)
		letters, err := collectRows(rows, err, scanDeadLetter)
		for _, letter := range letters {
			if err := replay(ctx, tx, letter, now); err != nil {
				return err
			}
		}
		replayed = len(letters)
		return err
	})
	if err != nil {
		return 0, err
	}
	return replayed, nil
}

func replay(ctx context.Context, tx *sql.Tx, l topic.DeadLetter, now time.Time) error {
	if _, err := insertMessage(ctx, tx, l.Message); err != nil { // it may have been swept
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO delivery (message_id, subscription_arn, topic_arn, protocol, endpoint, state, due_ms, updated_ms)
		VALUES ($1, $2, $3, $4, $5, 'owed', $6, $6) ON CONFLICT (message_id, subscription_arn) DO UPDATE SET
		state = 'owed', attempts = 0, error = '', due_ms = excluded.due_ms, lease_ms = 0, updated_ms = excluded.updated_ms`,
		l.Message.ID, l.SubscriptionARN, l.Message.TopicARN, l.Protocol, l.Endpoint, millis(now)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM dead_letter WHERE message_id = $1 AND subscription_arn = $2`, l.Message.ID, l.SubscriptionARN)
	return err
}
