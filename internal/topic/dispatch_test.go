package topic_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// run starts Run and returns what stops it and waits for its end.
func run(t *testing.T, s *topic.Service) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	}
}

func sending(store topic.Store, o topic.Options, senders ...*sender) *topic.Service {
	o.Senders = map[string]topic.Sender{}
	for i, protocol := range []string{"email", "email-json"}[:len(senders)] {
		o.Senders[protocol] = senders[i]
	}
	return topic.New(store, o)
}

func wantRecords(t *testing.T, s *topic.Service, state topic.DeliveryState, want int) []topic.DeliveryRecord {
	t.Helper()
	records, err := s.Deliveries(t.Context(), topic.DeliveryQuery{State: state})
	if err != nil || len(records) != want {
		t.Errorf("Deliveries(%s) = %+v, %v, want %d", state, records, err, want)
	}
	return records
}

func TestPublishDeliversAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		mail := &sender{}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		subscribe(t, s, name, "a@example.com")
		subscribe(t, s, name, "b@example.com")
		defer run(t, s)()
		synctest.Wait()
		began := time.Now()
		publish(t, s, name, "m1")
		synctest.Wait()
		if waited := time.Since(began); len(mail.tries()) != 2 || waited != 0 {
			t.Errorf("%d mails after %v, want 2 at once", len(mail.tries()), waited)
		}
		publish(t, s, name, "m1") // an alarm that repeats itself after a crash
		time.Sleep(time.Hour)
		if got := len(mail.tries()); got != 2 {
			t.Errorf("%d mails after publishing the same message again, want 2", got)
		}
		wantRecords(t, s, topic.Delivered, 2)
	})
}

func TestRetriesFollowThePolicy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		var at []time.Time
		mail := &sender{answer: func(context.Context, topic.Delivery) error {
			at = append(at, time.Now())
			return errors.New("451 try later")
		}}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		subscribe(t, s, name, "a@example.com")
		stop := run(t, s)
		publish(t, s, name, "m1")
		time.Sleep(8 * time.Hour)
		stop()
		if len(at) != 51 {
			t.Fatalf("%d tries, want the first and 50 more", len(at))
		}
		for retry := 1; retry < len(at); retry++ {
			want, _ := topic.MailRetries().Delay(retry)
			if got := at[retry].Sub(at[retry-1]); got < want || got > want+20*time.Millisecond {
				t.Errorf("retry %d after %v, want %v", retry, got, want)
			}
		}
		for i, try := range mail.tries() {
			if try.Message.ID != "m1" || try.Attempt != i+1 {
				t.Errorf("try %d is of message %s, attempt %d, want m1, %d", i+1, try.Message.ID, try.Attempt, i+1)
			}
		}
		if failed := wantRecords(t, s, topic.Failed, 1); len(failed) == 1 && (failed[0].Attempts != 51 || failed[0].Error != "451 try later") {
			t.Errorf("record = %+v, want 51 attempts and the last error", failed[0])
		}
	})
}

func TestPermanentFailureIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		mail := &sender{answer: func(context.Context, topic.Delivery) error {
			return fmt.Errorf("send: %w", topic.Permanent(errors.New("550 no such mailbox")))
		}}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		subscribe(t, s, name, "a@example.com")
		defer run(t, s)()
		publish(t, s, name, "m1")
		time.Sleep(8 * time.Hour)
		if got := len(mail.tries()); got != 1 {
			t.Errorf("%d tries, want 1", got)
		}
		wantRecords(t, s, topic.Failed, 1)
	})
}

func TestSilentServerHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		silent := &sender{answer: func(ctx context.Context, d topic.Delivery) error {
			if strings.HasPrefix(d.Subscription.Endpoint, "silent") {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}}
		other := &sender{}
		s := sending(store, topic.Options{Concurrency: 3, SendTimeout: 30 * time.Second}, silent, other)
		name := create(t, s, "t")
		for i := range 3 {
			subscribe(t, s, name, fmt.Sprintf("silent%d@example.com", i))
		}
		subscribe(t, s, name, "a@example.com")
		_, err := s.SubscribeConfirmed(t.Context(), root, topic.SubscribeInput{TopicARN: name, Protocol: "email-json", Endpoint: "b@example.com"})
		wantText(t, "SubscribeConfirmed", err, "")
		defer run(t, s)()
		publish(t, s, name, "m1")
		synctest.Wait()
		if len(other.tries()) != 1 {
			t.Errorf("%d mails of the other protocol while one server is silent, want 1 at once", len(other.tries()))
		}
		time.Sleep(31 * time.Second) // all slots were taken; they come free when the tries time out
		wantRecords(t, s, topic.Delivered, 2)
		for _, record := range wantRecords(t, s, topic.Owed, 3) {
			if !strings.Contains(record.Error, "deadline exceeded") || record.Due.IsZero() {
				t.Errorf("record = %+v, want the timeout and the next try", record)
			}
		}
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		running, most := make(chan struct{}, 100), 0
		mail := &sender{}
		mail.answer = func(context.Context, topic.Delivery) error {
			running <- struct{}{}
			mail.mu.Lock()
			most = max(most, len(running))
			mail.mu.Unlock()
			time.Sleep(time.Second)
			<-running
			return nil
		}
		s := sending(store, topic.Options{Concurrency: 4}, mail)
		name := create(t, s, "t")
		for i := range 20 {
			subscribe(t, s, name, fmt.Sprintf("r%d@example.com", i))
		}
		defer run(t, s)()
		publish(t, s, name, "m1")
		time.Sleep(6 * time.Second)
		wantRecords(t, s, topic.Delivered, 20)
		if most != 4 {
			t.Errorf("at most %d mails at once, want 4", most)
		}
	})
}

