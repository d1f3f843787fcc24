package deliver_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// mailServer is an SMTP server that does what its script says.
type mailServer struct {
	listener net.Listener
	script   script

	mu    sync.Mutex
	mails []string // what came after DATA
	auth  []string // decoded PLAIN answers
	tls   int      // mails that came encrypted
}

type script struct {
	answers  map[string]string // by verb, instead of the good answer; "" is silence
	implicit bool              // TLS from the first byte
	tls      *tls.Config       // STARTTLS is offered
	auth     bool              // AUTH PLAIN is offered
}

func startServer(t *testing.T, s script) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &mailServer{listener: listener, script: s}
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			sessions.Go(func() { server.serve(connection) })
		}
	})
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		sessions.Wait()
	})
	return server
}

func (s *mailServer) server(t *testing.T, change func(*deliver.Server)) deliver.Server {
	t.Helper()
	server, err := deliver.ParseServer("smtp://" + s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&server)
	}
	return server
}

func (s *mailServer) serve(connection net.Conn) {
	defer func() { connection.Close() }()
	if s.script.implicit {
		connection = tls.Server(connection, s.script.tls)
	}
	reader := bufio.NewReader(connection)
	encrypted := s.script.implicit
	if !s.answer(connection, "greeting", "220 test ESMTP") {
		_, _ = reader.ReadByte() // until the client gives up
		return
	}
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		good := "250 OK"
		switch verb {
		case "EHLO":
			good = s.extensions(encrypted)
		case "STARTTLS":
			good = "220 go on"
		case "AUTH":
			decoded, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line[len("AUTH PLAIN "):]))
			s.mu.Lock()
			s.auth = append(s.auth, string(decoded))
			s.mu.Unlock()
			good = "235 welcome"
		case "DATA":
			good = "354 go on"
		case "QUIT":
			good = "221 bye"
		}
		if !s.answer(connection, verb, good) {
			_, _ = reader.ReadByte()
			return
		}
		switch {
		case verb == "STARTTLS":
			connection = tls.Server(connection, s.script.tls)
			reader, encrypted = bufio.NewReader(connection), true
		case verb == "DATA" && s.script.answers["DATA"] == "":
			if !s.receive(connection, reader, encrypted) {
				return
			}
		case verb == "QUIT":
			return
		}
	}
}

func (s *mailServer) extensions(encrypted bool) string {
	lines := []string{"250-test"}
	if s.script.tls != nil && !encrypted {
		lines = append(lines, "250-STARTTLS")
	}
	if s.script.auth && (encrypted || s.script.tls == nil) {
		lines = append(lines, "250-AUTH PLAIN LOGIN")
	}
	return strings.Join(append(lines, "250 8BITMIME"), "\r\n")
}

func (s *mailServer) receive(connection net.Conn, reader *bufio.Reader, encrypted bool) bool {
	var content strings.Builder
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		content.WriteString(line)
	}
	if !s.answer(connection, "content", "250 taken") {
		_, _ = reader.ReadByte()
		return false
	}
	if refusal := s.script.answers["content"]; refusal == "" {
		s.mu.Lock()
		s.mails = append(s.mails, content.String())
		if encrypted {
			s.tls++
		}
		s.mu.Unlock()
	}
	return true
}

// answer writes the scripted or the good answer; false is silence.
func (s *mailServer) answer(connection net.Conn, verb, good string) bool {
	scripted, ok := s.script.answers[verb]
	if ok && scripted == "" {
		return false
	}
	if ok {
		good = scripted
	}
	_, err := connection.Write([]byte(good + "\r\n"))
	return err == nil
}

func (s *mailServer) received() (mails, auth []string, encrypted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails, s.auth, s.tls
}

// certificate is for 127.0.0.1, with the pool that trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, &tls.Config{RootCAs: pool}
}

func send(t *testing.T, server deliver.Server) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return deliver.NewSMTP(server, composer(t, deliver.Options{})).Send(ctx, delivery())
}

