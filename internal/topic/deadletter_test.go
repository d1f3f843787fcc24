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

const dlq = "arn:aws:sqs:us-east-1:111122223333:dlq"

func TestRedrivePolicyIsChecked(t *testing.T) {
	s, _ := newService(t)
	sub := subscribe(t, s, create(t, s, "t"), "reader@example.com")
	const bad = "Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn"
	for policy, want := range map[string]string{
		`{"deadLetterTargetArn":"` + dlq + `"}`: "",
		``:                                      "",
		`{}`:                                    bad,
		`{"deadLetterTargetArn":"fake"}`:        bad,
		`{"deadLetterTargetArn":"arn:aws:sns:us-east-1:111122223333:dlq"}`:           bad,
		`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:"}`:              bad,
		`{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:111122223333:other-region"}`:  bad,
		`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:444455556666:other-account"}`: bad,
		`{"deadLetterTargetArn":"` + dlq + `.fifo"}`:                                 bad,
		`{"deadLetterTargetArn":1}`:                                                  "Invalid parameter: RedrivePolicy: failed to parse JSON.",
	} {
		err := s.SetSubscriptionAttribute(t.Context(), root, parse(t, sub.ARN), "RedrivePolicy", policy)
		wantText(t, "SetSubscriptionAttribute("+policy+")", err, want)
	}
}

func TestGivenUpDeliveriesAreKeptAndReplayed(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
	synctest.Test(t, func(t *testing.T) {
		works := false
		mail := &sender{answer: func(_ context.Context, d topic.Delivery) error {
			switch {
			case works:
				return nil
			case d.Message.ID == "m1":
				return topic.Permanent(errors.New("550 no such mailbox"))
			}
			return errors.New("451 try later")
		}}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		with, without := subscribe(t, s, name, "with@example.com"), subscribe(t, s, name, "without@example.com")
		wantText(t, "SetSubscriptionAttribute", s.SetSubscriptionAttribute(t.Context(), root, parse(t, with.ARN), "RedrivePolicy", `{"deadLetterTargetArn":"`+dlq+`"}`), "")
		defer run(t, s)()
		publish(t, s, name, "m1")
		publish(t, s, name, "m2")
		time.Sleep(8 * time.Hour)

		letters, err := s.DeadLetters(t.Context(), topic.DeadLetterQuery{QueueARN: dlq})
		if err != nil || len(letters) != 2 || letters[0].Message.ID != "m2" || letters[0].Attempts != 51 || letters[0].Error != "451 try later" ||
			letters[1].Message.ID != "m1" || letters[1].Attempts != 1 || letters[1].SubscriptionARN != with.ARN {
			t.Fatalf("DeadLetters = %+v, %v, want m2 after 51 tries, then m1 after one, of %s, none of %s", letters, err, with.ARN, without.ARN)
		}
		works = true
		before := len(mail.tries())
		if replayed, err := s.Replay(t.Context(), topic.DeadLetterQuery{QueueARN: dlq}); err != nil || replayed != 2 {
			t.Errorf("Replay = %d, %v, want 2", replayed, err)
		}
		synctest.Wait()
		if tries := mail.tries()[before:]; len(tries) != 2 || tries[0].Subscription.ARN != with.ARN || tries[0].Attempt != 1 {
			t.Errorf("tries after the replay = %+v, want the first of two to %s, at once", tries, with.ARN)
		}
		if letters, err := s.DeadLetters(t.Context(), topic.DeadLetterQuery{}); err != nil || len(letters) != 0 {
			t.Errorf("DeadLetters after the replay = %+v, %v, want none", letters, err)
		}
	})
}
