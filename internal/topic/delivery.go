package topic

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Delivery is a message on its way to one subscriber.
type Delivery struct {
	Message      Message
	Subscription Subscription
	DisplayName  string // of the topic
	// SignatureVersion and TopicPolicy are the topic's, as they were set.
	SignatureVersion, TopicPolicy string
	Attempt                       int // counted from one
}

// Sender delivers by one protocol. Any error means that the delivery may be
// tried again, unless it is wrapped by Permanent. Send may be called again for
// a delivery that succeeded, if the program stopped before that was recorded.
type Sender interface {
	Send(ctx context.Context, d Delivery) error
}

// PermanentError is a failure that trying again will not mend.
type PermanentError struct{ Err error }

// Permanent marks an error as one that trying again will not mend.
func Permanent(err error) error { return &PermanentError{err} }

func (e *PermanentError) Error() string { return e.Err.Error() }

// Unwrap is the failure itself.
func (e *PermanentError) Unwrap() error { return e.Err }

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of deliveries.
const (
	Owed      DeliveryState = "owed"
	Delivered DeliveryState = "delivered"
	Failed    DeliveryState = "failed" // given up
)

// Outcome is what a try came to.
type Outcome struct {
	State DeliveryState
	Error string    // of this try; empty when delivered
	Due   time.Time // when to try again, if still owed
	At    time.Time
	// Uncounted says that the try was broken off by our own stopping.
	Uncounted bool
	// DeadLetterQueue is the ARN of where a failed delivery goes; empty: nowhere.
	DeadLetterQueue string
}

// DeliveryRecord is what is known of a delivery, for people.
type DeliveryRecord struct {
	MessageID, TopicARN, SubscriptionARN string
	Protocol, Endpoint                   string
	State                                DeliveryState
	Attempts                             int
	Error                                string    // of the last try
	Due                                  time.Time // of the next try, if owed
	Updated                              time.Time
}

// DeliveryQuery selects delivery records, the newest first. Empty fields select all.
type DeliveryQuery struct {
	TopicARN, MessageID string
	State               DeliveryState
	Limit               int
}

// DeliveryStore is the part of a Store that owed deliveries are worked off from.
type DeliveryStore interface {
	// LeaseDeliveries takes up to limit owed deliveries of the protocol that are
	// due at now and leased by nobody, and leases them until the given time:
	// after it they are free again. Busy are the ARNs of subscriptions to leave out.
	LeaseDeliveries(ctx context.Context, protocol string, now, until time.Time, limit int, busy ...string) ([]Delivery, error)
	// RenewLease puts off the end of a delivery's lease while its try runs.
	RenewLease(ctx context.Context, d Delivery, until time.Time) error
	// FinishDelivery records a try and, if it says so, a dead letter, unless the
	// delivery was leased anew in the meantime.
	FinishDelivery(ctx context.Context, d Delivery, o Outcome) error
	// NextDelivery is when the next owed delivery of the protocol can be leased; zero
	// when none is owed. Deliveries to busy subscriptions are left out.
	NextDelivery(ctx context.Context, protocol string, busy ...string) (time.Time, error)
	Deliveries(ctx context.Context, q DeliveryQuery) ([]DeliveryRecord, error)
	// Sweep forgets messages published before the time whose deliveries are
	// finished, dead letters that failed before it, expired tokens, and pending subscriptions without a live token.
	Sweep(ctx context.Context, now, publishedBefore time.Time) error
}

// Deliveries lists deliveries and their outcomes.
func (s *Service) Deliveries(ctx context.Context, q DeliveryQuery) ([]DeliveryRecord, error) {
	records, err := s.store.Deliveries(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return records, nil
}

// outcome decides what becomes of a delivery after a try.
func outcome(d Delivery, err error, now time.Time) Outcome {
	if err == nil {
		return Outcome{State: Delivered, At: now}
	}
	var permanent *PermanentError
	delay, again := d.retry()
	if errors.As(err, &permanent) || !again {
		return Outcome{State: Failed, Error: err.Error(), At: now, DeadLetterQueue: d.deadLetterQueue()}
	}
	return Outcome{State: Owed, Error: err.Error(), Due: now.Add(delay), At: now}
}

// retry is how long to wait before the delivery is tried again; false when it was tried enough.
func (d Delivery) retry() (time.Duration, bool) {
	switch {
	case d.Subscription.Protocol == "sqs":
		return SQSRetries().Delay(d.Attempt)
	case !IsHTTP(d.Subscription.Protocol):
		return MailRetries().Delay(d.Attempt)
	}
	delay, again := d.HTTPPolicy().Retries.Delay(d.Attempt)
	return jittered(delay), again
}

// jittered is a little longer than the delay, so that subscribers that fail
// together are not tried again together.
func jittered(delay time.Duration) time.Duration {
	return delay + rand.N(delay/10+1)
}
