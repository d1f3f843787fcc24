//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// A program confirms by visiting the link, gets what is published, signed so
// that OpenSSL agrees, and can undo the end of its subscription.
func TestHTTPSubscriber(t *testing.T) {
	t.Parallel()
	in := serve(t, "--notify", "you@example.com", "--allow-delivery-to", "127.0.0.0/8")
	hook := receive(t, "127.0.0.1:0", answering(http.StatusOK))
	answer := subscribeHook(t, in, hook, nil)
	if !strings.Contains(answer, "<SubscriptionArn>pending confirmation</SubscriptionArn>") {
		t.Errorf("Subscribe = %s, want it pending", answer)
	}
	request := hook.wait(t, "SubscriptionConfirmation")
	request.verify(t, "SubscriptionConfirmation 1")
	status, text := follow(t, request.envelope()["SubscribeURL"])
	if status != http.StatusOK || !strings.Contains(text, "<ConfirmSubscriptionResult><SubscriptionArn>"+starterTopic+":") {
		t.Errorf("GET of the SubscribeURL = %d %s, want the subscription in XML", status, text)
	}
	publish(t, in, "signed <&> \u00e9")
	hook.wait(t, "Notification").verify(t, "Notification 1")
	query(t, in, url.Values{"Action": {"SetTopicAttributes"}, "TopicArn": {starterTopic}, "AttributeName": {"SignatureVersion"}, "AttributeValue": {"2"}})
	hook.forget()
	publish(t, in, "signed anew")
	notification := hook.wait(t, "Notification")
	notification.verify(t, "Notification 2")

	if status, text := follow(t, notification.envelope()["UnsubscribeURL"]); status != http.StatusOK || !strings.Contains(text, "<UnsubscribeResponse") {
		t.Errorf("GET of the UnsubscribeURL = %d %s, want an answer in XML", status, text)
	}
	offer := hook.wait(t, "UnsubscribeConfirmation")
	offer.verify(t, "UnsubscribeConfirmation 2")
	publish(t, in, "nobody hears")
	if status, text := follow(t, offer.envelope()["SubscribeURL"]); status != http.StatusOK {
		t.Errorf("GET of the SubscribeURL = %d %s, want 200", status, text)
	}
	sub := notification.header.Get("x-amz-sns-subscription-arn")
	query(t, in, url.Values{"Action": {"SetSubscriptionAttributes"}, "SubscriptionArn": {sub}, "AttributeName": {"RawMessageDelivery"}, "AttributeValue": {"true"}})
	hook.forget()
	publish(t, in, "raw")
	if raw := hook.wait(t, "Notification"); raw.body != "raw" || raw.header.Get("x-amz-sns-rawdelivery") != "true" {
		t.Errorf("raw delivery = %q %v, want the message itself", raw.body, raw.header)
	}
}

// quickly is a delivery policy for tests: three retries a second apart.
const quickly = `{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":3}}`

// Subscribers that fail in any way are tried as often as their policy says,
// and hold up nobody else.
func TestBadHTTPSubscribers(t *testing.T) {
	t.Parallel()
	in := serve(t, "--notify", "you@example.com", "--allow-delivery-to", "127.0.0.0/8")
	good := receive(t, "127.0.0.1:0", answering(http.StatusOK))
	confirmed(t, in, good, nil)
	metadata := receive(t, "127.0.0.1:0", answering(http.StatusOK)) // what redirects lead to
	type failing struct {
		name     string
		tries    int // in all, of the one message
		behave   func(n int, w http.ResponseWriter, r *http.Request)
		hook     *receiver
		finished string // the program's log
	}
	cases := []*failing{
		{name: "500", tries: 4, behave: answering(http.StatusInternalServerError), finished: "500 Internal Server Error"},
		{name: "429", tries: 4, behave: answering(http.StatusTooManyRequests), finished: "429 Too Many Requests"},
		{name: "403", tries: 1, behave: answering(http.StatusForbidden), finished: "403 Forbidden"},
		{name: "redirects to the metadata", tries: 4, behave: redirecting("http://169.254.169.254/latest/meta-data/"), finished: "302 Found"},
		{name: "redirects elsewhere", tries: 4, behave: redirecting(metadata.url()), finished: "302 Found"},
		{name: "drops", tries: 4, behave: dropping, finished: "EOF"},
		{name: "500 twice", tries: 3, behave: failingFirst(2), finished: ""},
	}
	for _, c := range cases {
		c.hook = receive(t, "127.0.0.1:0", answering(http.StatusOK))
		confirmed(t, in, c.hook, map[string]string{"DeliveryPolicy": quickly})
		c.hook.become(c.behave)
	}
	publish(t, in, "m")
	good.wait(t, "Notification")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			eventually(t, 15*time.Second, fmt.Sprintf("%d tries", c.tries), func() bool { return len(c.hook.all("Notification")) >= c.tries })
			if c.finished != "" {
				eventually(t, 5*time.Second, "given up", func() bool { return givenUp(in, c.hook, c.finished) })
			}
		})
	}
	time.Sleep(2 * time.Second) // nothing comes after the last try
	for _, c := range cases {
		tries := c.hook.all("Notification")
		ids := map[string]bool{}
		for _, try := range tries {
			ids[try.header.Get("x-amz-sns-message-id")] = true
		}
		if len(tries) != c.tries || len(ids) != 1 {
			t.Errorf("%s: %d tries of %d messages, want %d of one", c.name, len(tries), len(ids), c.tries)
		}
	}
	if len(metadata.all("")) > 0 {
		t.Errorf("%d requests followed a redirect, want none", len(metadata.all("")))
	}
	checkReady(t, in)
}

