//go:build linux

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
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

// Mail servers that fail in any way hold up neither the API nor alarms nor the
// stop, and mails wait until a server takes them, each once.
func TestBadMailServers(t *testing.T) {
	t.Parallel()
	var waiting []mailCase
	for name, behaviour := range map[string]behaviour{
		"never answers":        silent,
		"drops connections":    drops,
		"never takes the mail": answers("DATA", "451 4.3.0 come again"),
		"too busy":             answers("", "421 4.3.2 too busy"),
		"hangs in the mail":    answers("DATA", ""),
		"garbage":              answers("", "\x00\xff\x00 not SMTP"),
		"endless line":         answers("", "220 "+strings.Repeat("x", 64<<20)),
		"endless greeting":     answers("", strings.Repeat("220-x\r\n", 8<<20)),
	} {
		trail := t.TempDir()
		bad := serveMail(t, "127.0.0.1:0", behaviour)
		in := startOnly(t, "--trail", trail, "--notify", "you@example.com", "--smtp", "smtp://"+bad.address)
		t.Run(name, func(t *testing.T) { suffer(t, in, bad, trail) })
		waiting = append(waiting, mailCase{name, in, bad})
	}
	stopAll(t, waiting) // together, for some take seconds
	for i, c := range waiting {
		c.server.close()
		waiting[i].server = serveMail(t, c.server.address, takes)
		start(t, c.in)
	}
	for _, c := range waiting {
		t.Run(c.name+", then is good", func(t *testing.T) { checkDelivered(t, c.server) })
	}
	stopAll(t, waiting)
}

type mailCase struct {
	name   string
	in     *instance.Instance
	server *mailServer
}

func stopAll(t *testing.T, cases []mailCase) {
	t.Helper()
	var all sync.WaitGroup
	for _, c := range cases {
		all.Go(func() { stopWithin(t, c.in, 15*time.Second) })
	}
	all.Wait()
}

// suffer has the instance send mails to a bad server.
func suffer(t *testing.T, in *instance.Instance, bad *mailServer, trail string) {
	for n := range published {
		publish(t, in, fmt.Sprintf("waiting-%d", n))
	}
	eventually(t, 10*time.Second, "the server is tried", func() bool { return bad.sessions() > 0 })
	ring(t, in, trail)
	checkReady(t, in)
	checkMemory(t, in)
}

// checkDelivered waits for all mails that the bad server did not take.
func checkDelivered(t *testing.T, good *mailServer) {
	eventually(t, 2*time.Minute, "every mail delivered", func() bool { return len(good.mails()) > published })
	checkEachOnce(t, good.mails())
	if !strings.Contains(strings.Join(good.mails(), ""), "UnauthorizedAPICalls") {
		t.Error("no mail of the alarm that rang while the server was bad")
	}
}

// published is how many messages are published while a mail server is bad.
const published = 20

// A subscriber whose mails hang or are refused does not keep others from theirs.
func TestBadRecipient(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"hangs": "", "refused": "550 5.1.1 nobody here", "deferred": "450 4.2.1 come again"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serveMail(t, "127.0.0.1:0", answers("RCPT TO:<you@example.com>", answer))
			in := startOnly(t, "--notify", "you@example.com", "--smtp", "smtp://"+server.address)
			defer stopWithin(t, in, 15*time.Second)
			query(t, in, url.Values{"Action": {"Subscribe"}, "TopicArn": {starterTopic}, "Protocol": {"email"}, "Endpoint": {"other@example.com"}})
			eventually(t, 10*time.Second, "a request to confirm", func() bool { return token(server.mails()) != "" })
			query(t, in, url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {starterTopic}, "Token": {token(server.mails())}})
			for n := range 3 {
				publish(t, in, fmt.Sprintf("waiting-%d", n))
			}
			eventually(t, 10*time.Second, "the other's mails", func() bool { return len(server.mails()) >= 4 })
		})
	}
}

const starterTopic = "arn:aws:sns:us-east-1:000000000000:tocsin-alarms"

