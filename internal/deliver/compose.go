package deliver

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

const (
	defaultFrom     = "no-reply@sns.tocsin.local"
	defaultFromName = "AWS Notifications"
	noSubject       = "AWS Notification Message"
	confirmSubject  = "AWS Notification - Subscription Confirmation"
)

// Options are what mails say of the place they come from. Zero fields have defaults.
type Options struct {
	From       string  // address of the sender; no-reply@sns.tocsin.local by default
	FromName   string  // where the topic has no DisplayName; "AWS Notifications" by default
	PublicURL  string  // of our API, for links: "http://127.0.0.1:4566"
	SupportURL string  // support.html on PublicURL by default
	Signer     *Signer // of envelopes; nil: they are not signed
}

// Composer writes mails.
type Composer struct {
	from       mail.Address
	links      links
	supportURL string
	signer     *Signer
}

// NewComposer checks the options.
func NewComposer(o Options) (*Composer, error) {
	from, err := mail.ParseAddress(cmp.Or(o.From, defaultFrom))
	if err != nil {
		return nil, fmt.Errorf("sender's address %q: %w", o.From, err)
	}
	base, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("public URL: %w", err)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("public URL %q: want http:// or https:// and a host", o.PublicURL)
	}
	from.Name = cmp.Or(o.FromName, from.Name, defaultFromName)
	l := links{base: strings.TrimRight(base.String(), "/")}
	return &Composer{from: *from, links: l, supportURL: cmp.Or(o.SupportURL, l.base+"/support.html"), signer: o.Signer}, nil
}

// Mail is a composed mail. The same delivery makes the same mail, try after try.
type Mail struct {
	From, To  mail.Address
	Subject   string
	Text      string
	HTML      string // empty: the mail has no HTML part
	Date      time.Time
	MessageID string // without angle brackets
}

// Compose writes the mail of a delivery by protocol email or email-json.
func (c *Composer) Compose(d topic.Delivery) (Mail, error) {
	m := Mail{
		From:      mail.Address{Name: cmp.Or(displayName(d.DisplayName), c.from.Name), Address: c.from.Address},
		To:        mail.Address{Address: d.Subscription.Endpoint},
		Subject:   cmp.Or(oneLine(d.Message.Subject), noSubject),
		Date:      d.Message.Published,
		MessageID: c.messageID(d),
	}
	if d.Message.Type == topic.SubscriptionConfirmation {
		m.Subject = confirmSubject
	}
	var err error
	switch {
	case d.Subscription.Protocol == "email-json":
		m.Text, err = c.envelope(d)
	case d.Message.Type == topic.SubscriptionConfirmation:
		m.Text, m.HTML, err = c.confirmation(d)
	default:
		m.Text, m.HTML, err = c.notification(d)
	}
	if err != nil {
		return Mail{}, fmt.Errorf("compose mail of %s: %w", d.Message.ID, err)
	}
	return m, nil
}

// messageID is the same for every try, so that a mail that was sent twice can
// be known for one.
func (c *Composer) messageID(d topic.Delivery) string {
	_, domain, _ := strings.Cut(c.from.Address, "@")
	return fileName(d.Message.ID) + "." + fileName(subscriptionID(d.Subscription)) + "@" + domain
}

func subscriptionID(s topic.Subscription) string {
	return s.ARN[strings.LastIndex(s.ARN, ":")+1:]
}

// encoding chooses how a part of a mail is written.
type encoding func(text string) (content string, o gomail.PartOption)

// safe survives any mail server: quoted-printable.
func safe(text string) (string, gomail.PartOption) {
	return text, gomail.WithPartEncoding(gomail.EncodingQP)
}

// plain is the text as it is, so that people and scripts can search a file for
// a link. Lines that no mail may have (RFC 5322, 2.1.1) are written as safe does.
func plain(text string) (string, gomail.PartOption) {
	for line := range strings.Lines(text) {
		if len(line) > 998 {
			return safe(text)
		}
	}
	return strings.ReplaceAll(text, "\n", "\r\n"), gomail.WithPartEncoding(gomail.NoEncoding)
}

// message composes the mail of a delivery and puts it into MIME.
func (c *Composer) message(d topic.Delivery, encode encoding) (Mail, *gomail.Msg, error) {
	m, err := c.Compose(d)
	if err != nil {
		return Mail{}, nil, err
	}
	boundary := sha256.Sum256([]byte(m.MessageID))
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("tocsin-"+hex.EncodeToString(boundary[:16])))
	if err := msg.To(m.To.Address); err != nil {
		return Mail{}, nil, topic.Permanent(fmt.Errorf("subscriber's address: %w", err))
	}
	msg.FromMailAddress(&m.From)
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no answers from holiday mailboxes (RFC 3834)
	text, as := encode(m.Text)
	msg.SetBodyString(gomail.TypeTextPlain, text, as)
	if m.HTML != "" {
		text, as = encode(m.HTML)
		msg.AddAlternativeString(gomail.TypeTextHTML, text, as)
	}
	return m, msg, nil
}

// oneLine makes a text fit for a header: event fields are written by
// attackers, and a line break would begin another header.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}

// displayName makes a text fit to stand before the sender's address. net/mail
// writes a backslash beside non-ASCII characters so that nobody can read the
// address any more, itself included.
func displayName(text string) string { return oneLine(strings.ReplaceAll(text, `\`, "/")) }

// readable keeps line breaks and tabs of a text and nothing else that a
// terminal would obey.
func readable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return '\uFFFD'
		}
		return r
	}, text)
}
