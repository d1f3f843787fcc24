package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func subscriptionDismissed(t *testing.T, s topic.Store) {
	made := addTopic(t, s, "alerts")
	sub := newSubscription(made, 1)
	sub.Attributes["RawMessageDelivery"] = "true"
	addSubscription(t, s, sub)
	must(t, s.AddMessage(t.Context(), newMessage(made, "owed"), topicStart))
	offer := newMessage(made, "offer")
	offer.Type, offer.Token = topic.UnsubscribeConfirmation, "aa"
	expires := topicStart.Add(time.Hour)
	must(t, s.DismissSubscription(t.Context(), sub.ARN, expires, offer))
	if _, err := s.Subscription(t.Context(), sub.ARN); !errors.Is(err, topic.ErrNoSubscription) {
		t.Errorf("Subscription(dismissed) = %v, want ErrNoSubscription", err)
	}
	if err := s.DismissSubscription(t.Context(), sub.ARN, expires, offer); !errors.Is(err, topic.ErrNoSubscription) {
		t.Errorf("DismissSubscription(dismissed) = %v, want ErrNoSubscription", err)
	}
	if got, err := s.Counts(t.Context(), made.ARN.String()); err != nil || got != (topic.Counts{Deleted: 1}) {
		t.Errorf("Counts after a dismissal = %v, %v, want one deleted", got, err)
	}
	must(t, s.AddMessage(t.Context(), newMessage(made, "too late"), topicStart))
	leased := lease(t, s, topicStart, 10)
	if len(leased) != 1 || leased[0].Message.Token != "aa" || !reflect.DeepEqual(leased[0].Subscription, sub) {
		t.Fatalf("LeaseDeliveries = %+v, want the offer to %v only", leased, sub)
	}
	must(t, s.FinishDelivery(t.Context(), leased[0], topic.Outcome{State: topic.Delivered, At: topicStart}))
	if got, err := s.SubscriptionByToken(t.Context(), "aa", topicStart); err != nil || !reflect.DeepEqual(got, sub) {
		t.Errorf("SubscriptionByToken = %v, %v, want %v", got, err, sub)
	}
	for token, now := range map[string]time.Time{"bb": topicStart, "aa": expires} {
		if _, err := s.RestoreSubscription(t.Context(), token, now); !errors.Is(err, topic.ErrNoSubscription) {
			t.Errorf("RestoreSubscription(%s, %v) = %v, want ErrNoSubscription", token, now, err)
		}
	}
	for range 2 {
		if got, err := s.RestoreSubscription(t.Context(), "aa", topicStart); err != nil || !reflect.DeepEqual(got, sub) {
			t.Errorf("RestoreSubscription = %v, %v, want %v", got, err, sub)
		}
	}
	if got, err := s.Counts(t.Context(), made.ARN.String()); err != nil || got != (topic.Counts{Confirmed: 1}) {
		t.Errorf("Counts after a restoration = %v, %v, want one confirmed", got, err)
	}
}

// An endpoint that was subscribed anew keeps the new subscription.
func subscriptionDismissedAndNew(t *testing.T, s topic.Store) {
	made := addTopic(t, s, "alerts")
	old := addSubscription(t, s, newSubscription(made, 1))
	offer := newMessage(made, "offer")
	offer.Token = "aa"
	must(t, s.DismissSubscription(t.Context(), old.ARN, topicStart.Add(time.Hour), offer))
	again := newSubscription(made, 2)
	again.Endpoint = old.Endpoint
	addSubscription(t, s, again)
	if got, err := s.RestoreSubscription(t.Context(), "aa", topicStart); err != nil || got.ARN != again.ARN {
		t.Errorf("RestoreSubscription = %v, %v, want %s", got, err, again.ARN)
	}
	must(t, s.Sweep(t.Context(), topicStart.Add(2*time.Hour), topicStart.Add(-time.Hour)))
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{}); err != nil || len(records) != 0 {
		t.Errorf("Deliveries after the offer expired = %v, %v, want none", records, err)
	}
	if leased := lease(t, s, topicStart.Add(2*time.Hour), 10); len(leased) != 0 {
		t.Errorf("LeaseDeliveries after the offer expired = %v, want none", leased)
	}
}

func deliveryLeaseLeavesOut(t *testing.T, s topic.Store) {
	made := audience(t, s, 3)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	busy := []string{newSubscription(made, 0).ARN, newSubscription(made, 2).ARN}
	leased, err := s.LeaseDeliveries(t.Context(), "email", topicStart, topicStart.Add(time.Minute), 10, busy...)
	if err != nil || len(leased) != 1 || leased[0].Subscription.ARN != newSubscription(made, 1).ARN {
		t.Errorf("LeaseDeliveries without %v = %v, %v, want one", busy, leased, err)
	}
	if next, err := s.NextDelivery(t.Context(), "email"); err != nil || !next.Equal(topicStart) {
		t.Errorf("NextDelivery = %v, %v, want %v", next, err, topicStart)
	}
	if next, err := s.NextDelivery(t.Context(), "email", busy...); err != nil || !next.Equal(topicStart.Add(time.Minute)) {
		t.Errorf("NextDelivery without %v = %v, %v, want the end of the lease", busy, next, err)
	}
}
