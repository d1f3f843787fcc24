package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/topic"
	"github.com/tocsin-dev/tocsin/internal/web"
)

var owner = topic.Principal{Account: "111122223333", ARN: "arn:aws:iam::111122223333:root"}

// rig is the pages over a real station, before an API that only says its name.
type rig struct {
	t       *testing.T
	topics  *topic.Service
	store   topic.Store
	handler http.Handler
	sub     topic.Subscription
	token   string
}

func newRig(t *testing.T, o web.LinkOptions) *rig {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &rig{t: t, topics: topic.New(db.Topics(), topic.Options{}), store: db.Topics()}
	o.Topics = r.topics
	r.handler = web.Links(o, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, err := io.WriteString(w, "API"); err != nil {
			t.Error(err)
		}
	}))
	made, err := r.topics.Create(t.Context(), topic.CreateInput{Scope: arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}, Name: "alerts"})
	if err != nil {
		t.Fatal(err)
	}
	r.sub, err = r.topics.Subscribe(t.Context(), owner, topic.SubscribeInput{TopicARN: made.ARN, Protocol: "email", Endpoint: "o'reader+x@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Add(time.Minute)
	leased, err := db.Topics().LeaseDeliveries(t.Context(), "email", now, now, 1)
	if err != nil || len(leased) != 1 {
		t.Fatalf("LeaseDeliveries = %v, %v, want the request to confirm", leased, err)
	}
	r.token = leased[0].Message.Token
	return r
}

func (r *rig) confirmLink() string {
	return "/?Action=ConfirmSubscription&TopicArn=" + r.sub.TopicARN + "&Token=" + r.token
}

func (r *rig) unsubscribeLink() string {
	return "/unsubscribe.html?SubscriptionArn=" + r.sub.ARN + "&Endpoint=" + url.QueryEscape(r.sub.Endpoint)
}

// visit opens an address in a browser.
func (r *rig) visit(address string) *httptest.ResponseRecorder {
	r.t.Helper()
	return r.send(http.MethodGet, address, nil, map[string]string{"Accept": "text/html,application/xhtml+xml"})
}

func (r *rig) send(method, address string, form url.Values, header map[string]string) *httptest.ResponseRecorder {
	r.t.Helper()
	request := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, request)
	return answer
}

// press submits the form of a page as a browser does.
func (r *rig) press(page *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	r.t.Helper()
	root, err := html.Parse(strings.NewReader(page.Body.String()))
	if err != nil {
		r.t.Fatal(err)
	}
	var action string
	form := url.Values{}
	for n := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		switch n.Data {
		case "form":
			action = attributes["action"]
			if attributes["method"] != "post" {
				r.t.Errorf("form method = %q, want post", attributes["method"])
			}
		case "input":
			form.Set(attributes["name"], attributes["value"])
		case "script":
			r.t.Error("page has a script")
		}
	}
	if action == "" {
		r.t.Fatalf("page has no form: %s", page.Body)
	}
	return r.send(http.MethodPost, action, form, map[string]string{"Sec-Fetch-Site": "same-origin"})
}

func (r *rig) wantPage(what string, got *httptest.ResponseRecorder, status int, title string) {
	r.t.Helper()
	if got.Code != status || !strings.Contains(got.Body.String(), "<h1>"+title+"</h1>") {
		r.t.Errorf("%s = %d %s, want %d %s", what, got.Code, got.Body, status, title)
	}
}

// state is what the station knows of the subscription.
func (r *rig) state() string {
	r.t.Helper()
	name, err := topic.ParseSubscriptionARN(r.sub.ARN)
	if err != nil {
		r.t.Fatal(err)
	}
	sub, err := r.topics.Linked(r.t.Context(), name, r.sub.Endpoint)
	switch {
	case topic.IsKind(err, topic.NotFound):
		return "gone"
	case err != nil:
		r.t.Fatal(err)
	case sub.Pending:
		return "pending"
	}
	return "confirmed"
}

func (r *rig) wantState(after, want string) {
	r.t.Helper()
	if got := r.state(); got != want {
		r.t.Errorf("after %s the subscription is %s, want %s", after, got, want)
	}
}

