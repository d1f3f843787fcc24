// Package snsapi is the Amazon SNS API over topics. The rules are the topic
// station's; here are AWS's parameters and answers.
package snsapi

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

type api struct{ topics *topic.Service }

// New is the API's service table. The two operations that links in messages
// call are open to callers without a signature.
func New(topics *topic.Service) awsapi.Service {
	a := &api{topics: topics}
	return awsapi.Service{Model: model(), Ops: []wire.Operation{
		op(a.CreateTopic),
		op(a.DeleteTopic),
		op(a.GetTopicAttributes),
		op(a.SetTopicAttributes),
		op(a.ListTopics),
		op(a.AddPermission),
		op(a.RemovePermission),

		op(a.Subscribe),
		op(a.ConfirmSubscription).Unsigned(),
		op(a.Unsubscribe).Unsigned(),
		op(a.GetSubscriptionAttributes),
		op(a.SetSubscriptionAttributes),
		op(a.ListSubscriptions),
		op(a.ListSubscriptionsByTopic),

		op(a.Publish),
		op(a.PublishBatch),

		op(a.TagResource),
		op(a.UntagResource),
		op(a.ListTagsForResource),
	}}
}

// model is the service's model but for required ARNs: that one is missing, AWS
// tells in words of the operation, not as a violated constraint.
func model() *wire.Model {
	d := shapes.Model().Definition
	for _, shape := range d.Shapes {
		for i := range shape.Members {
			if m := &shape.Members[i]; m.Name == "TopicArn" || m.Name == "SubscriptionArn" {
				m.Required = false
			}
		}
	}
	return wire.MustModel(d)
}

// op is a table line whose errors are AWS's.
func op[I, O any](f func(context.Context, *I) (*O, error)) wire.Operation {
	return wire.Op(func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		return out, fault(err)
	})
}

// by is who calls, as topic policies know them.
func by(ctx context.Context) topic.Principal {
	caller := awsapi.CallFrom(ctx).Caller
	return topic.Principal{Account: caller.Account, ARN: caller.ARN}
}

func scope(ctx context.Context) arn.Scope { return awsapi.CallFrom(ctx).Scope }

func topicARN(ctx context.Context, text *string) (arn.ARN, error) {
	if text == nil {
		return arn.ARN{}, invalid("TopicArn" + noValue)
	}
	return topic.ParseARN(scope(ctx), wire.Value(text))
}

// subscriptionARN is a subscription of the caller's region. Whoever follows a
// link has none.
func subscriptionARN(ctx context.Context, text *string) (arn.ARN, error) {
	if text == nil {
		return arn.ARN{}, invalid("SubscriptionArn" + noValue)
	}
	parsed, err := topic.ParseSubscriptionARN(wire.Value(text))
	if err == nil && awsapi.CallFrom(ctx).Signed() && parsed.Region != scope(ctx).Region {
		return arn.ARN{}, invalid("SubscriptionArn")
	}
	return parsed, err
}

const noValue = " Reason: no value for required parameter"

func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
