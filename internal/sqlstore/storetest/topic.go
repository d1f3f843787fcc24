package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

var (
	topicScope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	topicStart = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
)

// RunTopics is what the topic station asks of its store.
func RunTopics(t *testing.T, open func(testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*testing.T, topic.Store){
		"TopicsRoundTrip":        topicsRoundTrip,
		"TopicsList":             topicsList,
		"TopicsUpdate":           topicsUpdate,
		"SubscriptionsRoundTrip": subscriptionsRoundTrip,
		"SubscriptionsList":      subscriptionsList,
		"Tokens":                 subscriptionTokens,
		"Dismissed":              subscriptionDismissed,
		"DismissedAndNew":        subscriptionDismissedAndNew,
		"Counts":                 topicCounts,
		"FanOut":                 messageFanOut,
		"FilteredFanOut":         filteredFanOut,
		"SameMessageOnce":        sameMessageOnce,
		"Lease":                  deliveryLease,
		"LeaseExpires":           deliveryLeaseExpires,
		"LeaseLeavesOut":         deliveryLeaseLeavesOut,
		"LeaseByMany":            deliveryLeaseByMany,
		"Outcomes":               deliveryOutcomes,
		"DeadLetters":            deadLetters,
		"DeadLettersReplay":      deadLettersReplay,
		"Deletions":              topicDeletions,
		"Sweep":                  topicSweep,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Topics()) })
	}
}

func newTopic(name string) topic.Topic {
	return topic.Topic{ARN: topicScope.ARN("sns", name), Attributes: map[string]string{}, Tags: map[string]string{}, Created: topicStart}
}

func newSubscription(t topic.Topic, n int) topic.Subscription {
	return topic.Subscription{ARN: fmt.Sprintf("%s:00000000-0000-4000-8000-%012d", t.ARN, n), TopicARN: t.ARN.String(), Protocol: "email",
		Endpoint: fmt.Sprintf("reader%d@example.com", n), Owner: topicScope.Account, Attributes: map[string]string{}, Created: topicStart}
}

func newMessage(t topic.Topic, id string) topic.Message {
	return topic.Message{ID: id, Type: topic.Notification, TopicARN: t.ARN.String(), Subject: "s", Body: "b", Published: topicStart}
}

func addTopic(t *testing.T, s topic.Store, name string) topic.Topic {
	t.Helper()
	stored, created, err := s.AddTopic(t.Context(), newTopic(name))
	if err != nil || !created {
		t.Fatalf("AddTopic(%s) = created %v, %v, want created", name, created, err)
	}
	return stored
}

