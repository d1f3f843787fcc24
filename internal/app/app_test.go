package app_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/app"
	"github.com/tocsin-dev/tocsin/internal/deliver"
)

const record = `{"Records":[{"eventID":"EVENT","eventName":"ListBuckets","eventSource":"s3.amazonaws.com","errorCode":"AccessDenied",` +
	`"userIdentity":{"type":"IAMUser","userName":"mallory","arn":"arn:aws:iam::111122223333:user/mallory"},"sourceIPAddress":"198.51.100.7"}]}`

// house is a data folder and a trail that Tocsins come to live in, one after
// the other.
type house struct {
	*testing.T
	data, trail string
	mails       chan deliver.Saved
	keys        []access.Root
}

func newHouse(t *testing.T) *house {
	return &house{T: t, data: t.TempDir(), trail: t.TempDir(), mails: make(chan deliver.Saved, 100)}
}

func (h *house) start() *app.App {
	h.Helper()
	tocsin, err := app.New(h.Context(), app.Options{
		Data: h.data, API: "127.0.0.1:0", Console: "127.0.0.1:0",
		Trails: []string{h.trail}, Notify: "you@example.com",
		MailSaved: func(saved deliver.Saved) { h.mails <- saved },
		RootKey:   func(root access.Root) { h.keys = append(h.keys, root) },
	})
	if err != nil {
		h.Fatal(err)
	}
	tocsin.Start()
	return tocsin
}

func (h *house) stop(tocsin *app.App) {
	h.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.Context()), 10*time.Second)
	defer cancel()
	if err := tocsin.Stop(ctx); err != nil {
		h.Error(err)
	}
}

func (h *house) arrive(eventID string) {
	h.Helper()
	path := filepath.Join(h.trail, eventID+".json")
	if err := os.WriteFile(path, []byte(strings.Replace(record, "EVENT", eventID, 1)), 0o644); err != nil {
		h.Fatal(err)
	}
}

func (h *house) mail() deliver.Saved {
	h.Helper()
	select {
	case saved := <-h.mails:
		return saved
	case <-time.After(10 * time.Second):
		h.Fatal("no mail within 10s")
		return deliver.Saved{}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// A denied call in the trail becomes a mail that names it, and a second start
// neither rings for it again nor makes another key.
func TestRingsOnceOverTwoLives(t *testing.T) {
	h := newHouse(t)
	h.arrive("first")
	tocsin := h.start()
	saved := h.mail()
	for _, want := range []string{"mallory", "s3:ListAllMyBuckets", "198.51.100.7", "eventID first"} {
		if !strings.Contains(saved.Mail.Text, want) {
			t.Errorf("the mail does not name %q:\n%s", want, saved.Mail.Text)
		}
	}
	if status, _ := get(t, "http://"+tocsin.Console()+"/-/ready"); status != http.StatusOK {
		t.Errorf("/-/ready = %d, want 200", status)
	}
	if _, metrics := get(t, "http://"+tocsin.Console()+"/metrics"); !strings.Contains(metrics, "tocsin_filter_matches_total 1\n") {
		t.Errorf("/metrics does not count the match:\n%s", metrics)
	}
	h.stop(tocsin)

	tocsin = h.start()
	if status, failures := get(t, "http://"+tocsin.Console()+"/-/failures"); status != http.StatusOK || !strings.Contains(failures, "[]") {
		t.Errorf("/-/failures = %d %s, want none", status, failures)
	}
	h.stop(tocsin)
	if n := len(h.mails); n != 0 {
		t.Errorf("%d more mails after a restart, want none", n)
	}
	if len(h.keys) != 2 || h.keys[0].Origin != access.Created || h.keys[1].Origin != access.Kept || h.keys[0].AccessKeyID != h.keys[1].AccessKeyID {
		t.Errorf("root keys = %+v, want one made and then kept", h.keys)
	}
}

func TestStopAnyTime(t *testing.T) {
	h := newHouse(t)
	tocsin := h.start()
	tocsin.Start() // does nothing
	h.stop(tocsin)
	h.stop(tocsin) // neither does this

	unstarted, err := app.New(t.Context(), app.Options{Data: h.data, API: "127.0.0.1:0", Console: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	h.stop(unstarted)
}

func TestRunEndsWithItsContext(t *testing.T) {
	tocsin, err := app.New(t.Context(), app.Options{Data: t.TempDir(), API: "127.0.0.1:0", Console: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tocsin.Run(ctx) }()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Run does not end")
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	taken, err := app.New(t.Context(), app.Options{Data: t.TempDir(), API: "127.0.0.1:0", Console: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Stop(context.WithoutCancel(t.Context())) // the test is over
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		options app.Options
		want    string
	}{
		{"address in use", app.Options{Data: t.TempDir(), API: taken.API()}, "listen on " + taken.API()},
		{"data is a file", app.Options{Data: file}, "data folder"},
		{"mail server", app.Options{Data: t.TempDir(), API: "127.0.0.1:0", Console: "127.0.0.1:0", SMTP: "http://mail"}, `mail server: scheme "http"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := app.New(t.Context(), c.options); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("New(%+v) = %v, want an error with %q", c.options, err, c.want)
			}
		})
	}
}
