package topic_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// programs runs a service whose https subscribers answer as told.
func programs(t *testing.T, answer func(context.Context, topic.Delivery) error) (*topic.Service, *sender) {
	t.Helper()
	store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
	subscribers := &sender{answer: answer}
	return topic.New(store, topic.Options{Senders: map[string]topic.Sender{"https": subscribers}}), subscribers
}

func TestProgramIsTriedByItsPolicy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		s, _ := programs(t, func(context.Context, topic.Delivery) error {
			at = append(at, time.Now())
			return errors.New("500")
		})
		sub := hook(t, s, "t", map[string]string{"DeliveryPolicy": `{"healthyRetryPolicy":{"numRetries":6,"numNoDelayRetries":1,"numMinDelayRetries":1,"minDelayTarget":10,"maxDelayTarget":40,"numMaxDelayRetries":1}}`})
		stop := run(t, s)
		publish(t, s, parse(t, sub.TopicARN), "m1")
		time.Sleep(time.Hour)
		stop()
		want := []time.Duration{0, 10 * time.Second, 10 * time.Second, 25 * time.Second, 40 * time.Second, 40 * time.Second}
		if len(at) != len(want)+1 {
			t.Fatalf("%d tries, want %d", len(at), len(want)+1)
		}
		for i, delay := range want {
			if got := at[i+1].Sub(at[i]); got < delay || got > delay+delay/10+20*time.Millisecond {
				t.Errorf("retry %d after %v, want %v and at most a tenth more", i+1, got, delay)
			}
		}
		if failed := wantRecords(t, s, topic.Failed, 1); len(failed) == 1 && failed[0].Attempts != 7 {
			t.Errorf("record = %+v, want 7 attempts", failed[0])
		}
	})
}

func TestProgramHasFifteenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var took time.Duration
		s, _ := programs(t, func(ctx context.Context, _ topic.Delivery) error {
			began := time.Now()
			<-ctx.Done()
			took = time.Since(began)
			return ctx.Err()
		})
		sub := hook(t, s, "t", map[string]string{"DeliveryPolicy": `{"healthyRetryPolicy":{"numRetries":0}}`})
		stop := run(t, s)
		publish(t, s, parse(t, sub.TopicARN), "m1")
		time.Sleep(time.Minute)
		stop()
		if took != 15*time.Second {
			t.Errorf("a try took %v, want it ended after 15 s", took)
		}
		wantRecords(t, s, topic.Failed, 1)
	})
}

func TestThrottledProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := map[string][]time.Time{} // guarded by the sender's lock
		s, subscribers := programs(t, nil)
		subscribers.answer = func(_ context.Context, d topic.Delivery) error {
			subscribers.mu.Lock()
			defer subscribers.mu.Unlock()
			at[d.Subscription.Endpoint] = append(at[d.Subscription.Endpoint], time.Now())
			return nil
		}
		requests := func(sub topic.Subscription) []time.Time {
			subscribers.mu.Lock()
			defer subscribers.mu.Unlock()
			return slices.Clone(at[sub.Endpoint])
		}
		slow := hook(t, s, "slow", map[string]string{"DeliveryPolicy": `{"throttlePolicy":{"maxReceivesPerSecond":2}}`})
		quick := hook(t, s, "quick", nil)
		defer run(t, s)()
		for i := range 40 {
			publish(t, s, parse(t, slow.TopicARN), fmt.Sprint("m", i))
		}
		for i := range 40 {
			publish(t, s, parse(t, quick.TopicARN), fmt.Sprint("m", i))
		}
		time.Sleep(time.Second)
		if got := len(requests(quick)); got != 40 {
			t.Errorf("%d requests to the other within a second, want all 40: one subscriber does not take all slots", got)
		}
		time.Sleep(20 * time.Second)
		times := requests(slow)
		if len(times) != 40 {
			t.Fatalf("%d requests in 21 s at 2 a second, want all 40", len(times))
		}
		for i := 1; i < len(times); i++ {
			if apart := times[i].Sub(times[i-1]); apart < 500*time.Millisecond {
				t.Errorf("requests %d and %d are %v apart, want 500 ms", i, i+1, apart)
			}
		}
	})
}

