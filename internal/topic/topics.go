package topic

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// CreateInput is a topic to be made in a scope.
type CreateInput struct {
	Scope      arn.Scope
	Name       string
	Attributes map[string]string
	Tags       []Tag
}

// Create makes a topic, or returns the one of that name if it has all the
// attributes and tags asked for.
func (s *Service) Create(ctx context.Context, in CreateInput) (Topic, error) {
	if err := checkName(in.Name, in.Attributes); err != nil {
		return Topic{}, err
	}
	wanted, err := newTopic(in)
	if err != nil {
		return Topic{}, err
	}
	stored, created, err := s.store.AddTopic(ctx, wanted)
	if err != nil {
		return Topic{}, fmt.Errorf("create topic %s: %w", in.Name, err)
	}
	switch {
	case created:
	case !stored.sameAttributes(wanted.Attributes):
		return Topic{}, invalid("Attributes Reason: Topic already exists with different attributes")
	case !stored.hasTags(wanted.Tags):
		return Topic{}, invalid("Tags Reason: Topic already exists with different tags")
	}
	return stored, nil
}

func newTopic(in CreateInput) (Topic, error) {
	t := Topic{ARN: in.Scope.ARN("sns", in.Name), Attributes: map[string]string{}, Tags: map[string]string{},
		Created: time.Now().UTC().Truncate(time.Millisecond)}
	for name, value := range in.Attributes {
		if name == "FifoTopic" && value == "false" {
			continue
		}
		if err := t.setAttribute(name, value); err != nil {
			return Topic{}, inAttributes(err, name)
		}
	}
	return t, t.addTags(in.Tags)
}

// inAttributes words a refused attribute the way the Attributes parameter has it.
func inAttributes(err error, name string) error {
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.Kind != Invalid {
		return err
	}
	reason := strings.TrimPrefix(refusal.Message, "Invalid parameter: ")
	if reason == "AttributeName" {
		reason = "Unknown attribute " + name
	}
	return invalid("Attributes Reason: %s", reason)
}

// Topic returns a topic and its counts; principal needs the topic policy's leave if it is of another account.
func (s *Service) Topic(ctx context.Context, by Principal, topicARN arn.ARN) (Topic, Counts, error) {
	t, err := s.permitted(ctx, by, "GetTopicAttributes", topicARN)
	if err != nil {
		return Topic{}, Counts{}, err
	}
	counts, err := s.store.Counts(ctx, topicARN.String())
	if err != nil {
		return Topic{}, Counts{}, fmt.Errorf("count subscriptions of %s: %w", topicARN, err)
	}
	return t, counts, nil
}

// Topics lists the topics of a scope, a page at a time; an empty next token ends the list.
func (s *Service) Topics(ctx context.Context, scope arn.Scope, token string) (page []Topic, next string, err error) {
	after, err := afterToken(token)
	if err != nil {
		return nil, "", err
	}
	page, err = s.store.Topics(ctx, scope, after, pageSize)
	if err != nil {
		return nil, "", fmt.Errorf("list topics of %s: %w", scope, err)
	}
	if len(page) > 0 {
		next = nextToken(len(page), page[len(page)-1].ARN.String())
	}
	return page, next, nil
}

// SetAttribute sets one attribute of a topic; an empty value resets it.
func (s *Service) SetAttribute(ctx context.Context, by Principal, topicARN arn.ARN, name, value string) error {
	return s.change(ctx, by, "SetTopicAttributes", topicARN, func(t *Topic) error {
		return t.setAttribute(name, value)
	})
}

// Delete deletes a topic and its subscriptions. A missing topic is deleted already.
func (s *Service) Delete(ctx context.Context, by Principal, topicARN arn.ARN) error {
	if _, err := s.permitted(ctx, by, "DeleteTopic", topicARN); errors.Is(err, ErrNoTopic) {
		return nil
	} else if err != nil {
		return err
	}
	return s.store.DeleteTopic(ctx, topicARN.String())
}

// permitted looks a topic up for somebody who wants to do the action with it.
func (s *Service) permitted(ctx context.Context, by Principal, action string, topicARN arn.ARN) (Topic, error) {
	t, err := s.store.Topic(ctx, topicARN.String())
	switch {
	case errors.Is(err, ErrNoTopic):
		return Topic{}, err // in AWS's words, for alarm histories show it
	case err != nil:
		return Topic{}, fmt.Errorf("look up topic %s: %w", topicARN, err)
	}
	return t, authorize(t, by, action)
}

func (s *Service) change(ctx context.Context, by Principal, action string, topicARN arn.ARN, change func(*Topic) error) error {
	return s.store.UpdateTopic(ctx, topicARN.String(), func(t *Topic) error {
		if err := authorize(*t, by, action); err != nil {
			return err
		}
		t.Attributes, t.Tags = maps.Clone(t.Attributes), maps.Clone(t.Tags)
		return change(t)
	})
}
