package topic

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Unsubscribe deletes a subscription; one that is gone already is no error.
// The zero Principal is somebody who followed the link in a message. Programs,
// which http and https subscribers are, are told and can restore it.
func (s *Service) Unsubscribe(ctx context.Context, by Principal, subscriptionARN arn.ARN) error {
	sub, err := s.store.Subscription(ctx, subscriptionARN.String())
	if errors.Is(err, ErrNoSubscription) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up subscription %s: %w", subscriptionARN, err)
	}
	if sub.Pending {
		return invalid("Cannot unsubscribe a subscription that is pending confirmation")
	}
	if signed := by != (Principal{}); signed || sub.Guarded {
		if err := sub.checkOwner(by, "Unsubscribe"); err != nil {
			return err
		}
	}
	if !IsHTTP(sub.Protocol) {
		return s.store.DeleteSubscription(ctx, sub.ARN)
	}
	return s.dismiss(ctx, sub)
}

// dismiss deletes a subscription and owes its endpoint the offer to restore it.
func (s *Service) dismiss(ctx context.Context, sub Subscription) error {
	now := time.Now()
	offer := complete(Message{Type: UnsubscribeConfirmation, TopicARN: sub.TopicARN, Token: newToken(), Published: now})
	err := s.store.DismissSubscription(ctx, sub.ARN, now.Add(tokenLife), offer)
	if errors.Is(err, ErrNoSubscription) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("unsubscribe %s: %w", sub.ARN, err)
	}
	s.Wake()
	return nil
}

// ForProgram reports whether a link about the subscription was sent to a
// program, for which a visit has to be enough, and not to a person.
func (s *Service) ForProgram(ctx context.Context, subscriptionARN arn.ARN) (bool, error) {
	sub, err := s.store.Subscription(ctx, subscriptionARN.String())
	if err != nil {
		return false, fmt.Errorf("look up subscription %s: %w", subscriptionARN, err)
	}
	return IsHTTP(sub.Protocol), nil
}