func TestSMTPAccepts(t *testing.T) {
	s := startServer(t, script{})
	if err := send(t, s.server(t, nil)); err != nil {
		t.Fatalf("Send: %v", err)
	}
	mails, _, _ := s.received()
	if len(mails) != 1 {
		t.Fatalf("server has %d mails, want 1", len(mails))
	}
	m := parsed(t, []byte(mails[0]))
	want := parsed(t, saved(t, composer(t, deliver.Options{}), delivery()))
	if m.text != want.text || m.html != want.html || m.header.Get("Subject") != want.header.Get("Subject") || m.header.Get("Message-Id") != want.header.Get("Message-Id") {
		t.Errorf("mail sent =\n%s\nwant what the folder's says\n%+v", mails[0], want)
	}
	for line := range strings.Lines(mails[0]) {
		if len(line) > 78 && !strings.HasPrefix(line, " ") {
			t.Errorf("line of %d characters, want what any mail server takes: %q", len(line), line)
		}
	}
	if m.header.Get("To") != "<reader+x@example.com>" {
		t.Errorf("To = %q, want the subscriber", m.header.Get("To"))
	}
}

func TestSMTPRefusals(t *testing.T) {
	for _, test := range []struct {
		verb, answer string
		permanent    bool
	}{
		{"RCPT", "550 5.1.1 no such mailbox", true},
		{"RCPT", "451 4.7.1 greylisted", false},
		{"RCPT", "452 mailbox full", false},
		{"MAIL", "553 not from you", true},
		{"MAIL", "530 5.7.0 authentication required", false},
		{"DATA", "554 no", true},
		{"DATA", "421 closing", false},
		{"content", "554 5.7.1 spam", true},
		{"content", "451 try later", false},
		{"greeting", "554 not you", false}, // the operator can mend that
		{"EHLO", "502 what", false},
	} {
		t.Run(test.verb+" "+test.answer, func(t *testing.T) {
			s := startServer(t, script{answers: map[string]string{test.verb: test.answer, "HELO": "502 what"}})
			err := send(t, s.server(t, nil))
			var permanent *topic.PermanentError
			if err == nil || errors.As(err, &permanent) != test.permanent {
				t.Errorf("Send = %v, want permanent %v", err, test.permanent)
			}
			if code := test.answer[:3]; err != nil && !strings.Contains(err.Error(), code) && test.verb != "EHLO" {
				t.Errorf("Send = %v, want the server's %s in it", err, code)
			}
		})
	}
}

func TestSMTPSilence(t *testing.T) {
	for _, verb := range []string{"greeting", "EHLO", "MAIL", "RCPT", "DATA", "content"} {
		t.Run(verb, func(t *testing.T) {
			s := startServer(t, script{answers: map[string]string{verb: ""}})
			ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := deliver.NewSMTP(s.server(t, nil), composer(t, deliver.Options{})).Send(ctx, delivery())
			var permanent *topic.PermanentError
			if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &permanent) {
				t.Errorf("Send to a silent server = %v, want a deadline that may be tried again", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("Send to a silent server took %v, want about 150 ms", took)
			}
		})
	}
}

// A mail that the server took is delivered, whatever happens to the session then.
func TestSMTPTakenIsDelivered(t *testing.T) {
	for verb, answer := range map[string]string{"QUIT": "451 no", "RSET": "500 what"} {
		s := startServer(t, script{answers: map[string]string{verb: answer}})
		if err := send(t, s.server(t, nil)); err != nil {
			t.Errorf("Send with %s answered %s = %v, want nil", verb, answer, err)
		}
	}
}

