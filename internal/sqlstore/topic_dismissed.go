package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// DismissSubscription deletes a subscription and owes its endpoint the offer to restore it.
func (s *Topics) DismissSubscription(ctx context.Context, subscriptionARN string, expires time.Time, offer topic.Message) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		sub, err := subscriptionIn(ctx, tx, subscriptionARN)
		if err != nil {
			return err
		}
		content, err := encodeColumn(sub)
		if err != nil {
			return err
		}
		if err := deleteSubscription(ctx, tx, sub.ARN); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO subscription_dismissed (subscription_arn, topic_arn, content, token, expires_ms)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subscription_arn) DO UPDATE SET
			content = excluded.content, token = excluded.token, expires_ms = excluded.expires_ms`,
			sub.ARN, sub.TopicARN, content, offer.Token, millis(expires)); err != nil {
			return err
		}
		if _, err := insertMessage(ctx, tx, offer); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO delivery (message_id, subscription_arn, topic_arn, protocol, endpoint, state, due_ms, updated_ms)
			VALUES ($1, $2, $3, $4, $5, 'owed', $6, $6)`, offer.ID, sub.ARN, sub.TopicARN, sub.Protocol, sub.Endpoint, millis(offer.Published))
		return err
	})
}

// RestoreSubscription undoes a dismissal; doing it again while the token lives changes nothing.
func (s *Topics) RestoreSubscription(ctx context.Context, token string, now time.Time) (restored topic.Subscription, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		sub, err := dismissedIn(ctx, tx, `token = $1 AND expires_ms > $2`, token, millis(now))
		if err != nil {
			return err
		}
		var created bool
		if restored, created, err = insertSubscription(ctx, tx, sub); err != nil || !created {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE topic SET deleted = deleted - 1 WHERE arn = $1`, sub.TopicARN)
		return err
	})
	return restored, err
}

// dismissedIn is the dismissed subscription that the condition selects.
func dismissedIn(ctx context.Context, q queryer, condition string, args ...any) (topic.Subscription, error) {
	var sub topic.Subscription
	var content string
	err := q.QueryRowContext(ctx, `SELECT content FROM subscription_dismissed WHERE `+condition, args...).Scan(&content)
	if err != nil {
		return topic.Subscription{}, missingAs(err, topic.ErrNoSubscription)
	}
	return sub, decodeColumn("content", content, &sub)
}