func TestConfirmNeedsAClick(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	page := r.visit(r.confirmLink())
	r.wantPage("visit", page, 200, "Confirm this subscription?")
	r.wantState("a visit", "pending")
	if body := page.Body.String(); !strings.Contains(body, r.sub.TopicARN) || !strings.Contains(body, "o&#39;reader&#43;x@example.com") {
		t.Errorf("page = %s, want topic and address on it", body)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8"} {
		if got := page.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("Content-Security-Policy = %q, want nothing allowed by default and no frames", policy)
	}
	r.wantPage("button", r.press(page), 200, "Subscription confirmed")
	r.wantState("the button", "confirmed")
	r.wantPage("visit again", r.visit(r.confirmLink()), 200, "Subscription confirmed")
}

func TestUnsubscribeNeedsAClick(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	r.press(r.visit(r.confirmLink()))
	for what, link := range map[string]string{"mail": r.unsubscribeLink(), "envelope": "/?Action=Unsubscribe&SubscriptionArn=" + r.sub.ARN} {
		r.wantPage(what+" link", r.visit(link), 200, "Unsubscribe from this topic?")
		r.wantState("a visit of the "+what+" link", "confirmed")
	}
	wrong := "/unsubscribe.html?SubscriptionArn=" + r.sub.ARN + "&Endpoint=other@example.com"
	r.wantPage("link with another address", r.visit(wrong), 200, "Unsubscribed")
	r.send(http.MethodPost, "/unsubscribe.html", url.Values{"SubscriptionArn": {r.sub.ARN}, "Endpoint": {"other@example.com"}}, nil)
	r.wantState("another address", "confirmed")
	r.wantPage("button", r.press(r.visit(r.unsubscribeLink())), 200, "Unsubscribed")
	r.wantState("the button", "gone")
	r.wantPage("visit again", r.visit(r.unsubscribeLink()), 200, "Unsubscribed")
}

func TestUnsubscribeByEnvelopeLink(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	r.press(r.visit(r.confirmLink()))
	r.wantPage("button", r.press(r.visit("/?Action=Unsubscribe&SubscriptionArn="+r.sub.ARN)), 200, "Unsubscribed")
	r.wantState("the button", "gone")
}

func TestGuardedSubscription(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	if _, err := r.topics.Confirm(t.Context(), owner, topic.ConfirmInput{TopicARN: r.sub.TopicARN, Token: r.token, Guard: true}); err != nil {
		t.Fatal(err)
	}
	r.wantPage("button", r.press(r.visit(r.unsubscribeLink())), 403, "Only the owner can do this")
	r.wantState("the button", "confirmed")
}

func TestAWSCompatible(t *testing.T) {
	r := newRig(t, web.LinkOptions{AWSCompatible: true})
	if got := r.visit(r.confirmLink()).Body.String(); got != "API" {
		t.Errorf("visit = %q, want the API's answer", got)
	}
	r.wantPage("visit", r.visit("/confirmation.html"+r.confirmLink()[1:]), 200, "Subscription confirmed")
	r.wantState("a visit", "confirmed")
	r.wantPage("visit", r.visit(r.unsubscribeLink()), 200, "Unsubscribed")
	r.wantState("a visit", "gone")
}

// A mail scanner does not have to look like a browser.
func TestAnyVisitOnlyAsks(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	r.wantPage("scanner's visit", r.send(http.MethodGet, r.confirmLink(), nil, map[string]string{"Accept": "*/*"}), 200, "Confirm this subscription?")
	r.wantState("a scanner's visit", "pending")
}

