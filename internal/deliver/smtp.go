package deliver

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// SMTP delivers mails to a server.
type SMTP struct {
	composer *Composer
	server   Server
}

var _ topic.Sender = (*SMTP)(nil)

// Server is a mail server to submit to.
type Server struct {
	Host               string
	Port               int
	ImplicitTLS        bool // smtps
	STARTTLS           STARTTLS
	Username, Password string
	// TLS overrides what certificates are trusted; nil is the system's choice.
	TLS *tls.Config
}

// STARTTLS says what to do about it.
type STARTTLS string

// The choices.
const (
	Required      STARTTLS = "required"
	Opportunistic STARTTLS = "opportunistic" // if the server offers it
	Off           STARTTLS = "off"
)

// ParseServer reads smtp://[user:password@]host[:port][?starttls=required|opportunistic|off]
// or smtps://... STARTTLS is required when there is a password to protect, else
// opportunistic. Errors do not repeat the URL: it may hold a password.
func ParseServer(text string) (Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Server{}, errors.New("mail server: not a URL")
	}
	s := Server{Host: u.Hostname(), Username: u.User.Username()}
	s.Password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
		s.Port = 25
		if s.Username != "" {
			s.Port = 587
		}
	case "smtps":
		s.Port, s.ImplicitTLS = 465, true
	default:
		return Server{}, fmt.Errorf("mail server: scheme %q, want smtp or smtps", u.Scheme)
	}
	if s.Host == "" || u.Path != "" && u.Path != "/" {
		return Server{}, errors.New("mail server: want smtp://[user:password@]host[:port]")
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, fmt.Errorf("mail server: port %q", port)
		}
	}
	s.STARTTLS, err = parseSTARTTLS(u.Query(), s)
	return s, err
}

func parseSTARTTLS(query url.Values, s Server) (STARTTLS, error) {
	for key := range query {
		if key != "starttls" {
			return "", fmt.Errorf("mail server: unknown setting %q", key)
		}
	}
	byDefault := Opportunistic
	if s.Username != "" {
		byDefault = Required
	}
	switch choice := cmp.Or(STARTTLS(query.Get("starttls")), byDefault); choice {
	case Required, Opportunistic, Off:
		return choice, nil
	default:
		return "", fmt.Errorf("mail server: starttls=%s, want required, opportunistic or off", choice)
	}
}

// NewSMTP makes a sender that submits to the server.
func NewSMTP(server Server, c *Composer) *SMTP { return &SMTP{composer: c, server: server} }

// Send submits one mail in a session of its own, which ends with ctx. A 5xx
// answer to the mail itself is permanent; whatever the operator can mend (the
// connection, TLS, the password) may be tried again.
func (s *SMTP) Send(ctx context.Context, d topic.Delivery) error {
	_, msg, err := s.composer.message(d, safe)
	if err != nil {
		return err
	}
	client, err := s.client(ctx)
	if err != nil {
		return fmt.Errorf("mail server %s: %w", s.server.Host, err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // what fails after the server took the mail does not matter
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		err = errors.Join(cause, err)
	}
	err = fmt.Errorf("mail server %s: %w", s.server.Host, err)
	if isFinal(err) {
		return topic.Permanent(err)
	}
	return err
}

// isFinal tells a refusal of the mail. 530 asks for authentication or TLS first.
func isFinal(err error) bool {
	var refusal *gomail.SendError
	return errors.As(err, &refusal) && refusal.ErrorCode() >= 500 && refusal.ErrorCode() != 530
}

const withoutDeadline = time.Minute

func (s *SMTP) client(ctx context.Context) (*gomail.Client, error) {
	timeout := withoutDeadline
	if deadline, ok := ctx.Deadline(); ok {
		timeout = max(time.Until(deadline), 0) + time.Second // the context ends the session first, and is named in the error
	}
	policy := map[STARTTLS]gomail.TLSPolicy{Required: gomail.TLSMandatory, Opportunistic: gomail.TLSOpportunistic, Off: gomail.NoTLS}[s.server.STARTTLS]
	if s.server.ImplicitTLS {
		policy = gomail.TLSOpportunistic // dial has encrypted already, and such a server offers no STARTTLS
	}
	options := []gomail.Option{
		gomail.WithPort(s.server.Port), gomail.WithTimeout(timeout), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(s.tlsConfig()),
		gomail.WithDialContextFunc(s.dialer(ctx)), gomail.WithoutNoop(),
	}
	if s.server.Username != "" {
		options = append(options, gomail.WithUsername(s.server.Username), gomail.WithPassword(s.server.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5))
	}
	return gomail.NewClient(s.server.Host, options...)
}

func (s *SMTP) tlsConfig() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.server.TLS != nil {
		config = s.server.TLS.Clone()
	}
	config.ServerName = cmp.Or(config.ServerName, s.server.Host)
	return config
}

// dialer makes connections that close when the session's context is done: the
// client heeds contexts only while it dials.
func (s *SMTP) dialer(session context.Context) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		dialed, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(session, func() { dialed.Close() })
		connection := &bounded{dialed, maxAnswers}
		if !s.server.ImplicitTLS {
			return connection, nil
		}
		encrypted := tls.Client(connection, s.tlsConfig())
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, dialed.Close())
		}
		return encrypted, nil
	}
}
