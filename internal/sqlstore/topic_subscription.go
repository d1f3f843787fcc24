package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

const subscriptionColumns = `s.arn, s.topic_arn, s.protocol, s.endpoint, s.owner, s.principal, s.pending, s.authenticated, s.guarded,
	s.attributes, s.created_ms`

// AddSubscription stores a new subscription, or returns the one that is there.
func (s *Topics) AddSubscription(ctx context.Context, sub topic.Subscription) (stored topic.Subscription, created bool, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := topicIn(ctx, tx, sub.TopicARN); err != nil {
			return err
		}
		stored, created, err = insertSubscription(ctx, tx, sub)
		return err
	})
	return stored, created, err
}

func insertSubscription(ctx context.Context, tx *sql.Tx, sub topic.Subscription) (stored topic.Subscription, created bool, err error) {
	attributes, err := encodeColumn(sub.Attributes)
	if err != nil {
		return topic.Subscription{}, false, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO subscription
		(arn, topic_arn, protocol, endpoint, owner, principal, pending, authenticated, guarded, attributes, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (topic_arn, protocol, endpoint) DO NOTHING`,
		sub.ARN, sub.TopicARN, sub.Protocol, sub.Endpoint, sub.Owner, sub.Principal, sub.Pending, sub.Authenticated, sub.Guarded,
		attributes, millis(sub.Created))
	if err != nil {
		return topic.Subscription{}, false, err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return topic.Subscription{}, false, err
	}
	stored, err = scanSubscription(tx.QueryRowContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription s
		WHERE topic_arn = $1 AND protocol = $2 AND endpoint = $3`, sub.TopicARN, sub.Protocol, sub.Endpoint))
	return stored, n == 1, err
}

// AddConfirmation stores a token and owes the subscriber the message that carries it.
func (s *Topics) AddConfirmation(ctx context.Context, subscriptionARN string, expires time.Time, request topic.Message) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		sub, err := subscriptionIn(ctx, tx, subscriptionARN)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO subscription_token (token, subscription_arn, expires_ms) VALUES ($1, $2, $3)`,
			request.Token, sub.ARN, millis(expires)); err != nil {
			return err
		}
		if _, err := insertMessage(ctx, tx, request); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, oweTo+`WHERE arn = $1`, sub.ARN, request.ID, millis(request.Published))
		return err
	})
}

// Subscription looks a subscription up.
func (s *Topics) Subscription(ctx context.Context, subscriptionARN string) (topic.Subscription, error) {
	return subscriptionIn(ctx, s.db.read, subscriptionARN)
}

// SubscriptionByToken is the subscription that a token was made for.
func (s *Topics) SubscriptionByToken(ctx context.Context, token string, now time.Time) (topic.Subscription, error) {
	sub, err := scanSubscription(s.db.read.QueryRowContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription_token t
		JOIN subscription s ON s.arn = t.subscription_arn WHERE t.token = $1 AND t.expires_ms > $2`, token, millis(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return dismissedIn(ctx, s.db.read, `token = $1 AND expires_ms > $2`, token, millis(now))
	}
	return sub, err
}

// Subscriptions lists the subscriptions of a topic, or those that an account has in a region.
func (s *Topics) Subscriptions(ctx context.Context, q topic.SubscriptionQuery) ([]topic.Subscription, error) {
	if q.Topic != "" {
		rows, err := s.db.read.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription s
			WHERE topic_arn = $1 AND arn > $2 ORDER BY arn LIMIT $3`, q.Topic, q.After, q.Limit)
		return collectRows(rows, err, scanSubscription)
	}
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription s JOIN topic t ON t.arn = s.topic_arn
		WHERE t.partition = $1 AND s.owner = $2 AND t.region = $3 AND s.arn > $4 ORDER BY s.arn LIMIT $5`,
		q.Scope.Partition, q.Scope.Account, q.Scope.Region, q.After, q.Limit)
	return collectRows(rows, err, scanSubscription)
}

// UpdateSubscription writes back what change made of the subscription.
func (s *Topics) UpdateSubscription(ctx context.Context, subscriptionARN string, change func(*topic.Subscription) error) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		sub, err := subscriptionIn(ctx, tx, subscriptionARN)
		if err != nil {
			return err
		}
		if err := change(&sub); err != nil {
			return err
		}
		attributes, err := encodeColumn(sub.Attributes)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE subscription SET pending = $2, authenticated = $3, guarded = $4, attributes = $5 WHERE arn = $1`,
			subscriptionARN, sub.Pending, sub.Authenticated, sub.Guarded, attributes)
		return err
	})
}

// DeleteSubscription deletes a subscription and what is owed to it, and counts that on its topic.
func (s *Topics) DeleteSubscription(ctx context.Context, subscriptionARN string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error { return deleteSubscription(ctx, tx, subscriptionARN) })
}

func deleteSubscription(ctx context.Context, tx *sql.Tx, subscriptionARN string) error {
	var topicARN string
	err := tx.QueryRowContext(ctx, `DELETE FROM subscription WHERE arn = $1 RETURNING topic_arn`, subscriptionARN).Scan(&topicARN)
	if err != nil {
		return missingAs(err, topic.ErrNoSubscription)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM delivery WHERE subscription_arn = $1 AND state = 'owed'`, subscriptionARN); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE topic SET deleted = deleted + 1 WHERE arn = $1`, topicARN)
	return err
}

func subscriptionIn(ctx context.Context, q queryer, subscriptionARN string) (topic.Subscription, error) {
	sub, err := scanSubscription(q.QueryRowContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription s WHERE arn = $1`, subscriptionARN))
	return sub, missingAs(err, topic.ErrNoSubscription)
}

func scanSubscription(row scanner) (topic.Subscription, error) {
	var sub topic.Subscription
	var attributes string
	var created int64
	if err := row.Scan(&sub.ARN, &sub.TopicARN, &sub.Protocol, &sub.Endpoint, &sub.Owner, &sub.Principal, &sub.Pending,
		&sub.Authenticated, &sub.Guarded, &attributes, &created); err != nil {
		return topic.Subscription{}, err
	}
	sub.Created = fromMillis(created)
	return sub, decodeColumn("attributes", attributes, &sub.Attributes)
}