// startOnly starts an instance that the test stops itself; it is killed at the end if it was not.
func startOnly(t *testing.T, args ...string) *instance.Instance {
	t.Helper()
	in, err := instance.New(binary, t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	start(t, in)
	t.Cleanup(func() {
		if err := in.Kill(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(in.Output())
		}
	})
	return in
}

func stopWithin(t *testing.T, in *instance.Instance, limit time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := in.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// aTry is how long a mail server may hold up a delivery. What waits for
// deliveries takes longer than this; a busy machine alone does not.
const aTry = 25 * time.Second

// query calls SNS, which must not wait for deliveries.
func query(t *testing.T, in *instance.Instance, form url.Values) string {
	t.Helper()
	form.Set("Version", "2010-03-31")
	begun := time.Now()
	status, answer := send(t, in, request{service: "sns", body: []byte(form.Encode())})
	if status != http.StatusOK {
		t.Fatalf("%s = %d %s", form.Get("Action"), status, answer)
	}
	if took := time.Since(begun); took > aTry {
		t.Errorf("%s took %v, want an answer that does not wait for mail servers", form.Get("Action"), took)
	}
	return string(answer)
}

func publish(t *testing.T, in *instance.Instance, message string) {
	t.Helper()
	query(t, in, url.Values{"Action": {"Publish"}, "TopicArn": {starterTopic}, "Message": {message}, "Subject": {message}})
}

// ring has the starter set's alarm ring, and waits for its state.
func ring(t *testing.T, in *instance.Instance, trail string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(trail, "denied.json"), []byte(denied), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, "the alarm rings", func() bool { return alarmState(t, in) == "ALARM" })
}

func alarmState(t *testing.T, in *instance.Instance) string {
	t.Helper()
	header := http.Header{"X-Amz-Target": {"GraniteServiceVersion20100801.DescribeAlarms"}, "Content-Type": {"application/x-amz-json-1.0"}}
	status, answer := send(t, in, request{service: "monitoring", header: header, body: []byte(`{"AlarmNames":["UnauthorizedAPICalls"]}`)})
	var out struct{ MetricAlarms []struct{ StateValue string } }
	if err := json.Unmarshal(answer, &out); err != nil || len(out.MetricAlarms) != 1 {
		t.Fatalf("DescribeAlarms = %d %s", status, answer)
	}
	return out.MetricAlarms[0].StateValue
}

// checkEachOnce checks that each of the published messages came exactly once.
func checkEachOnce(t *testing.T, mails []string) {
	t.Helper()
	for n := range published {
		subject := fmt.Sprintf("Subject: waiting-%d\n", n)
		count := 0
		for _, mail := range mails {
			count += strings.Count(mail, subject)
		}
		if count != 1 {
			t.Errorf("%d mails with %q, want 1", count, subject)
		}
	}
}

// token is that of the mail that asks for a confirmation, if it is there.
func token(mails []string) string {
	for _, mail := range mails {
		if _, rest, found := strings.Cut(unfold(mail), "Token="); found {
			end := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') })
			return rest[:end]
		}
	}
	return ""
}

// A behaviour answers a line of an SMTP client ("" is its coming); false ends the
// connection, an empty answer is silence.
type behaviour func(line string) (answer string, goOn bool)

func takes(line string) (string, bool) {
	switch verb, _, _ := strings.Cut(line, " "); verb {
	case "":
		return "220 ready", true
	case "DATA":
		return "354 go on", true
	case "QUIT":
		return "221 bye", false
	}
	return "250 fine", true
}

func silent(string) (string, bool) { return "", true }

func drops(string) (string, bool) { return "", false }

// answers takes everything but the lines with the beginning, which have an answer of their own.
func answers(beginning, answer string) behaviour {
	return func(line string) (string, bool) {
		if beginning == "" && line == "" || beginning != "" && strings.HasPrefix(line, beginning) {
			return answer, true
		}
		return takes(line)
	}
}

// mailServer is an SMTP server of some behaviour.
type mailServer struct {
	address   string
	listener  net.Listener
	behaviour behaviour
	running   sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
	begun  int
	taken  []string
}

func serveMail(t *testing.T, address string, b behaviour) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{address: listener.Addr().String(), listener: listener, behaviour: b, open: map[net.Conn]bool{}}
	s.running.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() { s.serve(connection) })
		}
	})
	t.Cleanup(s.close)
	return s
}

// close ends the server and its connections; it may be called twice.
func (s *mailServer) close() {
	s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for connection := range s.open {
		connection.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

func (s *mailServer) serve(connection net.Conn) {
	s.mu.Lock()
	s.open[connection] = true
	s.begun++
	closed := s.closed
	s.mu.Unlock()
	defer func() {
		connection.Close()
		s.mu.Lock()
		delete(s.open, connection)
		s.mu.Unlock()
	}()
	if closed {
		return
	}
	lines := bufio.NewScanner(connection)
	lines.Buffer(nil, 1<<20)
	for line, more := "", true; more; {
		answer, goOn := s.behaviour(line)
		if !goOn && answer == "" {
			return
		}
		if answer != "" {
			fmt.Fprintf(connection, "%s\r\n", answer)
		}
		if strings.HasPrefix(answer, "354") {
			s.take(connection, lines)
		}
		if !goOn {
			return
		}
		more = lines.Scan()
		line = lines.Text()
	}
}

func (s *mailServer) take(connection net.Conn, lines *bufio.Scanner) {
	var mail strings.Builder
	for lines.Scan() {
		if lines.Text() == "." {
			s.mu.Lock()
			s.taken = append(s.taken, mail.String())
			s.mu.Unlock()
			fmt.Fprint(connection, "250 taken\r\n")
			return
		}
		mail.WriteString(lines.Text() + "\n")
	}
}

func (s *mailServer) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.taken...)
}

func (s *mailServer) sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun
}