func addSubscription(t *testing.T, s topic.Store, sub topic.Subscription) topic.Subscription {
	t.Helper()
	stored, created, err := s.AddSubscription(t.Context(), sub)
	if err != nil || !created {
		t.Fatalf("AddSubscription(%s) = created %v, %v, want created", sub.ARN, created, err)
	}
	return stored
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func topicsRoundTrip(t *testing.T, s topic.Store) {
	want := newTopic("alerts")
	want.Attributes["DisplayName"] = `Müller's "alerts" <&>`
	want.Tags["team"] = "blue"
	stored, created, err := s.AddTopic(t.Context(), want)
	if err != nil || !created || !reflect.DeepEqual(stored, want) {
		t.Fatalf("AddTopic = %v, %v, %v, want %v, true", stored, created, err, want)
	}
	again := newTopic("alerts")
	again.Created = topicStart.Add(time.Hour)
	stored, created, err = s.AddTopic(t.Context(), again)
	if err != nil || created || !reflect.DeepEqual(stored, want) {
		t.Errorf("AddTopic again = %v, %v, %v, want %v, false", stored, created, err, want)
	}
	if got, err := s.Topic(t.Context(), want.ARN.String()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Topic = %v, %v, want %v", got, err, want)
	}
	if _, err := s.Topic(t.Context(), want.ARN.String()+"x"); !errors.Is(err, topic.ErrNoTopic) {
		t.Errorf("Topic(missing) = %v, want ErrNoTopic", err)
	}
}

func topicsList(t *testing.T, s topic.Store) {
	for _, name := range []string{"c", "a", "b"} {
		addTopic(t, s, name)
	}
	elsewhere := newTopic("d")
	elsewhere.ARN.Region = "eu-west-1"
	_, _, err := s.AddTopic(t.Context(), elsewhere)
	must(t, err)
	for _, test := range []struct {
		after string
		limit int
		want  string
	}{{"", 10, "[a b c]"}, {"", 2, "[a b]"}, {topicScope.ARN("sns", "b").String(), 10, "[c]"}, {topicScope.ARN("sns", "c").String(), 10, "[]"}} {
		list, err := s.Topics(t.Context(), topicScope, test.after, test.limit)
		must(t, err)
		names := []string{}
		for _, found := range list {
			names = append(names, found.ARN.Resource)
		}
		if got := fmt.Sprint(names); got != test.want {
			t.Errorf("Topics(after %q, limit %d) = %v, want %v", test.after, test.limit, got, test.want)
		}
	}
}

func topicsUpdate(t *testing.T, s topic.Store) {
	made := addTopic(t, s, "alerts")
	must(t, s.UpdateTopic(t.Context(), made.ARN.String(), func(stored *topic.Topic) error {
		stored.Attributes["DisplayName"] = "x"
		stored.Tags["k"] = "v"
		return nil
	}))
	refusal := errors.New("no")
	if err := s.UpdateTopic(t.Context(), made.ARN.String(), func(stored *topic.Topic) error {
		stored.Attributes["DisplayName"] = "y"
		return refusal
	}); !errors.Is(err, refusal) {
		t.Errorf("UpdateTopic(refused) = %v, want %v", err, refusal)
	}
	got, err := s.Topic(t.Context(), made.ARN.String())
	must(t, err)
	if got.Attributes["DisplayName"] != "x" || got.Tags["k"] != "v" {
		t.Errorf("Topic after updates = %v, want DisplayName x and tag k=v", got)
	}
	if err := s.UpdateTopic(t.Context(), "arn:aws:sns:us-east-1:111122223333:none", func(*topic.Topic) error { return nil }); !errors.Is(err, topic.ErrNoTopic) {
		t.Errorf("UpdateTopic(missing) = %v, want ErrNoTopic", err)
	}
}

func subscriptionsRoundTrip(t *testing.T, s topic.Store) {
	made := addTopic(t, s, "alerts")
	want := newSubscription(made, 1)
	want.Pending, want.Principal, want.Attributes["FilterPolicyScope"] = true, "arn:aws:iam::111122223333:root", "MessageBody"
	if got := addSubscription(t, s, want); !reflect.DeepEqual(got, want) {
		t.Errorf("AddSubscription = %v, want %v", got, want)
	}
	same := newSubscription(made, 1)
	same.ARN = newSubscription(made, 2).ARN
	stored, created, err := s.AddSubscription(t.Context(), same)
	if err != nil || created || !reflect.DeepEqual(stored, want) {
		t.Errorf("AddSubscription of the same endpoint = %v, %v, %v, want %v, false", stored, created, err, want)
	}
	must(t, s.UpdateSubscription(t.Context(), want.ARN, func(sub *topic.Subscription) error {
		sub.Pending, sub.Authenticated, sub.Guarded = false, true, true
		delete(sub.Attributes, "FilterPolicyScope")
		return nil
	}))
	want.Pending, want.Authenticated, want.Guarded, want.Attributes = false, true, true, map[string]string{}
	if got, err := s.Subscription(t.Context(), want.ARN); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Subscription after update = %v, %v, want %v", got, err, want)
	}
	if _, _, err := s.AddSubscription(t.Context(), newSubscription(newTopic("none"), 1)); !errors.Is(err, topic.ErrNoTopic) {
		t.Errorf("AddSubscription(missing topic) = %v, want ErrNoTopic", err)
	}
	for name, err := range map[string]error{
		"UpdateSubscription": s.UpdateSubscription(t.Context(), same.ARN, func(*topic.Subscription) error { return nil }),
		"DeleteSubscription": s.DeleteSubscription(t.Context(), same.ARN),
		"AddConfirmation":    s.AddConfirmation(t.Context(), same.ARN, topicStart, newMessage(made, "m")),
	} {
		if !errors.Is(err, topic.ErrNoSubscription) {
			t.Errorf("%s(missing) = %v, want ErrNoSubscription", name, err)
		}
	}
}

