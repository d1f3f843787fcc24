package topic_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

var (
	scope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	root  = topic.Principal{Account: scope.Account, ARN: "arn:aws:iam::111122223333:root"}
	// stranger is a user of another account.
	stranger = topic.Principal{Account: "444455556666", ARN: "arn:aws:iam::444455556666:user/eve"}
	linked   = topic.Principal{} // followed a link
)

// openStore belongs into the bubble that uses it: database/sql hands connections
// over channels, which bubbles do not share.
func openStore(t *testing.T, path string) topic.Store {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db.Topics()
}

func newService(t *testing.T) (*topic.Service, topic.Store) {
	t.Helper()
	store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
	return topic.New(store, topic.Options{}), store
}

func create(t *testing.T, s *topic.Service, name string) arn.ARN {
	t.Helper()
	made, err := s.Create(t.Context(), topic.CreateInput{Scope: scope, Name: name})
	if err != nil {
		t.Fatalf("Create(%s): %v", name, err)
	}
	return made.ARN
}

func subscribe(t *testing.T, s *topic.Service, topicARN arn.ARN, endpoint string) topic.Subscription {
	t.Helper()
	sub, err := s.SubscribeConfirmed(t.Context(), root, topic.SubscribeInput{TopicARN: topicARN, Protocol: "email", Endpoint: endpoint})
	if err != nil {
		t.Fatalf("SubscribeConfirmed(%s): %v", endpoint, err)
	}
	return sub
}

func publish(t *testing.T, s *topic.Service, topicARN arn.ARN, id string) {
	t.Helper()
	if _, err := s.Publish(t.Context(), root, topic.Message{ID: id, TopicARN: topicARN.String(), Body: "b"}); err != nil {
		t.Fatalf("Publish(%s): %v", id, err)
	}
}

// token is the one that the newest request to confirm carries.
func token(t *testing.T, store topic.Store) string {
	t.Helper()
	next, err := store.NextDelivery(t.Context(), "email")
	if err != nil || next.IsZero() {
		t.Fatalf("NextDelivery = %v, %v, want a request to confirm", next, err)
	}
	far := next.AddDate(1, 0, 0)
	leased, err := store.LeaseDeliveries(t.Context(), "email", far, far, 100)
	if err != nil || len(leased) == 0 {
		t.Fatalf("LeaseDeliveries = %v, %v, want a request to confirm", leased, err)
	}
	return leased[len(leased)-1].Message.Token
}

// wantText fails unless err is a refusal of that text; an empty one is success.
func wantText(t *testing.T, what string, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if want == "" && got != "" || !strings.HasSuffix(got, want) {
		t.Errorf("%s = %q, want %q", what, got, want)
	}
}

// sender is a mail server that answers what it is told to.
type sender struct {
	mu     sync.Mutex
	sent   []topic.Delivery
	answer func(context.Context, topic.Delivery) error // nil: accepts
}

func (s *sender) Send(ctx context.Context, d topic.Delivery) error {
	s.mu.Lock()
	s.sent = append(s.sent, d)
	s.mu.Unlock()
	if s.answer == nil {
		return nil
	}
	return s.answer(ctx, d)
}

func (s *sender) tries() []topic.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]topic.Delivery(nil), s.sent...)
}