// A subscriber that never answers is left after 15 seconds and tried again; in
// the meantime others are served.
func TestSlowHTTPSubscriber(t *testing.T) {
	t.Parallel()
	in := serve(t, "--notify", "you@example.com", "--allow-delivery-to", "127.0.0.0/8")
	slow, good := receive(t, "127.0.0.1:0", answering(http.StatusOK)), receive(t, "127.0.0.1:0", answering(http.StatusOK))
	confirmed(t, in, slow, map[string]string{"DeliveryPolicy": quickly})
	confirmed(t, in, good, nil)
	slow.become(hanging)
	for n := range published {
		publish(t, in, fmt.Sprintf("waiting-%d", n))
	}
	eventually(t, 10*time.Second, "the other's messages", func() bool { return len(good.all("Notification")) == published })
	eventually(t, 10*time.Second, "a request that hangs", func() bool { return len(slow.all("Notification")) > 0 })
	slow.become(answering(http.StatusOK))
	eventually(t, 40*time.Second, "every message", func() bool { return len(slow.messages()) == published })
}

// Without leave no request goes to our own machine, by whatever name.
func TestClosedNetworks(t *testing.T) {
	t.Parallel()
	in := serve(t, "--notify", "you@example.com")
	hook := receive(t, "127.0.0.1:0", answering(http.StatusOK))
	_, port, _ := net.SplitHostPort(hook.address)
	hosts := []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "169.254.169.254"}
	for _, host := range hosts {
		query(t, in, url.Values{"Action": {"Subscribe"}, "TopicArn": {starterTopic}, "Protocol": {"http"}, "Endpoint": {"http://" + host + ":" + port + "/"}})
	}
	refusal := "closed to deliveries"
	eventually(t, 10*time.Second, "refusals", func() bool { return strings.Count(in.Output(), refusal) >= len(hosts)-2 }) // two are no names here
	if got := len(hook.all("")); got != 0 {
		t.Errorf("%d requests to our own machine, want none", got)
	}
}

// After kill -9 in the middle every message arrives at least once, and each try
// of one has the same ID.
func TestHTTPSubscriberAfterKill(t *testing.T) {
	t.Parallel()
	in := startOnly(t, "--notify", "you@example.com", "--allow-delivery-to", "127.0.0.0/8")
	hook := receive(t, "127.0.0.1:0", answering(http.StatusOK))
	confirmed(t, in, hook, map[string]string{"DeliveryPolicy": `{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":100}}`})
	address := hook.address
	for round := range 3 {
		hook.become(slowly)
		for n := range published {
			publish(t, in, fmt.Sprintf("round-%d-%d", round, n))
		}
		eventually(t, 10*time.Second, "tries under way", func() bool { return len(hook.all("Notification")) > round*published+2 })
		if err := in.Kill(); err != nil {
			t.Fatal(err)
		}
		if round == 1 { // the subscriber is down, too, when we come back
			hook.close()
			start(t, in)
			time.Sleep(time.Second)
			seen := hook
			hook = receive(t, address, answering(http.StatusOK))
			hook.remember(seen)
			continue
		}
		start(t, in)
	}
	hook.become(answering(http.StatusOK))
	eventually(t, 60*time.Second, "every message", func() bool { return len(hook.messages()) == 3*published })
	stopWithin(t, in, 15*time.Second)
	for message, ids := range hook.messages() {
		if len(ids) != 1 {
			t.Errorf("%s has %d IDs, want one", message, len(ids))
		}
	}
}

// givenUp reports whether the log says that a message to the hook was given up because of the reason.
func givenUp(in *instance.Instance, hook *receiver, reason string) bool {
	sub := hook.all("Notification")[0].header.Get("x-amz-sns-subscription-arn")
	for line := range strings.Lines(in.Output()) {
		if containsAll(line, []string{"delivery given up", sub, reason}) {
			return true
		}
	}
	return false
}

