package topic

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Publish stores a message and owes it to the topic's subscribers; it returns
// before anything is sent. An empty ID gets a new one, a zero time is now, and
// publishing an ID to the same topic again delivers nothing more. A refusal by
// the topic's policy is a Denied error in AWS's words.
func (s *Service) Publish(ctx context.Context, by Principal, m Message) (messageID string, err error) {
	topicARN, err := parseARN("TopicArn", m.TopicARN)
	if err != nil {
		return "", err
	}
	if _, err := s.permitted(ctx, by, "Publish", topicARN); err != nil {
		return "", err
	}
	m = complete(m)
	if err := s.store.AddMessage(ctx, m, time.Now()); err != nil {
		return "", fmt.Errorf("publish to %s: %w", m.TopicARN, err)
	}
	s.Wake()
	return m.ID, nil
}

func complete(m Message) Message {
	if m.ID == "" {
		m.ID = uuid.NewString()
	}
	if m.Published.IsZero() {
		m.Published = time.Now()
	}
	m.Published = m.Published.UTC().Truncate(time.Millisecond)
	if m.Type == "" {
		m.Type = Notification
	}
	return m
}

// BatchEntry is one message of a batch; ID is the caller's own name for it.
type BatchEntry struct {
	ID string
	Publication
}

// PublishBatch publishes up to ten messages and returns their message IDs in
// the order of the entries. What is wrong with one refuses all.
func (s *Service) PublishBatch(ctx context.Context, by Principal, topicARN arn.ARN, entries []BatchEntry) ([]string, error) {
	if err := checkBatch(entries); err != nil {
		return nil, err
	}
	messages := make([]Message, len(entries))
	for i, entry := range entries {
		m, err := entry.Check()
		if err != nil {
			return nil, err
		}
		m.TopicARN = topicARN.String()
		messages[i] = m
	}
	ids := make([]string, len(messages))
	for i, m := range messages {
		id, err := s.Publish(ctx, by, m)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

var batchID = regexp.MustCompile(`\A[A-Za-z0-9_-]*\z`)

func checkBatch(entries []BatchEntry) error {
	if len(entries) == 0 {
		return &Error{BatchEmpty, "The batch request doesn't contain any entries."}
	}
	if len(entries) > 10 {
		return &Error{BatchTooMany, "The batch request contains more entries than permissible."}
	}
	total, seen := 0, map[string]bool{}
	for _, entry := range entries {
		switch {
		case len(entry.ID) > 80:
			return &Error{BatchIDInvalid, "The Id of a batch entry in the batch request is too long: " + entry.ID}
		case entry.ID == "" || !batchID.MatchString(entry.ID):
			return &Error{BatchIDInvalid, "The Id of a batch entry in the batch request contains an impermissible character: " + entry.ID}
		case seen[entry.ID]:
			return &Error{BatchIDTwice, "Two or more batch entries in the request have the same Id."}
		}
		seen[entry.ID] = true
		total += entry.size()
	}
	if total > MaxMessage {
		return &Error{BatchTooLong, "The length of all the messages put together is more than the limit."}
	}
	return nil
}
