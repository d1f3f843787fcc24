package topic_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

const queue = "arn:aws:sqs:us-east-1:111122223333:q"

func TestQueuesAndPhonesAreConfirmedAtOnce(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
	s := topic.New(store, topic.Options{Senders: map[string]topic.Sender{"sqs": &sender{}}})
	name := create(t, s, "t")
	for _, test := range []struct {
		protocol, endpoint string
		pending            bool
	}{
		{"sqs", queue, false},
		{"sqs", "arn:aws:sqs:us-east-1:444455556666:q", true}, // another account's
		{"sms", "+123123123", false},
	} {
		sub, err := s.Subscribe(t.Context(), root, topic.SubscribeInput{TopicARN: name, Protocol: test.protocol, Endpoint: test.endpoint})
		wantText(t, "Subscribe("+test.endpoint+")", err, "")
		if sub.Pending != test.pending || sub.Authenticated == test.pending {
			t.Errorf("Subscribe(%s) is pending: %t, authenticated: %t, want %t, %t", test.endpoint, sub.Pending, sub.Authenticated, test.pending, !test.pending)
		}
	}
}

func TestRawDeliveryToQueues(t *testing.T) {
	s := topic.New(openStore(t, filepath.Join(t.TempDir(), "tocsin.db")), topic.Options{Senders: map[string]topic.Sender{"sqs": &sender{}}})
	name := create(t, s, "t")
	for protocol, test := range map[string]struct{ endpoint, want string }{
		"sqs": {queue, ""},
		"sms": {"+123123123", "Invalid parameter: Attributes Reason: RawMessageDelivery: Delivery protocol [sms] does not support raw message delivery."},
	} {
		_, err := s.Subscribe(t.Context(), root, topic.SubscribeInput{TopicARN: name, Protocol: protocol, Endpoint: test.endpoint,
			Attributes: map[string]string{"RawMessageDelivery": "true"}})
		wantText(t, "Subscribe("+protocol+")", err, test.want)
	}
}

func TestQueuesAreTriedOnTheirSchedule(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		full := &sender{answer: func(context.Context, topic.Delivery) error {
			at = append(at, time.Now())
			return errors.New("503")
		}}
		s := topic.New(store, topic.Options{Senders: map[string]topic.Sender{"sqs": full}})
		name := create(t, s, "t")
		_, err := s.Subscribe(t.Context(), root, topic.SubscribeInput{TopicARN: name, Protocol: "sqs", Endpoint: queue})
		wantText(t, "Subscribe", err, "")
		defer run(t, s)()
		publish(t, s, name, "m1")
		time.Sleep(5 * time.Minute)
		for _, retry := range []struct {
			n    int
			want time.Duration
		}{{1, 0}, {3, 0}, {4, time.Second}, {6, time.Second}, {15, 20 * time.Second}, {16, 20 * time.Second}} {
			if len(at) <= retry.n {
				t.Fatalf("%d tries in five minutes, want more than %d", len(at), retry.n)
			}
			if got := at[retry.n].Sub(at[retry.n-1]); got < retry.want || got > retry.want+50*time.Millisecond {
				t.Errorf("retry %d after %v, want %v", retry.n, got, retry.want)
			}
		}
	})
	if _, again := topic.SQSRetries().Delay(100_015); !again {
		t.Error("SQSRetries().Delay(100015) = none, want one")
	}
	if _, again := topic.SQSRetries().Delay(100_016); again {
		t.Error("SQSRetries().Delay(100016) = one, want none")
	}
}
