package cloudwatchapi

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// maxTags is how many tags a resource may have.
const maxTags = 50

// TagResource adds or replaces tags of an alarm.
func (a *Alarms) TagResource(ctx context.Context, in *shapes.TagResourceInput) (*shapes.TagResourceOutput, error) {
	added, err := tagsOf(in.Tags)
	if err != nil {
		return nil, err
	}
	return nil, a.retag(ctx, in.ResourceARN, func(tags map[string]string) error {
		maps.Copy(tags, added)
		return countTags(tags)
	})
}

// UntagResource removes tags of an alarm.
func (a *Alarms) UntagResource(ctx context.Context, in *shapes.UntagResourceInput) (*shapes.UntagResourceOutput, error) {
	return nil, a.retag(ctx, in.ResourceARN, func(tags map[string]string) error {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
		return nil
	})
}

// ListTagsForResource returns the tags of an alarm, by key.
func (a *Alarms) ListTagsForResource(ctx context.Context, in *shapes.ListTagsForResourceInput) (*shapes.ListTagsForResourceOutput, error) {
	scope, name, err := alarmOf(ctx, wire.Value(in.ResourceARN))
	if err != nil {
		return nil, err
	}
	tags, err := a.service.Tags(scope, name)
	if err != nil {
		return nil, untagged(err, name)
	}
	out := &shapes.ListTagsForResourceOutput{Tags: []shapes.Tag{}}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		out.Tags = append(out.Tags, shapes.Tag{Key: &key, Value: &value})
	}
	return out, nil
}

func (a *Alarms) retag(ctx context.Context, resource *string, edit func(map[string]string) error) error {
	scope, name, err := alarmOf(ctx, wire.Value(resource))
	if err != nil {
		return err
	}
	return untagged(a.service.Retag(ctx, scope, name, edit), name)
}

// alarmOf is the alarm of an ARN. Alarms of other accounts and regions do not
// exist for the caller.
func alarmOf(ctx context.Context, resource string) (arn.Scope, string, error) {
	scope := awsapi.CallFrom(ctx).Scope
	parsed, err := arn.Parse(resource)
	name, isAlarm := strings.CutPrefix(parsed.Resource, "alarm:")
	switch {
	case err != nil || parsed.Service != "cloudwatch":
		return scope, "", invalidValue("The value %s for parameter ResourceARN is not a valid ARN.", resource)
	case !isAlarm || parsed.Scope() != scope:
		return scope, "", noResource(resource)
	}
	return scope, name, nil
}

// untagged is the error of tag operations on an alarm that is not there.
func untagged(err error, name string) error {
	if errors.Is(err, alarm.ErrNotFound) {
		return noResource(name)
	}
	return err
}

func noResource(id string) error {
	kind := "alarm"
	return &shapes.ResourceNotFoundException{Message: "The alarm " + id + " does not exist.", ResourceType: &kind, ResourceId: &id}
}

// tagsOf reads tags; no key may be given twice or be AWS's own.
func tagsOf(list []shapes.Tag) (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range list {
		key := wire.Value(t.Key)
		if _, twice := tags[key]; twice {
			return nil, invalidValue("The tag key %s must not be given twice.", key)
		}
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalidValue("aws: prefixed tag key names are not allowed for external use.")
		}
		tags[key] = wire.Value(t.Value)
	}
	return tags, countTags(tags)
}

func countTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalidValue("The number of tags must not exceed %d.", maxTags)
	}
	return nil
}