func subscriptionsList(t *testing.T, s topic.Store) {
	one, two := addTopic(t, s, "one"), addTopic(t, s, "two")
	addSubscription(t, s, newSubscription(one, 1))
	addSubscription(t, s, newSubscription(one, 2))
	addSubscription(t, s, newSubscription(two, 3))
	foreign := newSubscription(one, 4)
	foreign.Owner = "444455556666"
	addSubscription(t, s, foreign)
	for name, test := range map[string]struct {
		q    topic.SubscriptionQuery
		want int
	}{
		"scope":       {topic.SubscriptionQuery{Scope: topicScope, Limit: 10}, 3},
		"other owner": {topic.SubscriptionQuery{Scope: arn.Scope{Partition: "aws", Account: "444455556666", Region: "us-east-1"}, Limit: 10}, 1},
		"topic":       {topic.SubscriptionQuery{Topic: one.ARN.String(), Limit: 10}, 3},
		"page":        {topic.SubscriptionQuery{Topic: one.ARN.String(), Limit: 2}, 2},
		"next page":   {topic.SubscriptionQuery{Topic: one.ARN.String(), After: newSubscription(one, 2).ARN, Limit: 2}, 1},
	} {
		if list, err := s.Subscriptions(t.Context(), test.q); err != nil || len(list) != test.want {
			t.Errorf("%s: Subscriptions = %d, %v, want %d", name, len(list), err, test.want)
		}
	}
}

func subscriptionTokens(t *testing.T, s topic.Store) {
	made := addTopic(t, s, "alerts")
	pending := newSubscription(made, 1)
	pending.Pending = true
	addSubscription(t, s, pending)
	expires := topicStart.Add(time.Hour)
	for _, token := range []string{"aa", "bb"} {
		request := newMessage(made, "request-"+token)
		request.Type, request.Token = topic.SubscriptionConfirmation, token
		must(t, s.AddConfirmation(t.Context(), pending.ARN, expires, request))
		if got, err := s.SubscriptionByToken(t.Context(), token, topicStart); err != nil || got.ARN != pending.ARN {
			t.Errorf("SubscriptionByToken(%s) = %v, %v, want %s", token, got.ARN, err, pending.ARN)
		}
	}
	for name, test := range map[string]struct {
		token string
		now   time.Time
	}{"expired": {"aa", expires}, "unknown": {"cc", topicStart}} {
		if _, err := s.SubscriptionByToken(t.Context(), test.token, test.now); !errors.Is(err, topic.ErrNoSubscription) {
			t.Errorf("SubscriptionByToken(%s) = %v, want ErrNoSubscription", name, err)
		}
	}
	leased := lease(t, s, topicStart, 10)
	if len(leased) != 2 || leased[0].Message.Type != topic.SubscriptionConfirmation || !leased[0].Subscription.Pending {
		t.Errorf("LeaseDeliveries = %v, want both requests to the pending subscription", leased)
	}
}

func topicCounts(t *testing.T, s topic.Store) {
	made := addTopic(t, s, "alerts")
	if got, err := s.Counts(t.Context(), made.ARN.String()); err != nil || got != (topic.Counts{}) {
		t.Errorf("Counts(new) = %v, %v, want zero", got, err)
	}
	for n := range 4 {
		sub := newSubscription(made, n)
		sub.Pending = n == 0
		addSubscription(t, s, sub)
	}
	must(t, s.DeleteSubscription(t.Context(), newSubscription(made, 3).ARN))
	want := topic.Counts{Confirmed: 2, Pending: 1, Deleted: 1}
	if got, err := s.Counts(t.Context(), made.ARN.String()); err != nil || got != want {
		t.Errorf("Counts = %v, %v, want %v", got, err, want)
	}
	if _, err := s.Counts(t.Context(), "none"); !errors.Is(err, topic.ErrNoTopic) {
		t.Errorf("Counts(missing) = %v, want ErrNoTopic", err)
	}
}

