package snsapi

import (
	"context"
	"strings"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// What stands for the ARN of a subscription that is not confirmed yet, in the
// answer of Subscribe and in lists.
const (
	pendingAnswer = "pending confirmation"
	pendingListed = "PendingConfirmation"
)

// Subscribe subscribes an endpoint and asks it to confirm.
func (a *api) Subscribe(ctx context.Context, in *shapes.SubscribeInput) (*shapes.SubscribeOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	sub, err := a.topics.Subscribe(ctx, by(ctx), topic.SubscribeInput{TopicARN: name, Protocol: wire.Value(in.Protocol),
		Endpoint: wire.Value(in.Endpoint), Attributes: in.Attributes})
	if err != nil {
		return nil, err
	}
	answer := sub.ARN
	if sub.Pending && !wire.Value(in.ReturnSubscriptionArn) {
		answer = pendingAnswer
	}
	return &shapes.SubscribeOutput{SubscriptionArn: &answer}, nil
}

// ConfirmSubscription confirms what a token was sent for; links in messages call it unsigned.
func (a *api) ConfirmSubscription(ctx context.Context, in *shapes.ConfirmSubscriptionInput) (*shapes.ConfirmSubscriptionOutput, error) {
	sub, err := a.topics.Confirm(ctx, by(ctx), topic.ConfirmInput{TopicARN: wire.Value(in.TopicArn), Token: wire.Value(in.Token),
		Guard: strings.EqualFold(wire.Value(in.AuthenticateOnUnsubscribe), "true")})
	if err != nil {
		return nil, err
	}
	return &shapes.ConfirmSubscriptionOutput{SubscriptionArn: &sub.ARN}, nil
}

// Unsubscribe deletes a subscription; links in messages call it unsigned.
func (a *api) Unsubscribe(ctx context.Context, in *shapes.UnsubscribeInput) (*shapes.UnsubscribeOutput, error) {
	name, err := subscriptionARN(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.Unsubscribe(ctx, by(ctx), name)
}

// GetSubscriptionAttributes describes a subscription.
func (a *api) GetSubscriptionAttributes(ctx context.Context, in *shapes.GetSubscriptionAttributesInput) (*shapes.GetSubscriptionAttributesOutput, error) {
	name, err := subscriptionARN(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	attributes, err := a.topics.SubscriptionAttributes(ctx, by(ctx), name)
	if err != nil {
		return nil, err
	}
	return &shapes.GetSubscriptionAttributesOutput{Attributes: attributes}, nil
}

// SetSubscriptionAttributes sets one attribute.
func (a *api) SetSubscriptionAttributes(ctx context.Context, in *shapes.SetSubscriptionAttributesInput) (*shapes.SetSubscriptionAttributesOutput, error) {
	name, err := subscriptionARN(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.SetSubscriptionAttribute(ctx, by(ctx), name, wire.Value(in.AttributeName), wire.Value(in.AttributeValue))
}

// ListSubscriptions lists the caller's subscriptions of the region, 100 a page.
func (a *api) ListSubscriptions(ctx context.Context, in *shapes.ListSubscriptionsInput) (*shapes.ListSubscriptionsOutput, error) {
	page, next, err := a.topics.Subscriptions(ctx, scope(ctx), wire.Value(in.NextToken))
	if err != nil {
		return nil, err
	}
	return &shapes.ListSubscriptionsOutput{Subscriptions: listed(page), NextToken: some(next)}, nil
}

// ListSubscriptionsByTopic lists a topic's subscriptions, 100 a page.
func (a *api) ListSubscriptionsByTopic(ctx context.Context, in *shapes.ListSubscriptionsByTopicInput) (*shapes.ListSubscriptionsByTopicOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	page, next, err := a.topics.SubscriptionsByTopic(ctx, by(ctx), name, wire.Value(in.NextToken))
	if err != nil {
		return nil, err
	}
	return &shapes.ListSubscriptionsByTopicOutput{Subscriptions: listed(page), NextToken: some(next)}, nil
}

func listed(page []topic.Subscription) []shapes.Subscription {
	list := make([]shapes.Subscription, len(page))
	for i, sub := range page {
		if sub.Pending {
			sub.ARN = pendingListed
		}
		list[i] = shapes.Subscription{SubscriptionArn: &sub.ARN, Owner: &sub.Owner, Protocol: &sub.Protocol, Endpoint: &sub.Endpoint, TopicArn: &sub.TopicARN}
	}
	return list
}
