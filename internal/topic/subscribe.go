package topic

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// tokenLife is how long a confirmation token is good for, and an unconfirmed
// subscription kept.
const tokenLife = 3 * 24 * time.Hour

// SubscribeInput is an endpoint to be subscribed.
type SubscribeInput struct {
	TopicARN   arn.ARN
	Protocol   string
	Endpoint   string
	Attributes map[string]string
}

// Subscribe makes a subscription that waits for its confirmation, and owes the
// endpoint the request to confirm. The same endpoint again is the same
// subscription; while it is pending, it gets another request.
func (s *Service) Subscribe(ctx context.Context, by Principal, in SubscribeInput) (Subscription, error) {
	stored, err := s.addSubscription(ctx, by, in, !in.isConfirmedAtOnce(by))
	if err != nil || !stored.Pending {
		return stored, err
	}
	now := time.Now()
	request := complete(Message{Type: SubscriptionConfirmation, TopicARN: stored.TopicARN, Token: newToken(), Published: now})
	if err := s.store.AddConfirmation(ctx, stored.ARN, now.Add(tokenLife), request); err != nil {
		return Subscription{}, fmt.Errorf("ask %s to confirm: %w", stored.ARN, err)
	}
	s.Wake()
	return stored, nil
}

// SubscribeConfirmed makes a subscription that needs no confirmation, for the
// operator's own addresses; it may be called again.
func (s *Service) SubscribeConfirmed(ctx context.Context, by Principal, in SubscribeInput) (Subscription, error) {
	stored, err := s.addSubscription(ctx, by, in, false)
	if err != nil || !stored.Pending {
		return stored, err
	}
	stored.Pending = false
	return stored, s.store.UpdateSubscription(ctx, stored.ARN, func(sub *Subscription) error {
		sub.Pending = false
		return nil
	})
}

func (s *Service) addSubscription(ctx context.Context, by Principal, in SubscribeInput, pending bool) (Subscription, error) {
	if err := checkEndpoint(in.Protocol, in.Endpoint); err != nil {
		return Subscription{}, err
	}
	if in.Protocol == "sqs" && s.options.Senders["sqs"] == nil {
		return Subscription{}, invalid("Protocol Reason: this Tocsin has no SQS endpoint to deliver to, see --sqs-endpoint")
	}
	wanted := Subscription{ARN: in.TopicARN.String() + ":" + uuid.NewString(), TopicARN: in.TopicARN.String(),
		Protocol: in.Protocol, Endpoint: in.Endpoint, Owner: by.Account, Principal: by.ARN, Pending: pending, Authenticated: in.isConfirmedAtOnce(by),
		Attributes: map[string]string{}, Created: time.Now().UTC().Truncate(time.Millisecond)}
	for _, name := range scopeFirst(in.Attributes) {
		if err := wanted.setAttribute(name, in.Attributes[name]); err != nil {
			return Subscription{}, inAttributes(err, name)
		}
	}
	if _, err := s.permitted(ctx, by, "Subscribe", in.TopicARN); err != nil {
		return Subscription{}, err
	}
	stored, created, err := s.store.AddSubscription(ctx, wanted)
	if err != nil {
		return Subscription{}, fmt.Errorf("subscribe to %s: %w", in.TopicARN, err)
	}
	if !created && !stored.sameAttributes(wanted.Attributes) {
		return Subscription{}, invalid("Attributes Reason: Subscription already exists with different attributes")
	}
	return stored, nil
}

// newToken is 128 random bytes in lower-case hexadecimal, the form of AWS's tokens.
func newToken() string {
	random := make([]byte, 128)
	rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

// Subscription returns a subscription to its owner or the topic's.
func (s *Service) Subscription(ctx context.Context, by Principal, subscriptionARN arn.ARN) (Subscription, error) {
	sub, err := s.store.Subscription(ctx, subscriptionARN.String())
	if err != nil {
		return Subscription{}, fmt.Errorf("look up subscription %s: %w", subscriptionARN, err)
	}
	return sub, sub.checkOwner(by, "GetSubscriptionAttributes")
}

// SubscriptionAttributes describes a subscription to its owner or the topic's.
func (s *Service) SubscriptionAttributes(ctx context.Context, by Principal, subscriptionARN arn.ARN) (map[string]string, error) {
	sub, err := s.Subscription(ctx, by, subscriptionARN)
	if err != nil {
		return nil, err
	}
	t, err := s.store.Topic(ctx, sub.TopicARN)
	if err != nil {
		return nil, fmt.Errorf("look up topic of %s: %w", subscriptionARN, err)
	}
	return sub.Describe(t.Attributes["DeliveryPolicy"]), nil
}

// Linked is the subscription that the link in a mail is about: whoever follows
// it knows the subscription's ARN and its endpoint.
func (s *Service) Linked(ctx context.Context, subscriptionARN arn.ARN, endpoint string) (Subscription, error) {
	sub, err := s.store.Subscription(ctx, subscriptionARN.String())
	if err == nil && sub.Endpoint != endpoint {
		err = ErrNoSubscription
	}
	if err != nil {
		return Subscription{}, fmt.Errorf("look up subscription %s: %w", subscriptionARN, err)
	}
	return sub, nil
}

// SetSubscriptionAttribute sets one attribute of a subscription.
func (s *Service) SetSubscriptionAttribute(ctx context.Context, by Principal, subscriptionARN arn.ARN, name, value string) error {
	return s.store.UpdateSubscription(ctx, subscriptionARN.String(), func(sub *Subscription) error {
		if err := sub.checkOwner(by, "SetSubscriptionAttributes"); err != nil {
			return err
		}
		return sub.setAttribute(name, value)
	})
}

// checkOwner lets the owners of the subscription and of its topic pass.
func (s Subscription) checkOwner(by Principal, action string) error {
	topicARN, err := arn.Parse(s.TopicARN)
	if err != nil {
		return fmt.Errorf("subscription %s: %w", s.ARN, err)
	}
	if by.Account != "" && (by.Account == s.Owner || by.Account == topicARN.Account) {
		return nil
	}
	return denied(by, action, s.ARN, "")
}

// Subscriptions lists the subscriptions of a scope, a page at a time.
func (s *Service) Subscriptions(ctx context.Context, scope arn.Scope, token string) (page []Subscription, next string, err error) {
	return s.listSubscriptions(ctx, SubscriptionQuery{Scope: scope}, token)
}

// SubscriptionsByTopic lists the subscriptions of a topic, a page at a time.
func (s *Service) SubscriptionsByTopic(ctx context.Context, by Principal, topicARN arn.ARN, token string) (page []Subscription, next string, err error) {
	if _, err := s.permitted(ctx, by, "ListSubscriptionsByTopic", topicARN); err != nil {
		return nil, "", err
	}
	return s.listSubscriptions(ctx, SubscriptionQuery{Topic: topicARN.String()}, token)
}

func (s *Service) listSubscriptions(ctx context.Context, q SubscriptionQuery, token string) (page []Subscription, next string, err error) {
	q.Limit = pageSize
	if q.After, err = afterToken(token); err != nil {
		return nil, "", err
	}
	if page, err = s.store.Subscriptions(ctx, q); err != nil {
		return nil, "", fmt.Errorf("list subscriptions: %w", err)
	}
	if len(page) > 0 {
		next = nextToken(len(page), page[len(page)-1].ARN)
	}
	return page, next, nil
}