// A subscriber that never answers, with any number of messages owed to it,
// leaves slots to others.
func TestSilentProgramHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, subscribers := programs(t, nil)
		subscribers.answer = func(ctx context.Context, d topic.Delivery) error {
			if d.Subscription.Endpoint == "https://example.com/silent" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		silent, other := hook(t, s, "silent", nil), hook(t, s, "other", nil)
		defer run(t, s)()
		for i := range 100 {
			publish(t, s, parse(t, silent.TopicARN), fmt.Sprint("m", i))
		}
		synctest.Wait()
		publish(t, s, parse(t, other.TopicARN), "m")
		synctest.Wait()
		wantRecords(t, s, topic.Delivered, 1)
	})
}

// lastToken is the one in the last message that was sent.
func lastToken(t *testing.T, subscribers *sender, kind topic.MessageType) string {
	t.Helper()
	synctest.Wait()
	tries := subscribers.tries()
	if len(tries) == 0 || tries[len(tries)-1].Message.Type != kind {
		t.Fatalf("sent = %+v, want a %s last", tries, kind)
	}
	return tries[len(tries)-1].Message.Token
}

func TestProgramConfirmsAndRestores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, subscribers := programs(t, nil)
		name := create(t, s, "t")
		defer run(t, s)()
		in := topic.SubscribeInput{TopicARN: name, Protocol: "https", Endpoint: "https://example.com/hook", Attributes: map[string]string{"RawMessageDelivery": "true"}}
		sub, err := s.Subscribe(t.Context(), root, in)
		wantText(t, "Subscribe", err, "")
		first := lastToken(t, subscribers, topic.SubscriptionConfirmation)
		confirm := func(token string) topic.Subscription {
			t.Helper()
			got, err := s.Confirm(t.Context(), linked, topic.ConfirmInput{TopicARN: name.String(), Token: token})
			wantText(t, "Confirm", err, "")
			return got
		}
		if got := confirm(first); got.ARN != sub.ARN || got.Pending {
			t.Errorf("Confirm = %+v, want %s confirmed", got, sub.ARN)
		}
		wantText(t, "Unsubscribe", s.Unsubscribe(t.Context(), root, parse(t, sub.ARN)), "")
		wantText(t, "Unsubscribe again", s.Unsubscribe(t.Context(), root, parse(t, sub.ARN)), "")
		_, err = s.Subscription(t.Context(), root, parse(t, sub.ARN))
		wantText(t, "Subscription", err, "Subscription does not exist")
		publish(t, s, name, "while dismissed")
		offer := lastToken(t, subscribers, topic.UnsubscribeConfirmation)
		if got := len(subscribers.tries()); got != 2 {
			t.Errorf("%d requests, want the two confirmations only", got)
		}
		for range 2 {
			if got := confirm(offer); got.ARN != sub.ARN || got.Pending || got.Attributes["RawMessageDelivery"] != "true" {
				t.Errorf("Confirm = %+v, want %s as it was", got, sub.ARN)
			}
		}
		if _, counts, err := s.Topic(t.Context(), root, name); err != nil || counts != (topic.Counts{Confirmed: 1}) {
			t.Errorf("counts = %+v, %v, want one confirmed and none deleted", counts, err)
		}
		publish(t, s, name, "m1")
		lastToken(t, subscribers, topic.Notification)
		wantText(t, "Unsubscribe", s.Unsubscribe(t.Context(), root, parse(t, sub.ARN)), "")
		_, err = s.Confirm(t.Context(), linked, topic.ConfirmInput{TopicARN: name.String(), Token: offer})
		wantText(t, "Confirm with the offer of an earlier dismissal", err, "Invalid parameter: Token")
		last := lastToken(t, subscribers, topic.UnsubscribeConfirmation)
		time.Sleep(4 * 24 * time.Hour)
		_, err = s.Confirm(t.Context(), linked, topic.ConfirmInput{TopicARN: name.String(), Token: last})
		wantText(t, "Confirm after four days", err, "Invalid parameter: Token")
	})
}