func TestSMTPEncryption(t *testing.T) {
	serverTLS, clientTLS := certificate(t)
	for name, test := range map[string]struct {
		script    script
		change    func(*deliver.Server)
		encrypted int
		want      string // of the error; empty: delivered
	}{
		"offered":                    {script{tls: serverTLS}, func(s *deliver.Server) { s.TLS = clientTLS }, 1, ""},
		"offered, untrusted":         {script{tls: serverTLS}, nil, 0, "certificate"},
		"offered, off":               {script{tls: serverTLS}, func(s *deliver.Server) { s.STARTTLS = deliver.Off }, 0, ""},
		"not offered":                {script{}, nil, 0, ""},
		"required, not offered":      {script{}, func(s *deliver.Server) { s.STARTTLS = deliver.Required }, 0, "STARTTLS"},
		"required":                   {script{tls: serverTLS}, func(s *deliver.Server) { s.STARTTLS, s.TLS = deliver.Required, clientTLS }, 1, ""},
		"implicit":                   {script{tls: serverTLS, implicit: true}, func(s *deliver.Server) { s.ImplicitTLS, s.TLS = true, clientTLS }, 1, ""},
		"implicit, untrusted":        {script{tls: serverTLS, implicit: true}, func(s *deliver.Server) { s.ImplicitTLS = true }, 0, "certificate"},
		"password needs encryption":  {script{auth: true}, func(s *deliver.Server) { s.Username, s.Password, s.STARTTLS = "u", "p", deliver.Required }, 0, "STARTTLS"},
		"password, STARTTLS":         {script{tls: serverTLS, auth: true}, withPassword(clientTLS, false), 1, ""},
		"password, implicit TLS":     {script{tls: serverTLS, auth: true, implicit: true}, withPassword(clientTLS, true), 1, ""},
		"password refused":           {script{tls: serverTLS, auth: true, answers: map[string]string{"AUTH": "535 5.7.8 wrong"}}, withPassword(clientTLS, false), 0, "535"},
		"password, AUTH not offered": {script{tls: serverTLS}, withPassword(clientTLS, false), 0, "AUTH"},
	} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, test.script)
			err := send(t, s.server(t, test.change))
			mails, auth, encrypted := s.received()
			var permanent *topic.PermanentError
			switch {
			case test.want == "" && (err != nil || len(mails) != 1 || encrypted != test.encrypted):
				t.Errorf("Send = %v, %d mails, %d encrypted, want one delivered, %d encrypted", err, len(mails), encrypted, test.encrypted)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || errors.As(err, &permanent) || len(mails) != 0):
				t.Errorf("Send = %v, %d mails, want an error about %s that may be tried again, and no mail", err, len(mails), test.want)
			}
			if strings.HasPrefix(name, "password, STARTTLS") && (len(auth) != 1 || auth[0] != "\x00me@example.com\x00s3cr/t@") {
				t.Errorf("AUTH PLAIN = %q, want user and password", auth)
			}
			if err != nil && strings.Contains(err.Error(), "s3cr") {
				t.Errorf("Send = %v: it tells the password", err)
			}
		})
	}
}

func withPassword(client *tls.Config, implicit bool) func(*deliver.Server) {
	return func(s *deliver.Server) {
		s.Username, s.Password, s.TLS, s.ImplicitTLS, s.STARTTLS = "me@example.com", "s3cr/t@", client, implicit, deliver.Required
	}
}

func TestSMTPUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	server, err := deliver.ParseServer("smtp://" + address)
	if err != nil {
		t.Fatal(err)
	}
	var permanent *topic.PermanentError
	if err := send(t, server); err == nil || errors.As(err, &permanent) {
		t.Errorf("Send to a closed port = %v, want an error that may be tried again", err)
	}
}

func TestParseServer(t *testing.T) {
	for text, want := range map[string]string{
		"smtp://mail.example.com":                        "mail.example.com:25 tls=false starttls=opportunistic user=",
		"smtp://u:p%40ss@mail.example.com":               "mail.example.com:587 tls=false starttls=required user=u",
		"smtps://u:p@mail.example.com":                   "mail.example.com:465 tls=true starttls=required user=u",
		"smtp://localhost:1025/?starttls=off":            "localhost:1025 tls=false starttls=off user=",
		"smtp://u:p@localhost:25?starttls=opportunistic": "localhost:25 tls=false starttls=opportunistic user=u",
		"smtp://[::1]:2525":                              "::1:2525 tls=false starttls=opportunistic user=",
	} {
		s, err := deliver.ParseServer(text)
		got := fmt.Sprintf("%s:%d tls=%v starttls=%s user=%s", s.Host, s.Port, s.ImplicitTLS, s.STARTTLS, s.Username)
		if err != nil || got != want {
			t.Errorf("ParseServer(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "mail.example.com", "http://x", "smtp://", "smtp://x:0", "smtp://x:99999", "smtp://x/path", "smtp://x?starttls=maybe",
		"smtp://x?verify=no", "smtp://u:s3cret@ho st", "smtp://u:s3cret%zz@host"} {
		_, err := deliver.ParseServer(text)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("ParseServer(%q) = %v, want an error without the password", text, err)
		}
	}
}
