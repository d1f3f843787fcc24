package topic

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// ConfirmInput is what a confirmation link or a ConfirmSubscription call carries.
type ConfirmInput struct {
	TopicARN string
	Token    string
	// Guard is AuthenticateOnUnsubscribe; it counts in signed requests only.
	Guard bool
}

var tokenForm = regexp.MustCompile(`\A[0-9a-f]{1,512}\z`)

var errNoToken = invalid("Token")

// Confirm confirms the subscription that the token was sent for, or restores
// it; doing it again while the token lives changes nothing. The zero Principal is somebody
// who followed the link. Of the topic's ARN only region and account have to be
// right: AWS confirms the token's subscription whatever topic is named.
func (s *Service) Confirm(ctx context.Context, by Principal, in ConfirmInput) (Subscription, error) {
	sub, err := s.Pending(ctx, in)
	if err != nil {
		return Subscription{}, err
	}
	signed := by != (Principal{})
	err = s.store.UpdateSubscription(ctx, sub.ARN, func(stored *Subscription) error {
		if stored.Pending {
			stored.Authenticated = signed
		}
		stored.Pending = false
		stored.Guarded = stored.Guarded || in.Guard && signed
		sub = *stored
		return nil
	})
	if errors.Is(err, ErrNoSubscription) {
		sub, err = s.store.RestoreSubscription(ctx, in.Token, time.Now())
	}
	if errors.Is(err, ErrNoSubscription) {
		return Subscription{}, errNoToken
	}
	return sub, err
}

// Pending is the subscription that Confirm would confirm; nothing changes, so
// that a page can show it first.
func (s *Service) Pending(ctx context.Context, in ConfirmInput) (Subscription, error) {
	named, err := arn.Parse(in.TopicARN)
	if err != nil {
		return Subscription{}, invalid("Topic")
	}
	if !tokenForm.MatchString(in.Token) {
		return Subscription{}, &Error{Invalid, "Invalid token"}
	}
	sub, err := s.store.SubscriptionByToken(ctx, in.Token, time.Now())
	if errors.Is(err, ErrNoSubscription) {
		return Subscription{}, errNoToken
	}
	if err != nil {
		return Subscription{}, fmt.Errorf("look up token: %w", err)
	}
	if has, err := arn.Parse(sub.TopicARN); err != nil || has.Scope() != named.Scope() || named.Service != has.Service {
		return Subscription{}, invalid("Topic")
	}
	return sub, nil
}