// audience makes a topic with one pending and n confirmed subscriptions.
func audience(t *testing.T, s topic.Store, n int) topic.Topic {
	t.Helper()
	made := addTopic(t, s, "alerts")
	pending := newSubscription(made, 99)
	pending.Pending = true
	addSubscription(t, s, pending)
	for i := range n {
		addSubscription(t, s, newSubscription(made, i))
	}
	return made
}

func lease(t *testing.T, s topic.Store, now time.Time, limit int) []topic.Delivery {
	t.Helper()
	leased, err := s.LeaseDeliveries(t.Context(), "email", now, now.Add(time.Minute), limit)
	must(t, err)
	return leased
}

func messageFanOut(t *testing.T, s topic.Store) {
	made := audience(t, s, 2)
	must(t, s.UpdateTopic(t.Context(), made.ARN.String(), func(stored *topic.Topic) error {
		stored.Attributes["DisplayName"] = "Alerts"
		return nil
	}))
	want := newMessage(made, "m1")
	want.ByProtocol = map[string]string{"email": "e"}
	want.Attributes = map[string]topic.Attribute{"k": {Type: "String", Value: "v"}}
	want.Explanation = &topic.Explanation{Text: "why", HTML: "<p>why</p>"}
	must(t, s.AddMessage(t.Context(), want, topicStart))
	leased := lease(t, s, topicStart, 10)
	if len(leased) != 2 {
		t.Fatalf("LeaseDeliveries = %d deliveries, want 2", len(leased))
	}
	for _, d := range leased {
		if !reflect.DeepEqual(d.Message, want) || d.DisplayName != "Alerts" || d.Attempt != 1 || d.Subscription.Pending {
			t.Errorf("LeaseDeliveries = %+v, want the first try of %+v", d, want)
		}
	}
	if err := s.AddMessage(t.Context(), newMessage(newTopic("none"), "m2"), topicStart); !errors.Is(err, topic.ErrNoTopic) {
		t.Errorf("AddMessage(missing topic) = %v, want ErrNoTopic", err)
	}
}

func filteredFanOut(t *testing.T, s topic.Store) {
	on := addTopic(t, s, "filtered")
	for n, policy := range []string{"", `{"team":["red"]}`, `{"team":["blue"]}`} {
		sub := newSubscription(on, n)
		if policy != "" {
			sub.Attributes["FilterPolicy"] = policy
		}
		addSubscription(t, s, sub)
	}
	m := newMessage(on, "m")
	m.Attributes = map[string]topic.Attribute{"team": {Type: "String", Value: "red"}}
	must(t, s.AddMessage(t.Context(), m, topicStart))
	var got []string
	for _, d := range lease(t, s, topicStart, 10) {
		got = append(got, d.Subscription.Endpoint)
	}
	slices.Sort(got)
	if want := []string{"reader0@example.com", "reader1@example.com"}; !slices.Equal(got, want) {
		t.Errorf("message owed to %v, want %v", got, want)
	}
}

func sameMessageOnce(t *testing.T, s topic.Store) {
	made := audience(t, s, 1)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	addSubscription(t, s, newSubscription(made, 7)) // comes later: not its message
	changed := newMessage(made, "m1")
	changed.Body = "changed"
	must(t, s.AddMessage(t.Context(), changed, topicStart))
	leased := lease(t, s, topicStart, 10)
	if len(leased) != 1 || leased[0].Message.Body != "b" {
		t.Fatalf("LeaseDeliveries after publishing one message twice = %v, want the first, once", leased)
	}
	must(t, s.FinishDelivery(t.Context(), leased[0], topic.Outcome{State: topic.Delivered, At: topicStart}))
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	if again := lease(t, s, topicStart.Add(time.Hour), 10); len(again) != 0 {
		t.Errorf("LeaseDeliveries after delivery and another publication = %v, want none", again)
	}
}

