package snsapi

import (
	"context"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// CreateTopic makes a topic or returns the one that is there.
func (a *api) CreateTopic(ctx context.Context, in *shapes.CreateTopicInput) (*shapes.CreateTopicOutput, error) {
	if wire.Value(in.DataProtectionPolicy) != "" {
		return nil, invalid("DataProtectionPolicy Reason: this version of Tocsin has no data protection policies")
	}
	made, err := a.topics.Create(ctx, topic.CreateInput{Scope: scope(ctx), Name: wire.Value(in.Name), Attributes: in.Attributes, Tags: tags(in.Tags)})
	if err != nil {
		return nil, err
	}
	name := made.ARN.String()
	return &shapes.CreateTopicOutput{TopicArn: &name}, nil
}

// DeleteTopic deletes a topic and its subscriptions.
func (a *api) DeleteTopic(ctx context.Context, in *shapes.DeleteTopicInput) (*shapes.DeleteTopicOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.Delete(ctx, by(ctx), name)
}

// GetTopicAttributes describes a topic.
func (a *api) GetTopicAttributes(ctx context.Context, in *shapes.GetTopicAttributesInput) (*shapes.GetTopicAttributesOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	found, counts, err := a.topics.Topic(ctx, by(ctx), name)
	if err != nil {
		return nil, err
	}
	return &shapes.GetTopicAttributesOutput{Attributes: found.Describe(counts)}, nil
}

// SetTopicAttributes sets one attribute.
func (a *api) SetTopicAttributes(ctx context.Context, in *shapes.SetTopicAttributesInput) (*shapes.SetTopicAttributesOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.SetAttribute(ctx, by(ctx), name, wire.Value(in.AttributeName), wire.Value(in.AttributeValue))
}

// ListTopics lists the caller's topics of the region, 100 a page.
func (a *api) ListTopics(ctx context.Context, in *shapes.ListTopicsInput) (*shapes.ListTopicsOutput, error) {
	page, next, err := a.topics.Topics(ctx, scope(ctx), wire.Value(in.NextToken))
	if err != nil {
		return nil, err
	}
	out := &shapes.ListTopicsOutput{Topics: []shapes.Topic{}, NextToken: some(next)}
	for _, found := range page {
		name := found.ARN.String()
		out.Topics = append(out.Topics, shapes.Topic{TopicArn: &name})
	}
	return out, nil
}

// AddPermission adds a statement to the topic's policy.
func (a *api) AddPermission(ctx context.Context, in *shapes.AddPermissionInput) (*shapes.AddPermissionOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	permission := topic.Permission{Label: wire.Value(in.Label), Accounts: in.AWSAccountId, Actions: in.ActionName}
	return nil, a.topics.AddPermission(ctx, by(ctx), name, permission)
}

// RemovePermission takes a statement from the topic's policy.
func (a *api) RemovePermission(ctx context.Context, in *shapes.RemovePermissionInput) (*shapes.RemovePermissionOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.RemovePermission(ctx, by(ctx), name, wire.Value(in.Label))
}
