package snsapi

import (
	"context"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/arn"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// Publish publishes to a topic.
func (a *api) Publish(ctx context.Context, in *shapes.PublishInput) (*shapes.PublishOutput, error) {
	message, err := topic.Publication{Message: wire.Value(in.Message), Subject: in.Subject, Structure: wire.Value(in.MessageStructure),
		Attributes: rawAttributes(in.MessageAttributes)}.Check()
	if err != nil {
		return nil, err
	}
	target, err := publishTarget(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := checkStandard(in.MessageDeduplicationId); err != nil {
		return nil, err
	}
	message.TopicARN = target.String()
	id, err := a.topics.Publish(ctx, by(ctx), message)
	if err != nil {
		return nil, err
	}
	return &shapes.PublishOutput{MessageId: &id}, nil
}

// publishTarget is the topic to publish to, which may also be named as the target.
func publishTarget(ctx context.Context, in *shapes.PublishInput) (arn.ARN, error) {
	switch {
	case in.TopicArn != nil:
		return topicARN(ctx, in.TopicArn)
	case in.PhoneNumber != nil:
		return arn.ARN{}, invalid("PhoneNumber Reason: " + *in.PhoneNumber + " is not valid to publish to")
	case in.TargetArn == nil:
		return arn.ARN{}, invalid("TopicArn or TargetArn" + noValue)
	}
	target, err := topicARN(ctx, in.TargetArn)
	if err == nil && strings.HasPrefix(target.Resource, "endpoint/") {
		return arn.ARN{}, invalid("TargetArn Reason: No endpoint found for the target arn specified")
	}
	return target, err
}

// checkStandard refuses what only FIFO topics have.
func checkStandard(deduplicationID *string) error {
	if deduplicationID != nil {
		return invalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	}
	return nil
}

func rawAttributes(attributes map[string]shapes.MessageAttributeValue) map[string]topic.RawAttribute {
	raw := map[string]topic.RawAttribute{}
	for name, value := range attributes {
		raw[name] = topic.RawAttribute{DataType: value.DataType, StringValue: value.StringValue, BinaryValue: value.BinaryValue}
	}
	return raw
}

// PublishBatch publishes up to ten messages.
func (a *api) PublishBatch(ctx context.Context, in *shapes.PublishBatchInput) (*shapes.PublishBatchOutput, error) {
	name, err := topicARN(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	entries := make([]topic.BatchEntry, len(in.PublishBatchRequestEntries))
	for i, entry := range in.PublishBatchRequestEntries {
		if err := checkStandard(entry.MessageDeduplicationId); err != nil {
			return nil, err
		}
		entries[i] = topic.BatchEntry{ID: wire.Value(entry.Id), Publication: topic.Publication{Message: wire.Value(entry.Message), Subject: entry.Subject,
			Structure: wire.Value(entry.MessageStructure), Attributes: rawAttributes(entry.MessageAttributes)}}
	}
	ids, err := a.topics.PublishBatch(ctx, by(ctx), name, entries)
	if err != nil {
		return nil, err
	}
	out := &shapes.PublishBatchOutput{Successful: []shapes.PublishBatchResultEntry{}, Failed: []shapes.BatchResultErrorEntry{}}
	for i := range ids {
		out.Successful = append(out.Successful, shapes.PublishBatchResultEntry{Id: &entries[i].ID, MessageId: &ids[i]})
	}
	return out, nil
}
