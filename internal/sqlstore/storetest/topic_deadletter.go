package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

const queueARN = "arn:aws:sqs:us-east-1:111122223333:dlq"

// bury publishes a message to an audience of one and gives its delivery up.
func bury(t *testing.T, s topic.Store, on topic.Topic, id string, at time.Time) topic.DeadLetter {
	t.Helper()
	m := newMessage(on, id)
	must(t, s.AddMessage(t.Context(), m, at))
	d := lease(t, s, at, 1)[0]
	must(t, s.FinishDelivery(t.Context(), d, topic.Outcome{State: topic.Failed, Error: "no such mailbox", At: at, DeadLetterQueue: queueARN}))
	return topic.DeadLetter{QueueARN: queueARN, Message: m, SubscriptionARN: d.Subscription.ARN, Protocol: "email", Endpoint: "reader0@example.com",
		Attempts: 1, Error: "no such mailbox", Failed: at}
}

func wantLetters(t *testing.T, s topic.Store, what string, q topic.DeadLetterQuery, want ...topic.DeadLetter) {
	t.Helper()
	if got, err := s.DeadLetters(t.Context(), q); err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: DeadLetters(%+v) = %+v, %v, want %+v", what, q, got, err, want)
	}
}

func deadLetters(t *testing.T, s topic.Store) {
	on := audience(t, s, 1)
	first := bury(t, s, on, "m1", topicStart)
	second := bury(t, s, on, "m2", topicStart.Add(time.Second))
	wantLetters(t, s, "newest first", topic.DeadLetterQuery{}, second, first)
	wantLetters(t, s, "limit", topic.DeadLetterQuery{Limit: 1}, second)
	wantLetters(t, s, "message", topic.DeadLetterQuery{MessageID: "m1"}, first)
	wantLetters(t, s, "queue and subscription", topic.DeadLetterQuery{QueueARN: queueARN, SubscriptionARN: first.SubscriptionARN}, second, first)
	wantLetters(t, s, "other queue", topic.DeadLetterQuery{QueueARN: queueARN + "2"})

	must(t, s.AddMessage(t.Context(), newMessage(on, "m3"), topicStart))
	stale := lease(t, s, topicStart, 1)[0]
	lease(t, s, topicStart.Add(time.Minute), 1)
	must(t, s.FinishDelivery(t.Context(), stale, topic.Outcome{State: topic.Failed, At: topicStart, DeadLetterQueue: queueARN}))
	wantLetters(t, s, "leased anew", topic.DeadLetterQuery{MessageID: "m3"})

	must(t, s.Sweep(t.Context(), topicStart, topicStart.Add(time.Second)))
	wantLetters(t, s, "swept", topic.DeadLetterQuery{}, second)
}

func deadLettersReplay(t *testing.T, s topic.Store) {
	on := audience(t, s, 1)
	letter := bury(t, s, on, "m1", topicStart)
	later := topicStart.Add(30 * 24 * time.Hour)
	replay := func(what string, q topic.DeadLetterQuery, want int) {
		t.Helper()
		if got, err := s.ReplayDeadLetters(t.Context(), q, later); err != nil || got != want {
			t.Errorf("%s: ReplayDeadLetters(%+v) = %d, %v, want %d", what, q, got, err, want)
		}
	}
	replay("other message", topic.DeadLetterQuery{MessageID: "m2"}, 0)
	replay("all", topic.DeadLetterQuery{}, 1)
	replay("again", topic.DeadLetterQuery{}, 0)
	wantLetters(t, s, "replayed", topic.DeadLetterQuery{})
	owed := lease(t, s, later, 10)
	if len(owed) != 1 || owed[0].Message.ID != "m1" || owed[0].Attempt != 1 || owed[0].Subscription.ARN != letter.SubscriptionARN {
		t.Fatalf("owed after a replay = %+v, want m1, its first attempt", owed)
	}
	must(t, s.FinishDelivery(t.Context(), owed[0], topic.Outcome{State: topic.Failed, Error: "still none", At: later, DeadLetterQueue: queueARN}))
	letter.Error, letter.Failed = "still none", later
	wantLetters(t, s, "given up again", topic.DeadLetterQuery{}, letter)

	must(t, s.DeleteSubscription(t.Context(), letter.SubscriptionARN))
	replay("subscription is gone", topic.DeadLetterQuery{}, 0)
	wantLetters(t, s, "subscription is gone", topic.DeadLetterQuery{}, letter)
}
