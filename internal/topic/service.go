package topic

import (
	"context"
	"encoding/base64"
	"log/slog"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Store remembers topics, subscriptions, messages and deliveries. Topics and
// subscriptions are looked up by their ARNs as text; lists are in the order of
// those. A missing one is ErrNoTopic or ErrNoSubscription.
type Store interface {
	// AddTopic stores a new topic, or returns the one that has the name already.
	AddTopic(ctx context.Context, t Topic) (stored Topic, created bool, err error)
	Topic(ctx context.Context, topicARN string) (Topic, error)
	Topics(ctx context.Context, scope arn.Scope, after string, limit int) ([]Topic, error)
	// UpdateTopic writes back what change made of the topic, in one transaction.
	UpdateTopic(ctx context.Context, topicARN string, change func(*Topic) error) error
	// DeleteTopic takes the topic's subscriptions and what is still to be delivered with it.
	DeleteTopic(ctx context.Context, topicARN string) error
	Counts(ctx context.Context, topicARN string) (Counts, error)

	// AddSubscription stores a new subscription, or returns the one that has
	// the topic, protocol and endpoint already.
	AddSubscription(ctx context.Context, s Subscription) (stored Subscription, created bool, err error)
	// AddConfirmation stores a token and owes the subscriber the message that carries it.
	AddConfirmation(ctx context.Context, subscriptionARN string, expires time.Time, request Message) error
	Subscription(ctx context.Context, subscriptionARN string) (Subscription, error)
	// SubscriptionByToken knows tokens that expire after now, of dismissed
	// subscriptions too.
	SubscriptionByToken(ctx context.Context, token string, now time.Time) (Subscription, error)
	Subscriptions(ctx context.Context, q SubscriptionQuery) ([]Subscription, error)
	UpdateSubscription(ctx context.Context, subscriptionARN string, change func(*Subscription) error) error
	DeleteSubscription(ctx context.Context, subscriptionARN string) error
	// DismissSubscription deletes a subscription and owes its endpoint the offer
	// to restore it, whose token is good until it expires.
	DismissSubscription(ctx context.Context, subscriptionARN string, expires time.Time, offer Message) error
	// RestoreSubscription undoes a dismissal. If the endpoint has been subscribed
	// again in the meantime, that subscription is returned.
	RestoreSubscription(ctx context.Context, token string, now time.Time) (Subscription, error)

	// AddMessage stores a message and owes it to those of its topic's confirmed
	// subscriptions that are its Recipients, due now, in one transaction; a
	// message that the topic has already changes nothing.
	AddMessage(ctx context.Context, m Message, now time.Time) error
	DeliveryStore
	DeadLetterStore
}

// SubscriptionQuery selects subscriptions of a scope or, if Topic is set, of a topic.
type SubscriptionQuery struct {
	Scope arn.Scope
	Topic string
	After string // the last ARN of the page before
	Limit int
}

// Options are what a Service is made of besides its store. Zero fields have defaults.
type Options struct {
	// Senders deliver, by protocol. Owed deliveries of other protocols wait.
	Senders map[string]Sender
	// Concurrency is how many deliveries of one protocol run at once; 8 by
	// default, 64 for http and https, whose subscribers are servers of their own.
	Concurrency int
	// SendTimeout bounds one try; 30 seconds by default, 15 for http and https.
	SendTimeout time.Duration
	// Retention is how long messages and finished deliveries are kept; 14 days by default.
	Retention time.Duration
	Log       *slog.Logger
}

// Service is the topics of all accounts and regions. It is safe for many goroutines.
type Service struct {
	store   Store
	options Options
	wake    map[string]chan struct{} // by protocol: something may be due
	pace    pace
}

// New makes a service over a store. Deliveries are sent while Run runs.
func New(store Store, options Options) *Service {
	defaults(&options.Retention, 14*24*time.Hour)
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{store: store, options: options, wake: map[string]chan struct{}{}}
	for protocol := range options.Senders {
		s.wake[protocol] = make(chan struct{}, 1)
	}
	return s
}

func defaults[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

const pageSize = 100 // of every list, as AWS has it

// nextToken hides the key of a page's last item, if there may be more.
func nextToken(found int, last string) string {
	if found < pageSize {
		return ""
	}
	return base64.StdEncoding.EncodeToString([]byte(last))
}

func afterToken(token string) (string, error) {
	after, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return "", invalid("NextToken")
	}
	return string(after), nil
}