// Links that were sent to a program are the API's, which confirms at once.
func TestLinksOfPrograms(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	name, err := arn.Parse(r.sub.TopicARN)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := r.topics.Subscribe(t.Context(), owner, topic.SubscribeInput{TopicARN: name, Protocol: "https", Endpoint: "https://example.com/hook"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Add(time.Minute)
	leased, err := r.store.LeaseDeliveries(t.Context(), "https", now, now, 1)
	if err != nil || len(leased) != 1 {
		t.Fatalf("LeaseDeliveries = %v, %v, want the request to confirm", leased, err)
	}
	for _, link := range []string{
		"/?Action=ConfirmSubscription&TopicArn=" + r.sub.TopicARN + "&Token=" + leased[0].Message.Token,
		"/?Action=Unsubscribe&SubscriptionArn=" + sub.ARN,
	} {
		if got := r.visit(link).Body.String(); got != "API" {
			t.Errorf("visit of %s = %q, want the API's answer", link, got)
		}
	}
	r.wantPage("visit of the mail's link", r.visit(r.confirmLink()), 200, "Confirm this subscription?")
}

func TestTheRestIsTheAPIs(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	browser := map[string]string{"Accept": "text/html"}
	for what, answer := range map[string]*httptest.ResponseRecorder{
		"signed link":      r.send(http.MethodGet, r.confirmLink()+"&X-Amz-Signature=00", nil, browser),
		"signed request":   r.send(http.MethodGet, r.confirmLink(), nil, map[string]string{"Accept": "text/html", "Authorization": "AWS4-HMAC-SHA256 x"}),
		"program's token":  r.send(http.MethodGet, "/?Action=ConfirmSubscription&TopicArn="+r.sub.TopicARN+"&Token=abc123", nil, nil),
		"program's ARN":    r.send(http.MethodGet, "/?Action=Unsubscribe&SubscriptionArn=x", nil, nil),
		"POST":             r.send(http.MethodPost, "/", url.Values{"Action": {"ConfirmSubscription"}}, browser),
		"another action":   r.send(http.MethodGet, "/?Action=ListTopics", nil, browser),
		"another path":     r.send(http.MethodGet, "/bucket/key?Action=ConfirmSubscription", nil, browser),
		"CBOR":             r.send(http.MethodPost, "/service/GraniteServiceVersion20100801/operation/ListMetrics", nil, nil),
		"PUT of a bucket":  r.send(http.MethodPut, "/bucket", nil, nil),
		"dots in the path": r.send(http.MethodGet, "/bucket/a/../b//c", nil, browser),
	} {
		if answer.Code != 200 || answer.Body.String() != "API" {
			t.Errorf("%s = %d %q, want the API's answer", what, answer.Code, answer.Body)
		}
	}
	r.wantState("calls that the API did not answer", "pending")
}

func TestBadLinks(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	for what, link := range map[string]string{
		"unknown token":   "/?Action=ConfirmSubscription&TopicArn=" + r.sub.TopicARN + "&Token=abc123",
		"no token":        "/?Action=ConfirmSubscription",
		"not an ARN":      "/unsubscribe.html?SubscriptionArn=x",
		"hostile":         "/unsubscribe.html?SubscriptionArn=%3Cscript%3Ealert(1)%3C/script%3E",
		"hostile topic":   "/?Action=ConfirmSubscription&TopicArn=%22%3E%3Cscript%3E&Token=%22%3E%3Cscript%3E",
		"no subscription": "/unsubscribe.html",
	} {
		answer := r.visit(link)
		r.wantPage(what, answer, 400, "This link does not work")
		if strings.Contains(answer.Body.String(), "<script") {
			t.Errorf("%s: page = %s, want no script on it", what, answer.Body)
		}
	}
}

// Another site cannot press the button for its visitor.
func TestCrossSitePost(t *testing.T) {
	r := newRig(t, web.LinkOptions{})
	form := url.Values{"TopicArn": {r.sub.TopicARN}, "Token": {r.token}}
	if got := r.send(http.MethodPost, "/confirmation.html", form, map[string]string{"Sec-Fetch-Site": "cross-site"}); got.Code != http.StatusForbidden {
		t.Errorf("POST from another site = %d, want 403", got.Code)
	}
	r.wantState("a post from another site", "pending")
}

func TestCertificateAndSupport(t *testing.T) {
	r := newRig(t, web.LinkOptions{Certificate: []byte("PEM"), CertificatePath: "/SimpleNotificationService-00.pem"})
	if got := r.visit("/SimpleNotificationService-00.pem"); got.Code != 200 || got.Body.String() != "PEM" {
		t.Errorf("certificate = %d %q, want PEM", got.Code, got.Body)
	}
	r.wantPage("support", r.visit("/support.html"), 200, "Questions about a notification?")
}