func deliveryLease(t *testing.T, s topic.Store) {
	made := audience(t, s, 3)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	if early := lease(t, s, topicStart.Add(-time.Millisecond), 10); len(early) != 0 {
		t.Errorf("LeaseDeliveries before due = %d, want 0", len(early))
	}
	if first, second, third := lease(t, s, topicStart, 2), lease(t, s, topicStart, 2), lease(t, s, topicStart, 2); len(first) != 2 || len(second) != 1 || len(third) != 0 {
		t.Errorf("LeaseDeliveries thrice = %d, %d, %d, want 2, 1, 0", len(first), len(second), len(third))
	}
	if other, err := s.LeaseDeliveries(t.Context(), "email-json", topicStart, topicStart, 10); err != nil || len(other) != 0 {
		t.Errorf("LeaseDeliveries(other protocol) = %d, %v, want 0", len(other), err)
	}
}

func deliveryLeaseExpires(t *testing.T, s topic.Store) {
	made := audience(t, s, 1)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	crashed, end := lease(t, s, topicStart, 1)[0], topicStart.Add(time.Minute)
	if next, err := s.NextDelivery(t.Context(), "email"); err != nil || !next.Equal(end) {
		t.Errorf("NextDelivery while leased = %v, %v, want the lease's end %v", next, err, end)
	}
	must(t, s.RenewLease(t.Context(), crashed, end.Add(time.Second)))
	if early := lease(t, s, end, 1); len(early) != 0 {
		t.Errorf("LeaseDeliveries under a renewed lease = %+v, want none", early)
	}
	end = end.Add(time.Second)
	again := lease(t, s, end, 1)
	if len(again) != 1 || again[0].Attempt != 2 || again[0].Message.ID != "m1" {
		t.Fatalf("LeaseDeliveries after the lease = %+v, want the second try of m1", again)
	}
	must(t, s.RenewLease(t.Context(), crashed, end.Add(time.Hour))) // too late
	if next, err := s.NextDelivery(t.Context(), "email"); err != nil || !next.Equal(end.Add(time.Minute)) {
		t.Errorf("NextDelivery after a late renewal = %v, %v, want the new lease's end", next, err)
	}
	must(t, s.FinishDelivery(t.Context(), crashed, topic.Outcome{State: topic.Failed, Error: "late", At: end}))
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{}); err != nil || len(records) != 1 || records[0].State != topic.Owed {
		t.Errorf("Deliveries after a late outcome = %+v, %v, want it still owed", records, err)
	}
}

func deliveryLeaseByMany(t *testing.T, s topic.Store) {
	made := audience(t, s, 20)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	var mu sync.Mutex
	seen := map[string]int{}
	var nodes sync.WaitGroup
	for range 4 {
		nodes.Go(func() {
			for {
				leased, err := s.LeaseDeliveries(context.WithoutCancel(t.Context()), "email", topicStart, topicStart.Add(time.Minute), 3)
				if err != nil {
					t.Errorf("LeaseDeliveries: %v", err)
				}
				if len(leased) == 0 {
					return
				}
				mu.Lock()
				for _, d := range leased {
					seen[d.Subscription.ARN]++
				}
				mu.Unlock()
			}
		})
	}
	nodes.Wait()
	for subscription, times := range seen {
		if times != 1 {
			t.Errorf("%s leased %d times, want once", subscription, times)
		}
	}
	if len(seen) != 20 {
		t.Errorf("leased %d deliveries, want 20", len(seen))
	}
}