// A crash is a program that stops between lease and record: the next program
// sends again, with the same message ID, once the lease is over.
func TestCrashRepeatsTheDelivery(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tocsin.db")
	synctest.Test(t, func(t *testing.T) {
		before, after := openStore(t, path), openStore(t, path)
		s := sending(before, topic.Options{}, &sender{})
		name := create(t, s, "t")
		subscribe(t, s, name, "a@example.com")
		publish(t, s, name, "m1")
		crashed, err := before.LeaseDeliveries(t.Context(), "email", time.Now(), time.Now().Add(time.Minute), 1)
		if err != nil || len(crashed) != 1 {
			t.Fatalf("LeaseDeliveries = %v, %v, want one", crashed, err)
		}
		mail := &sender{}
		restarted := sending(after, topic.Options{}, mail)
		defer run(t, restarted)()
		publish(t, restarted, name, "m1") // the alarm does not know either whether it published
		synctest.Wait()
		if got := len(mail.tries()); got != 0 {
			t.Errorf("%d mails before the lease is over, want 0", got)
		}
		time.Sleep(2 * time.Minute)
		tries := mail.tries()
		if len(tries) != 1 || tries[0].Message.ID != "m1" || tries[0].Attempt != 2 {
			t.Errorf("mails after the restart = %+v, want m1 once", tries)
		}
		wantRecords(t, restarted, topic.Delivered, 1)
	})
}

func TestStopWaitsShortly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		mail := &sender{answer: func(ctx context.Context, d topic.Delivery) error {
			if d.Subscription.Endpoint == "quick@example.com" {
				time.Sleep(2 * time.Second)
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		subscribe(t, s, name, "quick@example.com")
		subscribe(t, s, name, "silent@example.com")
		stop := run(t, s)
		publish(t, s, name, "m1")
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("Run ended %v after it was told to, want about 5 s", took)
		}
		wantRecords(t, s, topic.Delivered, 1)
		if owed := wantRecords(t, s, topic.Owed, 1); len(owed) == 1 && owed[0].Attempts != 0 {
			t.Errorf("record = %+v, want the broken-off try uncounted", owed[0])
		}
		again := &sender{}
		next := sending(store, topic.Options{}, again)
		defer run(t, next)()
		synctest.Wait()
		if got := len(again.tries()); got != 1 {
			t.Errorf("%d mails after the restart, want the broken-off one at once", got)
		}
	})
}

// A message may carry another time than now: a replayed alarm has the time of
// its events, and clocks differ.
func TestOldAndFutureMessagesAreSentNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
		mail := &sender{}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		subscribe(t, s, name, "a@example.com")
		defer run(t, s)()
		for i, published := range []time.Time{time.Now().AddDate(-3, 0, 0), time.Now().Add(time.Hour)} {
			_, err := s.Publish(t.Context(), root, topic.Message{TopicARN: name.String(), Body: "b", Published: published})
			wantText(t, "Publish", err, "")
			synctest.Wait()
			if got := len(mail.tries()); got != i+1 {
				t.Errorf("%d mails after publishing a message of %v, want %d", got, published, i+1)
			}
		}
	})
}

// While a slow server takes its time, no other node takes the delivery over.
func TestRunningTryKeepsItsLease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tocsin.db")
	synctest.Test(t, func(t *testing.T) {
		one, two := openStore(t, path), openStore(t, path)
		slow := &sender{answer: func(context.Context, topic.Delivery) error {
			time.Sleep(29 * time.Second)
			return nil
		}}
		first, second := sending(one, topic.Options{}, slow), sending(two, topic.Options{}, slow)
		name := create(t, first, "t")
		subscribe(t, first, name, "a@example.com")
		defer run(t, first)()
		defer run(t, second)()
		publish(t, first, name, "m1")
		time.Sleep(5 * time.Minute)
		if got := len(slow.tries()); got != 1 {
			t.Errorf("%d tries by two nodes, want 1", got)
		}
		wantRecords(t, first, topic.Delivered, 1)
	})
}
