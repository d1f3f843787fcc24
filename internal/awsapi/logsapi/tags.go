package logsapi

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/logs"
)

// Tags have two sets of operations over the same tags: by resource ARN, and the
// older ones by log group name.

// ListTagsForResource lists a log group's tags.
func (a *api) ListTagsForResource(ctx context.Context, in *shapes.ListTagsForResourceInput) (*shapes.ListTagsForResourceOutput, error) {
	name, err := taggedGroup(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := a.logs.Tags(ctx, scope(ctx), name)
	return &shapes.ListTagsForResourceOutput{Tags: tags}, err
}

// TagResource adds or replaces tags.
func (a *api) TagResource(ctx context.Context, in *shapes.TagResourceInput) (*shapes.TagResourceOutput, error) {
	name, err := taggedGroup(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkKeys(maps.Keys(in.Tags)); err != nil {
		return nil, err
	}
	return nil, a.logs.Tag(ctx, scope(ctx), name, in.Tags)
}

// UntagResource removes tags.
func (a *api) UntagResource(ctx context.Context, in *shapes.UntagResourceInput) (*shapes.UntagResourceOutput, error) {
	name, err := taggedGroup(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkKeys(slices.Values(in.TagKeys)); err != nil {
		return nil, err
	}
	return nil, a.logs.Untag(ctx, scope(ctx), name, in.TagKeys)
}

// ListTagsLogGroup lists a log group's tags.
func (a *api) ListTagsLogGroup(ctx context.Context, in *shapes.ListTagsLogGroupInput) (*shapes.ListTagsLogGroupOutput, error) {
	tags, err := a.logs.Tags(ctx, scope(ctx), wire.Value(in.LogGroupName))
	return &shapes.ListTagsLogGroupOutput{Tags: tags}, err
}

// TagLogGroup adds or replaces tags.
func (a *api) TagLogGroup(ctx context.Context, in *shapes.TagLogGroupInput) (*shapes.TagLogGroupOutput, error) {
	if err := checkKeys(maps.Keys(in.Tags)); err != nil {
		return nil, err
	}
	return nil, a.logs.Tag(ctx, scope(ctx), wire.Value(in.LogGroupName), in.Tags)
}

// UntagLogGroup removes tags.
func (a *api) UntagLogGroup(ctx context.Context, in *shapes.UntagLogGroupInput) (*shapes.UntagLogGroupOutput, error) {
	if err := checkKeys(slices.Values(in.Tags)); err != nil {
		return nil, err
	}
	return nil, a.logs.Untag(ctx, scope(ctx), wire.Value(in.LogGroupName), in.Tags)
}

// checkKeys refuses the tag keys that AWS keeps for itself.
func checkKeys(keys iter.Seq[string]) error {
	for key := range keys {
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return invalid("aws: prefixed tag key names are not allowed for external use.")
		}
	}
	return nil
}

// taggedGroup is the log group that a resource ARN names. A bare name is no ARN.
func taggedGroup(ctx context.Context, resource *string) (string, error) {
	name, err := logs.GroupName(scope(ctx), wire.Value(resource))
	if err == nil && name == wire.Value(resource) {
		return "", invalid("The specified resource ARN is not valid.")
	}
	return name, err
}
