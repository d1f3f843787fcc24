package deliver_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	topicARN = "arn:aws:sns:us-east-1:111122223333:alerts"
	subID    = "2bcfbf39-05c3-41de-beaa-fcfcc21c8f55"
)

var published = time.Date(2026, 3, 2, 10, 15, 1, 500e6, time.UTC)

func composer(t *testing.T, o deliver.Options) *deliver.Composer {
	t.Helper()
	if o.PublicURL == "" {
		o.PublicURL = "http://127.0.0.1:4566"
	}
	c, err := deliver.NewComposer(o)
	if err != nil {
		t.Fatalf("NewComposer: %v", err)
	}
	return c
}

// delivery is of a notification by email; change what a test is about.
func delivery() topic.Delivery {
	return topic.Delivery{
		Message: topic.Message{ID: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", Type: topic.Notification, TopicARN: topicARN,
			Subject: `ALARM: "UnauthorizedAPICalls" in US East (N. Virginia)`, Body: `{"AlarmName":"UnauthorizedAPICalls"}`,
			ByProtocol: map[string]string{"email": "You are receiving this email because your Amazon CloudWatch Alarm \"UnauthorizedAPICalls\" has entered the ALARM state.\n\nAlarm Details:\n- Name:                       UnauthorizedAPICalls\n"},
			Published:  published},
		Subscription: topic.Subscription{ARN: topicARN + ":" + subID, TopicARN: topicARN, Protocol: "email", Endpoint: "reader+x@example.com"},
		Attempt:      1,
	}
}

// saved delivers into a folder and returns the file.
func saved(t *testing.T, c *deliver.Composer, d topic.Delivery) []byte {
	t.Helper()
	dir := t.TempDir()
	folder, err := deliver.NewFolder(dir, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Send(t.Context(), d); err != nil {
		t.Fatalf("Send: %v", err)
	}
	content, err := os.ReadFile(filepath.Join(dir, deliver.FileName(d)))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

type parsedMail struct {
	header     mail.Header
	text, html string
}

// parsed reads a mail as a mail program would.
func parsed(t *testing.T, content []byte) parsedMail {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("ReadMessage: %v\n%s", err, content)
	}
	m := parsedMail{header: message.Header}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatalf("Content-Type: %v", err)
	}
	if kind != "multipart/alternative" {
		body := message.Body
		if message.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		m.text = decoded(t, body)
		return m
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for _, into := range []*string{&m.text, &m.html} {
		part, err := parts.NextPart() // decodes quoted-printable
		if err != nil {
			t.Fatalf("NextPart: %v", err)
		}
		*into = decoded(t, part)
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("NextPart after text and HTML = %v, want EOF", err)
	}
	return m
}

func decoded(t *testing.T, r io.Reader) string {
	t.Helper()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(content), "\r\n", "\n")
}

