package topic

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// DeadLetter is a message that was given up for a subscription with a
// RedrivePolicy. Its queue has the ARN of an SQS queue, and is a list of ours.
type DeadLetter struct {
	QueueARN           string
	Message            Message
	SubscriptionARN    string
	Protocol, Endpoint string
	Attempts           int
	Error              string // of the last try
	Failed             time.Time
}

// DeadLetterQuery selects dead letters, the newest first. Empty fields select all.
type DeadLetterQuery struct {
	QueueARN, MessageID, SubscriptionARN string
	Limit                                int // of a list; 100 by default
}

// DeadLetterStore is the part of a Store that dead letters are kept in.
type DeadLetterStore interface {
	DeadLetters(ctx context.Context, q DeadLetterQuery) ([]DeadLetter, error)
	// ReplayDeadLetters owes dead letters to their subscriptions again, due now,
	// and returns how many. Those whose subscription is gone stay.
	ReplayDeadLetters(ctx context.Context, q DeadLetterQuery, now time.Time) (int, error)
}

// DeadLetters lists messages that were given up.
func (s *Service) DeadLetters(ctx context.Context, q DeadLetterQuery) ([]DeadLetter, error) {
	letters, err := s.store.DeadLetters(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return letters, nil
}

// Replay delivers dead letters to their subscriptions as if they had just been
// published, whatever the query's limit, and returns how many. Those whose
// subscription is gone stay.
func (s *Service) Replay(ctx context.Context, q DeadLetterQuery) (int, error) {
	replayed, err := s.store.ReplayDeadLetters(ctx, q, time.Now())
	if err != nil {
		return 0, fmt.Errorf("replay dead letters: %w", err)
	}
	s.Wake()
	return replayed, nil
}

type redrivePolicy struct {
	DeadLetterTargetARN string `json:"deadLetterTargetArn"`
}

// checkRedrivePolicy takes queues of the subscription's account and region, as
// AWS does, which have to be standard queues as our topics are standard topics.
func (s *Subscription) checkRedrivePolicy(value string) error {
	if value == "" {
		return nil
	}
	var policy redrivePolicy
	if json.Unmarshal([]byte(value), &policy) != nil {
		return invalid("RedrivePolicy: failed to parse JSON.%s", jsonFault(value))
	}
	of, err := arn.Parse(s.TopicARN)
	if err != nil {
		return fmt.Errorf("subscription %s: %w", s.ARN, err)
	}
	scope := arn.Scope{Partition: of.Partition, Account: s.Owner, Region: of.Region}
	queue, err := arn.Parse(policy.DeadLetterTargetARN)
	if err != nil || queue.Service != "sqs" || queue.Scope() != scope || !topicName.MatchString(queue.Resource) {
		return invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn")
	}
	return nil
}

// deadLetterQueue is where the delivery goes if it is given up; empty: nowhere.
func (d Delivery) deadLetterQueue() string {
	var policy redrivePolicy
	text := d.Subscription.Attributes["RedrivePolicy"]
	if text == "" || d.Message.Type != Notification || json.NewDecoder(strings.NewReader(text)).Decode(&policy) != nil {
		return ""
	}
	return policy.DeadLetterTargetARN
}