func deliveryOutcomes(t *testing.T, s topic.Store) {
	made := audience(t, s, 1)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	due := topicStart.Add(10 * time.Second)
	at := topicStart.Add(time.Second)
	must(t, s.FinishDelivery(t.Context(), lease(t, s, topicStart, 1)[0], topic.Outcome{State: topic.Owed, Error: "busy", Due: due, At: at}))
	if next, err := s.NextDelivery(t.Context(), "email"); err != nil || !next.Equal(due) {
		t.Errorf("NextDelivery = %v, %v, want %v", next, err, due)
	}
	must(t, s.FinishDelivery(t.Context(), lease(t, s, due, 1)[0], topic.Outcome{State: topic.Owed, Error: "stopping", Due: due, At: due, Uncounted: true}))
	second := lease(t, s, due, 1)[0]
	if second.Attempt != 2 {
		t.Errorf("Attempt after an uncounted one = %d, want 2", second.Attempt)
	}
	want := topic.DeliveryRecord{MessageID: "m1", TopicARN: made.ARN.String(), SubscriptionARN: second.Subscription.ARN, Protocol: "email",
		Endpoint: "reader0@example.com", State: topic.Failed, Attempts: 2, Error: "no such mailbox", Updated: due}
	must(t, s.FinishDelivery(t.Context(), second, topic.Outcome{State: topic.Failed, Error: "no such mailbox", At: due}))
	for name, q := range map[string]topic.DeliveryQuery{"all": {}, "topic": {TopicARN: made.ARN.String()}, "message": {MessageID: "m1"}, "state": {State: topic.Failed}} {
		if records, err := s.Deliveries(t.Context(), q); err != nil || len(records) != 1 || records[0] != want {
			t.Errorf("Deliveries(%s) = %+v, %v, want %+v", name, records, err, want)
		}
	}
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{State: topic.Owed}); err != nil || len(records) != 0 {
		t.Errorf("Deliveries(owed) = %+v, %v, want none", records, err)
	}
	if next, err := s.NextDelivery(t.Context(), "email"); err != nil || !next.IsZero() {
		t.Errorf("NextDelivery with nothing owed = %v, %v, want zero", next, err)
	}
}

func topicDeletions(t *testing.T, s topic.Store) {
	made := audience(t, s, 2)
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	must(t, s.DeleteSubscription(t.Context(), newSubscription(made, 0).ARN))
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{}); err != nil || len(records) != 1 {
		t.Errorf("Deliveries after deleting one of two subscriptions = %d, %v, want 1", len(records), err)
	}
	must(t, s.DeleteTopic(t.Context(), made.ARN.String()))
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{}); err != nil || len(records) != 0 {
		t.Errorf("Deliveries after deleting the topic = %d, %v, want 0", len(records), err)
	}
	if _, err := s.Subscription(t.Context(), newSubscription(made, 1).ARN); !errors.Is(err, topic.ErrNoSubscription) {
		t.Errorf("Subscription after deleting the topic = %v, want ErrNoSubscription", err)
	}
	must(t, s.DeleteTopic(t.Context(), made.ARN.String())) // again
}

func topicSweep(t *testing.T, s topic.Store) {
	made := audience(t, s, 1) // its pending subscription has no token
	waiting := newSubscription(made, 50)
	waiting.Pending = true
	addSubscription(t, s, waiting)
	request := newMessage(made, "request")
	request.Token = "aa"
	must(t, s.AddConfirmation(t.Context(), waiting.ARN, topicStart.Add(72*time.Hour), request))
	must(t, s.AddMessage(t.Context(), newMessage(made, "m1"), topicStart))
	now := topicStart.Add(24 * time.Hour)
	for _, d := range lease(t, s, topicStart, 10) {
		if d.Message.ID == "m1" {
			must(t, s.FinishDelivery(t.Context(), d, topic.Outcome{State: topic.Delivered, At: topicStart}))
		}
	}
	must(t, s.Sweep(t.Context(), now, topicStart))
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{}); err != nil || len(records) != 2 {
		t.Errorf("Deliveries after an early sweep = %d, %v, want 2", len(records), err)
	}
	if got, err := s.Counts(t.Context(), made.ARN.String()); err != nil || got.Pending != 1 {
		t.Errorf("Counts after a sweep = %v, %v, want only the subscription with a live token pending", got, err)
	}
	must(t, s.Sweep(t.Context(), now.Add(72*time.Hour), now))
	if records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{}); err != nil || len(records) != 0 {
		t.Errorf("Deliveries after a late sweep = %v, %v, want none", records, err)
	}
	if got, err := s.Counts(t.Context(), made.ARN.String()); err != nil || got.Pending != 0 || got.Confirmed != 1 {
		t.Errorf("Counts after the token expired = %v, %v, want one confirmed, none pending", got, err)
	}
}
