package topic

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Tag is a label of a topic.
type Tag struct{ Key, Value string }

const mostTags = 50 // of one topic

var errNoResource = &Error{ResourceNotFound, "Resource does not exist"}

func (t *Topic) addTags(tags []Tag) error {
	if t.Tags == nil {
		t.Tags = map[string]string{}
	}
	seen := map[string]bool{}
	for _, tag := range tags {
		if seen[tag.Key] {
			return invalid("Duplicated keys are not allowed.")
		}
		if n := utf8.RuneCountInString(tag.Key); n == 0 || n > 128 || utf8.RuneCountInString(tag.Value) > 256 {
			return invalid("Tags Reason: a key has 1 to 128 characters, a value at most 256")
		}
		if err := checkOurs(tag.Key); err != nil {
			return err
		}
		seen[tag.Key] = true
		t.Tags[tag.Key] = tag.Value
	}
	if len(t.Tags) > mostTags {
		return &Error{TagLimit, "Could not complete request: tag quota of per resource exceeded"}
	}
	return nil
}

// checkOurs refuses the keys that AWS keeps for itself.
func checkOurs(key string) error {
	if strings.HasPrefix(strings.ToLower(key), "aws:") {
		return invalid("Tags Reason: aws: prefixed tag key names are not allowed for external use.")
	}
	return nil
}

// TagList is the topic's tags in the order of their keys.
func (t Topic) TagList() []Tag {
	list := []Tag{}
	for _, key := range slices.Sorted(maps.Keys(t.Tags)) {
		list = append(list, Tag{key, t.Tags[key]})
	}
	return list
}

// Tag adds tags to a topic, or overwrites them.
func (s *Service) Tag(ctx context.Context, by Principal, topicARN arn.ARN, tags []Tag) error {
	return s.changeTags(ctx, by, topicARN, func(t *Topic) error { return t.addTags(tags) })
}

// Untag takes tags from a topic.
func (s *Service) Untag(ctx context.Context, by Principal, topicARN arn.ARN, keys []string) error {
	return s.changeTags(ctx, by, topicARN, func(t *Topic) error {
		for _, key := range keys {
			if err := checkOurs(key); err != nil {
				return err
			}
			delete(t.Tags, key)
		}
		return nil
	})
}

// Tags lists a topic's tags.
func (s *Service) Tags(ctx context.Context, by Principal, topicARN arn.ARN) ([]Tag, error) {
	if by.Account != topicARN.Account {
		return nil, errNoResource
	}
	t, err := s.store.Topic(ctx, topicARN.String())
	return t.TagList(), asResource(err)
}

func (s *Service) changeTags(ctx context.Context, by Principal, topicARN arn.ARN, change func(*Topic) error) error {
	if by.Account != topicARN.Account {
		return errNoResource
	}
	return asResource(s.store.UpdateTopic(ctx, topicARN.String(), change))
}

func asResource(err error) error {
	if errors.Is(err, ErrNoTopic) {
		return errNoResource
	}
	return err
}
