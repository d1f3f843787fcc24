package app_test

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// bury leaves a dead letter in the data folder.
func (h *house) bury() {
	h.Helper()
	db, err := sqlstore.Open(h.Context(), filepath.Join(h.data, "tocsin.db"))
	if err != nil {
		h.Fatal(err)
	}
	store, scope, now := db.Topics(), arn.Scope{Partition: "aws", Account: "000000000000", Region: "us-east-1"}, time.Now()
	on := topic.Topic{ARN: scope.ARN("sns", "t"), Created: now}
	_, _, err = store.AddTopic(h.Context(), on)
	must(h, err)
	_, _, err = store.AddSubscription(h.Context(), topic.Subscription{ARN: on.ARN.String() + ":1", TopicARN: on.ARN.String(), Protocol: "email",
		Endpoint: "secret@example.com", Owner: scope.Account, Created: now})
	must(h, err)
	must(h, store.AddMessage(h.Context(), topic.Message{ID: "m1", TopicARN: on.ARN.String(), Subject: "replayed", Body: "secret", Published: now}, now))
	leased, err := store.LeaseDeliveries(h.Context(), "email", now, now, 1)
	must(h, err)
	must(h, store.FinishDelivery(h.Context(), leased[0], topic.Outcome{State: topic.Failed, Error: "550 no", At: now,
		DeadLetterQueue: "arn:aws:sqs:us-east-1:000000000000:dlq"}))
	must(h, db.Close())
}

func must(h *house, err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func TestDeadLettersOnTheConsole(t *testing.T) {
	h := newHouse(t)
	h.bury()
	tocsin := h.start()
	defer h.stop(tocsin)
	ask := func(method, form, origin string) (int, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, "http://"+tocsin.Console()+"/-/dead-letters", strings.NewReader(form))
		must(h, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			request.Header.Set("Origin", origin)
		}
		answer, err := http.DefaultClient.Do(request)
		must(h, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		must(h, err)
		return answer.StatusCode, string(body)
	}
	status, body := ask("GET", "", "")
	if status != http.StatusOK || !strings.Contains(body, `"message":"m1"`) || !strings.Contains(body, "550 no") || strings.Contains(body, "secret") {
		t.Errorf("GET = %d %s, want m1 and its error, not what it says or whom to", status, body)
	}
	form := url.Values{"queue": {"arn:aws:sqs:us-east-1:000000000000:dlq"}}.Encode()
	for _, step := range []struct {
		name, form, origin string
		status             int
		body               string
	}{
		{"another site's page", form, "https://evil.example", http.StatusForbidden, ""},
		{"nothing selected", "", "", http.StatusBadRequest, "say which"},
		{"another queue", "queue=x", "", http.StatusOK, `{"replayed":0}`},
		{"the queue", form, "", http.StatusOK, `{"replayed":1}`},
		{"the queue again", form, "http://" + tocsin.Console(), http.StatusOK, `{"replayed":0}`},
	} {
		if status, body := ask("POST", step.form, step.origin); status != step.status || !strings.Contains(body, step.body) {
			t.Errorf("%s: POST = %d %s, want %d %s", step.name, status, body, step.status, step.body)
		}
	}
	for {
		select {
		case saved := <-h.mails:
			if saved.Mail.Subject == "replayed" && saved.Mail.To.Address == "secret@example.com" {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no mail after the replay")
		}
	}
}
