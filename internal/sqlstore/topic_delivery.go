package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// oweTo owes message $2, due at $3, to the subscription that the WHERE clause after it selects.
const oweTo = `INSERT INTO delivery (message_id, subscription_arn, topic_arn, protocol, endpoint, state, due_ms, updated_ms)
	SELECT $2, arn, topic_arn, protocol, endpoint, 'owed', $3, $3 FROM subscription `

// AddMessage stores a message and owes it to its recipients.
func (s *Topics) AddMessage(ctx context.Context, m topic.Message, now time.Time) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := topicIn(ctx, tx, m.TopicARN); err != nil {
			return err
		}
		stored, err := insertMessage(ctx, tx, m)
		if err != nil || !stored {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription s WHERE s.topic_arn = $1 AND NOT s.pending`, m.TopicARN)
		confirmed, err := collectRows(rows, err, scanSubscription)
		if err != nil {
			return err
		}
		return owe(ctx, tx, m, now, topic.Recipients(m, confirmed))
	})
}

func owe(ctx context.Context, tx *sql.Tx, m topic.Message, now time.Time, recipients []topic.Subscription) error {
	statement, err := tx.PrepareContext(ctx, oweTo+`WHERE arn = $1`)
	if err != nil {
		return err
	}
	defer statement.Close()
	for _, sub := range recipients {
		if _, err := statement.ExecContext(ctx, sub.ARN, m.ID, millis(now)); err != nil {
			return err
		}
	}
	return nil
}

func insertMessage(ctx context.Context, tx *sql.Tx, m topic.Message) (stored bool, err error) {
	content, err := encodeColumn(m)
	if err != nil {
		return false, fmt.Errorf("message %s: %w", m.ID, err)
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO message (topic_arn, id, published_ms, content) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, m.TopicARN, m.ID, millis(m.Published), content)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// LeaseDeliveries takes owed deliveries that are due and free.
func (s *Topics) LeaseDeliveries(ctx context.Context, protocol string, now, until time.Time, limit int, busy ...string) (leased []topic.Delivery, err error) {
	leftOut, args := without(busy, protocol, millis(now), millis(until), limit)
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `UPDATE delivery SET lease_ms = $3, attempts = attempts + 1, updated_ms = $2
			WHERE (message_id, subscription_arn) IN (
				SELECT message_id, subscription_arn FROM delivery
				WHERE state = 'owed' AND protocol = $1 AND due_ms <= $2 AND lease_ms <= $2`+leftOut+` ORDER BY due_ms LIMIT $4)
			RETURNING message_id, subscription_arn`, args...)
		keys, err := collectRows(rows, err, func(row scanner) (key [2]string, err error) {
			return key, row.Scan(&key[0], &key[1])
		})
		for _, key := range keys {
			d, err := deliveryIn(ctx, tx, key[0], key[1])
			if err != nil {
				return fmt.Errorf("delivery of %s to %s: %w", key[0], key[1], err)
			}
			leased = append(leased, d)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return leased, nil
}

// without is a condition that leaves out subscriptions, and the arguments of
// its query: those given, and its own behind them.
func without(subscriptions []string, args ...any) (condition string, all []any) {
	if len(subscriptions) == 0 {
		return "", args
	}
	names := make([]string, len(subscriptions))
	for i, subscription := range subscriptions {
		args = append(args, subscription)
		names[i] = "$" + strconv.Itoa(len(args))
	}
	return " AND subscription_arn NOT IN (" + strings.Join(names, ", ") + ")", args
}

func deliveryIn(ctx context.Context, tx *sql.Tx, messageID, subscriptionARN string) (topic.Delivery, error) {
	var d topic.Delivery
	var content string
	err := tx.QueryRowContext(ctx, `SELECT m.content, d.attempts FROM delivery d
		JOIN message m ON m.topic_arn = d.topic_arn AND m.id = d.message_id
		WHERE d.message_id = $1 AND d.subscription_arn = $2`, messageID, subscriptionARN).Scan(&content, &d.Attempt)
	if err != nil {
		return topic.Delivery{}, err
	}
	d.Subscription, err = subscriptionIn(ctx, tx, subscriptionARN)
	if errors.Is(err, topic.ErrNoSubscription) {
		d.Subscription, err = dismissedIn(ctx, tx, `subscription_arn = $1`, subscriptionARN)
	}
	if err != nil {
		return topic.Delivery{}, err
	}
	t, err := topicIn(ctx, tx, d.Subscription.TopicARN)
	if err != nil {
		return topic.Delivery{}, err
	}
	d.DisplayName, d.SignatureVersion, d.TopicPolicy = t.DisplayName(), t.Attributes["SignatureVersion"], t.Attributes["DeliveryPolicy"]
	return d, decodeColumn("content", content, &d.Message)
}

// leasedAs holds of a delivery that was not leased anew since the given attempt.
const leasedAs = `message_id = $1 AND subscription_arn = $2 AND attempts = $3 AND state = 'owed'`

// RenewLease puts off the end of a delivery's lease.
func (s *Topics) RenewLease(ctx context.Context, d topic.Delivery, until time.Time) error {
	_, err := s.db.write.ExecContext(ctx, `UPDATE delivery SET lease_ms = $4 WHERE `+leasedAs,
		d.Message.ID, d.Subscription.ARN, d.Attempt, millis(until))
	return err
}

// FinishDelivery records a try, unless the delivery was leased anew in the meantime.
func (s *Topics) FinishDelivery(ctx context.Context, d topic.Delivery, o topic.Outcome) error {
	attempts := d.Attempt
	if o.Uncounted {
		attempts--
	}
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE delivery SET state = $4, error = $5, due_ms = $6, attempts = $7, updated_ms = $8, lease_ms = 0
			WHERE `+leasedAs, d.Message.ID, d.Subscription.ARN, d.Attempt, string(o.State), o.Error, millis(o.Due), attempts, millis(o.At))
		if err != nil || o.DeadLetterQueue == "" {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return insertDeadLetter(ctx, tx, d, o)
	})
}

