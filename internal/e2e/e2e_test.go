// Package e2e tests the whole program from outside: a built binary, driven by
// the AWS CLI, boto3 and files, judged by its mails and answers.
package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

const group = "CloudTrail/DefaultLogGroup" // of serve --trail

var binary string // built once by TestMain

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tocsin-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if binary, err = instance.Build(context.Background(), root, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

var root = filepath.Join("..", "..")

// serve starts an instance with its data in a temporary folder and stops it
// when the test ends.
func serve(t *testing.T, args ...string) *instance.Instance {
	t.Helper()
	in, err := instance.New(binary, t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	start(t, in)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		if err := in.Stop(ctx); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(in.Output())
		}
	})
	return in
}

func start(t *testing.T, in *instance.Instance) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := in.Start(ctx); err != nil {
		t.Fatal(err)
	}
}

// client runs a command with the environment of an AWS client and returns what
// it printed.
func client(t *testing.T, in *instance.Instance, name string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Env = in.Env()
	out, err := command.CombinedOutput()
	return string(out), err
}

func mustClient(t *testing.T, in *instance.Instance, name string, args ...string) string {
	t.Helper()
	out, err := client(t, in, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

func aws(t *testing.T, in *instance.Instance, args ...string) string {
	t.Helper()
	return mustClient(t, in, "aws", args...)
}

// eventually polls until done says so.
func eventually(t *testing.T, within time.Duration, what string, done func() bool) time.Duration {
	t.Helper()
	begun := time.Now()
	for time.Since(begun) < within {
		if done() {
			return time.Since(begun)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("not within %v: %s", within, what)
	return 0
}

// mail waits for a mail whose source holds all the texts.
func mail(t *testing.T, in *instance.Instance, within time.Duration, texts ...string) string {
	t.Helper()
	var found string
	eventually(t, within, fmt.Sprintf("a mail with %q", texts), func() bool {
		mails, err := in.Mails()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range mails {
			if containsAll(unfold(text), texts) {
				found = unfold(text)
				return true
			}
		}
		return false
	})
	return found
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

var softBreak = regexp.MustCompile(`=\n`)

// unfold undoes quoted-printable far enough to search in a mail's source.
func unfold(source string) string {
	return strings.ReplaceAll(softBreak.ReplaceAllString(source, ""), "=3D", "=")
}