func subscribeHook(t *testing.T, in *instance.Instance, hook *receiver, attributes map[string]string) string {
	t.Helper()
	form := url.Values{"Action": {"Subscribe"}, "TopicArn": {starterTopic}, "Protocol": {"http"}, "Endpoint": {hook.url()}}
	n := 0
	for name, value := range attributes {
		n++
		form.Set(fmt.Sprintf("Attributes.entry.%d.key", n), name)
		form.Set(fmt.Sprintf("Attributes.entry.%d.value", n), value)
	}
	return query(t, in, form)
}

// confirmed subscribes a hook and follows the link that it is sent.
func confirmed(t *testing.T, in *instance.Instance, hook *receiver, attributes map[string]string) {
	t.Helper()
	subscribeHook(t, in, hook, attributes)
	if status, text := follow(t, hook.wait(t, "SubscriptionConfirmation").envelope()["SubscribeURL"]); status != http.StatusOK {
		t.Fatalf("GET of the SubscribeURL = %d %s", status, text)
	}
}

func follow(t *testing.T, link string) (status int, text string) {
	t.Helper()
	response, err := http.Get(link)
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

// delivered is a request that a receiver got.
type delivered struct {
	header http.Header
	body   string
}

func (d delivered) envelope() map[string]string {
	var envelope map[string]string
	if json.Unmarshal([]byte(d.body), &envelope) != nil {
		return nil
	}
	return envelope
}

// verify has another program check the signature.
func (d delivered) verify(t *testing.T, want string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "envelope.json")
	if err := os.WriteFile(path, []byte(d.body), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustClient(t, &instance.Instance{}, "python3", "testdata/verify_envelope.py", path); got != want {
		t.Errorf("verified = %q, want %q", got, want)
	}
}

// receiver is a program that subscribes, of some behaviour.
type receiver struct {
	address string
	server  *http.Server

	mu     sync.Mutex
	got    []delivered
	behave func(n int, w http.ResponseWriter, r *http.Request)
	since  int // requests before the behaviour
}

func receive(t *testing.T, address string, behave func(int, http.ResponseWriter, *http.Request)) *receiver {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{address: listener.Addr().String(), behave: behave}
	r.server = &http.Server{Handler: r}
	go r.server.Serve(listener)
	t.Cleanup(r.close)
	return r
}

func (r *receiver) url() string { return "http://" + r.address + "/hook" }

func (r *receiver) close() { r.server.Close() }

// ServeHTTP remembers a request and behaves.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return // it was broken off
	}
	r.mu.Lock()
	r.got = append(r.got, delivered{request.Header, string(body)})
	behave, n := r.behave, len(r.got)-r.since
	r.mu.Unlock()
	behave(n, w, request)
}

// become changes the behaviour, whose requests are counted from one.
func (r *receiver) become(behave func(n int, w http.ResponseWriter, r *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.behave, r.since = behave, len(r.got)
}

// all are the requests of a type so far; an empty one is all.
func (r *receiver) all(kind string) (list []delivered) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.got {
		if kind == "" || d.header.Get("x-amz-sns-message-type") == kind {
			list = append(list, d)
		}
	}
	return list
}

// messages are the IDs of the notifications, by message.
func (r *receiver) messages() map[string]map[string]bool {
	messages := map[string]map[string]bool{}
	for _, d := range r.all("Notification") {
		text := d.envelope()["Message"]
		if messages[text] == nil {
			messages[text] = map[string]bool{}
		}
		messages[text][d.header.Get("x-amz-sns-message-id")] = true
	}
	return messages
}

func (r *receiver) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got, r.since = nil, 0
}

// remember takes over what another has got.
func (r *receiver) remember(other *receiver) {
	got := other.all("")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(got, r.got...)
}

// wait returns the latest request of the type, when there is one.
func (r *receiver) wait(t *testing.T, kind string) delivered {
	t.Helper()
	eventually(t, 10*time.Second, "a "+kind, func() bool { return len(r.all(kind)) > 0 })
	list := r.all(kind)
	return list[len(list)-1]
}

func answering(status int) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

func redirecting(to string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func dropping(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// hanging answers nothing until the client goes.
func hanging(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// slowly takes a while, so that something is always under way.
func slowly(_ int, w http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(300 * time.Millisecond):
		w.WriteHeader(http.StatusOK)
	}
}

func failingFirst(times int) func(int, http.ResponseWriter, *http.Request) {
	return func(n int, w http.ResponseWriter, _ *http.Request) {
		if n <= times {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}