// NextDelivery is when the next owed delivery of the protocol is due and free.
func (s *Topics) NextDelivery(ctx context.Context, protocol string, busy ...string) (time.Time, error) {
	leftOut, args := without(busy, protocol)
	var next sql.NullInt64
	err := s.db.read.QueryRowContext(ctx, `SELECT MIN(CASE WHEN lease_ms > due_ms THEN lease_ms ELSE due_ms END) FROM delivery
		WHERE state = 'owed' AND protocol = $1`+leftOut, args...).Scan(&next)
	if err != nil || !next.Valid {
		return time.Time{}, err
	}
	return fromMillis(next.Int64), nil
}

// Deliveries lists deliveries, the newest first.
func (s *Topics) Deliveries(ctx context.Context, q topic.DeliveryQuery) ([]topic.DeliveryRecord, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT message_id, topic_arn, subscription_arn, protocol, endpoint, state, attempts, error,
		due_ms, updated_ms FROM delivery
		WHERE ($1 = '' OR topic_arn = $1) AND ($2 = '' OR message_id = $2) AND ($3 = '' OR state = $3)
		ORDER BY updated_ms DESC, message_id, subscription_arn LIMIT $4`, q.TopicARN, q.MessageID, string(q.State), q.Limit)
	return collectRows(rows, err, scanDeliveryRecord)
}

func scanDeliveryRecord(row scanner) (topic.DeliveryRecord, error) {
	var r topic.DeliveryRecord
	var state string
	var due, updated int64
	err := row.Scan(&r.MessageID, &r.TopicARN, &r.SubscriptionARN, &r.Protocol, &r.Endpoint, &state, &r.Attempts, &r.Error, &due, &updated)
	r.State, r.Updated = topic.DeliveryState(state), fromMillis(updated)
	if r.State == topic.Owed {
		r.Due = fromMillis(due)
	}
	return r, err
}

// unconfirmedGrace keeps a sweep away from a subscription whose token is not stored yet.
const unconfirmedGrace = time.Hour

// Sweep forgets what is over.
func (s *Topics) Sweep(ctx context.Context, now, publishedBefore time.Time) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			statement string
			before    time.Time
		}{
			{`DELETE FROM subscription_token WHERE expires_ms <= $1`, now},
			{`DELETE FROM delivery WHERE state = 'owed' AND subscription_arn IN (SELECT subscription_arn FROM subscription_dismissed
				WHERE expires_ms <= $1) AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.arn = delivery.subscription_arn)`, now},
			{`DELETE FROM subscription_dismissed WHERE expires_ms <= $1`, now},
			{`DELETE FROM delivery WHERE state = 'owed' AND subscription_arn IN (SELECT arn FROM subscription s WHERE s.pending
				AND s.created_ms <= $1 AND NOT EXISTS (SELECT 1 FROM subscription_token t WHERE t.subscription_arn = s.arn))`, now.Add(-unconfirmedGrace)},
			{`DELETE FROM subscription WHERE pending AND created_ms <= $1 AND NOT EXISTS
				(SELECT 1 FROM subscription_token t WHERE t.subscription_arn = subscription.arn)`, now.Add(-unconfirmedGrace)},
			{`DELETE FROM delivery WHERE state <> 'owed' AND updated_ms < $1`, publishedBefore},
			{`DELETE FROM dead_letter WHERE failed_ms < $1`, publishedBefore},
			{`DELETE FROM message WHERE published_ms < $1 AND NOT EXISTS
				(SELECT 1 FROM delivery d WHERE d.message_id = message.id AND d.topic_arn = message.topic_arn)`, publishedBefore},
		} {
			if _, err := tx.ExecContext(ctx, step.statement, millis(step.before)); err != nil {
				return err
			}
		}
		return nil
	})
}
