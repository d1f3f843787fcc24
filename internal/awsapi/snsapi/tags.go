package snsapi

import (
	"context"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

func tags(list []shapes.Tag) []topic.Tag {
	var tags []topic.Tag
	for _, tag := range list {
		tags = append(tags, topic.Tag{Key: wire.Value(tag.Key), Value: wire.Value(tag.Value)})
	}
	return tags
}

// TagResource adds tags to a topic or replaces them.
func (a *api) TagResource(ctx context.Context, in *shapes.TagResourceInput) (*shapes.TagResourceOutput, error) {
	name, err := topicARN(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.Tag(ctx, by(ctx), name, tags(in.Tags))
}

// UntagResource takes tags from a topic.
func (a *api) UntagResource(ctx context.Context, in *shapes.UntagResourceInput) (*shapes.UntagResourceOutput, error) {
	name, err := topicARN(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return nil, a.topics.Untag(ctx, by(ctx), name, in.TagKeys)
}

// ListTagsForResource lists a topic's tags.
func (a *api) ListTagsForResource(ctx context.Context, in *shapes.ListTagsForResourceInput) (*shapes.ListTagsForResourceOutput, error) {
	name, err := topicARN(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	list, err := a.topics.Tags(ctx, by(ctx), name)
	if err != nil {
		return nil, err
	}
	out := &shapes.ListTagsForResourceOutput{Tags: []shapes.Tag{}}
	for _, tag := range list {
		out.Tags = append(out.Tags, shapes.Tag{Key: &tag.Key, Value: &tag.Value})
	}
	return out, nil
}