func TestGolden(t *testing.T) {
	explained := delivery()
	explained.DisplayName = "Sicherheit Zürich"
	explained.Message.Explanation = &topic.Explanation{Text: "Which call rang:\n  s3:GetObject by eve", HTML: "<p>Which call rang: <b>s3:GetObject</b> by eve</p>"}
	plain := delivery()
	plain.Message.Subject, plain.Message.ByProtocol, plain.Message.Body = "", nil, "disk is full\n.\nreally: größer"
	confirmation := delivery()
	confirmation.Message = topic.Message{ID: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b", Type: topic.SubscriptionConfirmation, TopicARN: topicARN, Token: "2336412f37", Published: published}
	asJSON := delivery()
	asJSON.Subscription.Protocol = "email-json"
	asJSON.Message.Attributes = map[string]topic.Attribute{"k": {Type: "String", Value: "<v>"}}
	confirmationJSON := confirmation
	confirmationJSON.Subscription.Protocol = "email-json"
	for name, d := range map[string]topic.Delivery{"alarm": delivery(), "explained": explained, "plain": plain, "confirmation": confirmation,
		"json": asJSON, "confirmation-json": confirmationJSON} {
		t.Run(name, func(t *testing.T) {
			got := saved(t, composer(t, deliver.Options{}), d)
			path := filepath.Join("testdata", name+".eml")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("mail of %s =\n%s\nwant\n%s", name, got, want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	m := parsed(t, saved(t, composer(t, deliver.Options{}), delivery()))
	for header, want := range map[string]string{
		"From":         `"AWS Notifications" <no-reply@sns.tocsin.local>`,
		"To":           "<reader+x@example.com>",
		"Subject":      `ALARM: "UnauthorizedAPICalls" in US East (N. Virginia)`,
		"Date":         "Mon, 02 Mar 2026 10:15:01 +0000",
		"Message-Id":   "<22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324." + subID + "@sns.tocsin.local>",
		"Mime-Version": "1.0",
	} {
		if got := m.header.Get(header); got != want {
			t.Errorf("%s = %q, want %q", header, got, want)
		}
	}
	if !strings.Contains(m.html, "Unsubscribe") || !strings.HasPrefix(m.text, "You are receiving this email because") {
		t.Errorf("parts = %q and %q, want AWS's text in the first", m.text, m.html)
	}
}

func TestNames(t *testing.T) {
	d := delivery()
	d.DisplayName = "Ünder \"Attack\""
	d.Message.Subject = ""
	m := parsed(t, saved(t, composer(t, deliver.Options{From: "alarm@example.org", FromName: "Example"}), d))
	from, err := m.header.AddressList("From")
	if err != nil || from[0].Name != d.DisplayName || from[0].Address != "alarm@example.org" {
		t.Errorf("From = %v, %v, want the topic's DisplayName and alarm@example.org", from, err)
	}
	if got := m.header.Get("Subject"); got != "AWS Notification Message" {
		t.Errorf("Subject of a message without = %q, want AWS Notification Message", got)
	}
	d.DisplayName = ""
	m = parsed(t, saved(t, composer(t, deliver.Options{From: "alarm@example.org", FromName: "Example"}), d))
	if from, err := m.header.AddressList("From"); err != nil || from[0].Name != "Example" {
		t.Errorf("From without DisplayName = %v, %v, want Example", from, err)
	}
}

func TestHeaderInjection(t *testing.T) {
	for _, evil := range []string{"x\r\nBcc: victim@example.com", "x\nBcc: victim@example.com", "x\rBcc: victim@example.com", "x\r\n\r\nbody",
		"x\u2028Bcc: victim@example.com", "x\u0085Bcc: v@example.com", "\x00", "=?utf-8?q?=0D=0ABcc:_v@example.com?=", strings.Repeat("ü ", 200) + "\r\nBcc: v@example.com", "\xff\r\nBcc: v"} {
		d := delivery()
		d.Message.Subject, d.DisplayName, d.Message.ID = evil, evil, evil
		m := parsed(t, saved(t, composer(t, deliver.Options{}), d))
		for header := range m.header {
			switch header {
			case "From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted":
			default:
				t.Errorf("subject %q makes header %q", evil, header)
			}
		}
		if !strings.HasPrefix(m.text, "You are receiving") {
			t.Errorf("subject %q changes the body to %q", evil, m.text)
		}
	}
	d := delivery()
	d.Subscription.Endpoint = "a@example.com>\r\nRCPT TO:<b@example.com"
	folder, err := deliver.NewFolder(t.TempDir(), composer(t, deliver.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Send(t.Context(), d); err == nil {
		t.Errorf("Send to %q = nil, want an error", d.Subscription.Endpoint)
	}
}

// What attackers write into an event shows as text: no element comes of it.
func TestHTMLEscapes(t *testing.T) {
	plain := delivery()
	plain.Message.ByProtocol, plain.Message.Body = nil, "x"
	want := elements(t, parsed(t, saved(t, composer(t, deliver.Options{}), plain)).html)
	for _, evil := range []string{`<script>alert(1)</script>`, `</pre></table><img src=x onerror=alert(1)>`, `"><a href="javascript:alert(1)">`, `&lt;b&gt;`, "<!--", `]]>`} {
		d := delivery()
		d.Message.ByProtocol, d.Message.Body, d.Message.Subject = nil, evil, evil
		d.Subscription.Endpoint = "reader@example.com"
		page := parsed(t, saved(t, composer(t, deliver.Options{}), d)).html
		if got := elements(t, page); got != want {
			t.Errorf("body %q makes elements %s, want %s", evil, got, want)
		}
		if body := textOf(t, page, "pre"); body != evil {
			t.Errorf("body %q shows as %q", evil, body)
		}
	}
}

func elements(t *testing.T, page string) string {
	t.Helper()
	names := []string{}
	walk(t, page, func(n *html.Node) {
		if n.Type == html.ElementNode {
			names = append(names, n.Data)
		}
	})
	return strings.Join(names, " ")
}

func textOf(t *testing.T, page, element string) string {
	t.Helper()
	var text strings.Builder
	walk(t, page, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data == element {
			text.WriteString(n.Data)
		}
	})
	return text.String()
}

func walk(t *testing.T, page string, visit func(*html.Node)) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		visit(n)
	}
}

func TestExplanation(t *testing.T) {
	d := delivery()
	d.Message.Explanation = &topic.Explanation{Text: "Which call rang", HTML: "<table><tr><td>s3:GetObject</td></tr></table>"}
	m := parsed(t, saved(t, composer(t, deliver.Options{}), d))
	aws, ours, footer := strings.Index(m.text, "Alarm Details:"), strings.Index(m.text, "Which call rang"), strings.Index(m.text, "\n--\n")
	if aws < 0 || ours < aws || footer < ours {
		t.Errorf("text = %q, want AWS's text, the explanation, the footer", m.text)
	}
	if !strings.Contains(m.html, d.Message.Explanation.HTML) {
		t.Errorf("HTML = %q, want the explanation's fragment unchanged", m.html)
	}
}

func TestConfirmationLink(t *testing.T) {
	d := delivery()
	d.Message = topic.Message{ID: "m", Type: topic.SubscriptionConfirmation, TopicARN: topicARN, Token: "2336412f37", Published: published}
	m := parsed(t, saved(t, composer(t, deliver.Options{PublicURL: "https://tocsin.example.org/"}), d))
	const link = "https://tocsin.example.org/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:111122223333:alerts&Token=2336412f37"
	if !strings.Contains(m.text, "\n"+link+"\n") || m.header.Get("Subject") != "AWS Notification - Subscription Confirmation" {
		t.Errorf("mail = %q, %q, want the link on a line of its own", m.header.Get("Subject"), m.text)
	}
	found := 0
	walk(t, m.html, func(n *html.Node) {
		for _, a := range n.Attr {
			if n.Data == "a" && a.Key == "href" && a.Val == link {
				found++
			}
		}
	})
	if found != 1 {
		t.Errorf("HTML has %d links %s, want 1", found, link)
	}
}

func TestEnvelopeJSON(t *testing.T) {
	d := delivery()
	d.Subscription.Protocol = "email-json"
	m := parsed(t, saved(t, composer(t, deliver.Options{}), d))
	var envelope map[string]any
	if err := json.Unmarshal([]byte(m.text), &envelope); err != nil {
		t.Fatalf("Unmarshal(%s): %v", m.text, err)
	}
	for key, want := range map[string]string{
		"Type": "Notification", "MessageId": d.Message.ID, "TopicArn": topicARN, "Subject": d.Message.Subject, "Message": d.Message.Body,
		"Timestamp": "2026-03-02T10:15:01.500Z", "UnsubscribeURL": "http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=" + d.Subscription.ARN,
	} {
		if got := fmt.Sprint(envelope[key]); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
}

func TestNewComposerRefuses(t *testing.T) {
	for name, o := range map[string]deliver.Options{
		"no public URL": {},
		"not http":      {PublicURL: "ftp://example.org"},
		"no host":       {PublicURL: "http:///"},
		"bad sender":    {PublicURL: "http://x", From: "a\r\nBcc: b"},
	} {
		if _, err := deliver.NewComposer(o); err == nil {
			t.Errorf("%s: NewComposer = nil, want an error", name)
		}
	}
}

func FuzzMail(f *testing.F) {
	f.Add("subject", "body", "name")
	f.Add("s\r\nBcc: x@y", ".\r\n<script>", "\"<x@y>\"")
	f.Add("0", "0", "ü\\")
	f.Fuzz(func(t *testing.T, subject, body, name string) {
		d := delivery()
		d.Message.Subject, d.Message.Body, d.Message.ByProtocol, d.DisplayName = subject, body, nil, name
		m := parsed(t, saved(t, composer(t, deliver.Options{}), d))
		if len(m.header["Bcc"])+len(m.header["Cc"]) != 0 || len(m.header["To"]) != 1 {
			t.Errorf("subject %q, name %q make recipients %v", subject, name, m.header)
		}
		if _, err := m.header.AddressList("From"); err != nil {
			t.Errorf("name %q makes From unreadable: %v", name, err)
		}
	})
}
