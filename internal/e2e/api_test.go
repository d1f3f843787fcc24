package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// scripted runs a test that is written in Python, over boto3, and logs its last line.
func scripted(t *testing.T, args ...string) {
	t.Helper()
	scriptedAt(t, serve(t), args...)
}

func scriptedAt(t *testing.T, in *instance.Instance, args ...string) {
	t.Helper()
	out, err := client(t, in, "python3", args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(args[0]), err, out)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	t.Log(lines[len(lines)-1])
}

// Errors are those that were recorded from AWS: status, code and text.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	scripted(t, "testdata/recorded_errors.py", "testdata/aws-errors.tsv")
}

// Log events come back in every way that clients read them, while more arrive.
func TestReading(t *testing.T) {
	t.Parallel()
	trail := t.TempDir()
	scriptedAt(t, serve(t, "--trail", trail), "testdata/reading.py", trail)
}

// Whatever is listed in pages is listed once each: a thousand and one of most things.
func TestPages(t *testing.T) {
	t.Parallel()
	scripted(t, "testdata/pages.py")
}

// Wrong signatures are refused in the words of each protocol, and two accounts
// and regions know nothing of each other.
func TestAccess(t *testing.T) {
	t.Parallel()
	const otherKey, otherSecret = "AKIDOTHERACCOUNT", "secret-of-the-other-account"
	data := t.TempDir()
	other, err := instance.New(binary, data, "--account", "222222222222")
	if err != nil {
		t.Fatal(err)
	}
	other.Environ = []string{"TOCSIN_ROOT_ACCESS_KEY_ID=" + otherKey, "TOCSIN_ROOT_SECRET_ACCESS_KEY=" + otherSecret}
	start(t, other)
	stopWithin(t, other, 15*time.Second)

	in, err := instance.New(binary, data)
	if err != nil {
		t.Fatal(err)
	}
	start(t, in)
	defer stopWithin(t, in, 15*time.Second)
	out, err := client(t, in, "env", "OTHER="+otherKey, "OTHER_SECRET="+otherSecret, "python3", "testdata/access.py")
	if err != nil {
		t.Errorf("access.py: %v\n%s", err, out)
	}
}

// Subscribers confirm, read and unsubscribe by mail, and an alarm's history says
// which topics it could not publish to.
func TestSubscribers(t *testing.T) {
	t.Parallel()
	in := serve(t)
	scriptedAt(t, in, "testdata/subscribers.py", filepath.Join(in.Data, "mail"))
}
