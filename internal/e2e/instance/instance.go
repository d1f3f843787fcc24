// Package instance runs a Tocsin binary as a child process, for end-to-end
// tests, the kill test and benchmarks: they see what a user sees, through the
// AWS API, the mail folder and the exit code.
package instance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Key is the root access key that instances are started with.
const (
	AccessKeyID     = "AKIAIOSFODNN7EXAMPLE"
	SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// Build compiles the binary of the module at root into dir and returns its path.
func Build(ctx context.Context, root, dir string) (string, error) {
	binary := filepath.Join(dir, "tocsin")
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/tocsin")
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tocsin: %w\n%s", err, out)
	}
	return binary, nil
}

// Instance is a running Tocsin. Its addresses stay the same over restarts.
type Instance struct {
	Binary       string
	Data         string
	API, Console string // host:port
	Args         []string
	Environ      []string // of the child, "NAME=value"; wins over the tests' own and over the keys
	Started      time.Time

	command *exec.Cmd
	exited  chan struct{}
	output  lockedBuffer
}

// New prepares an instance with free loopback ports and its data in dir.
func New(binary, dir string, args ...string) (*Instance, error) {
	api, err := freePort()
	if err != nil {
		return nil, err
	}
	console, err := freePort()
	if err != nil {
		return nil, err
	}
	return &Instance{Binary: binary, Data: dir, API: api, Console: console, Args: args}, nil
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// Endpoint is the URL of the AWS API.
func (i *Instance) Endpoint() string { return "http://" + i.API }

// PID is the child's process ID.
func (i *Instance) PID() int { return i.command.Process.Pid }

// Start runs the binary and waits until it is ready, or has exited.
func (i *Instance) Start(ctx context.Context) error {
	args := append([]string{"serve", "--data", i.Data, "--api", i.API, "--console", i.Console}, i.Args...)
	i.command = exec.Command(i.Binary, args...)
	i.command.Env = append(os.Environ(), "TOCSIN_ROOT_ACCESS_KEY_ID="+AccessKeyID, "TOCSIN_ROOT_SECRET_ACCESS_KEY="+SecretAccessKey)
	i.command.Env = append(i.command.Env, i.Environ...) // of a name that is there twice the last counts
	i.command.Stdout, i.command.Stderr = &i.output, &i.output
	i.exited = make(chan struct{})
	i.Started = time.Now()
	if err := i.command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", i.Binary, err)
	}
	go func(command *exec.Cmd, exited chan struct{}) {
		_ = command.Wait() // the exit code is read from ProcessState
		close(exited)
	}(i.command, i.exited)
	return i.waitReady(ctx)
}

func (i *Instance) waitReady(ctx context.Context) error {
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		if i.ready(ctx) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("tocsin is not ready: %w\n%s", ctx.Err(), i.Output())
		case <-i.exited:
			return fmt.Errorf("tocsin exited with %d\n%s", i.command.ProcessState.ExitCode(), i.Output())
		case <-poll.C:
		}
	}
}

func (i *Instance) ready(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+i.Console+"/-/ready", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Running tells whether there is a child that has not ended.
func (i *Instance) Running() bool {
	if i.exited == nil {
		return false
	}
	select {
	case <-i.exited:
		return false
	default:
		return true
	}
}

// Kill ends the child with SIGKILL and waits for it.
func (i *Instance) Kill() error {
	err := i.command.Process.Kill()
	<-i.exited
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Stop asks the child to stop and waits for it; the exit code must be 0.
func (i *Instance) Stop(ctx context.Context) error {
	if err := i.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-i.exited:
	case <-ctx.Done():
		return fmt.Errorf("tocsin does not stop: %w\n%s", ctx.Err(), i.Output())
	}
	if code := i.command.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("tocsin exited with %d\n%s", code, i.Output())
	}
	return nil
}

// Output is what the child has printed since the first start.
func (i *Instance) Output() string { return i.output.String() }

// Env is the environment for AWS clients.
func (i *Instance) Env() []string {
	return append(os.Environ(), "AWS_ENDPOINT_URL="+i.Endpoint(), "ENDPOINT="+i.Endpoint(),
		"AWS_ACCESS_KEY_ID="+AccessKeyID, "AWS_SECRET_ACCESS_KEY="+SecretAccessKey,
		"AWS_DEFAULT_REGION=us-east-1", "AWS_REGION=us-east-1", "AWS_PAGER=", "AWS_MAX_ATTEMPTS=2",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null")
}

// Mails are the texts of the mails in the mail folder, by file name.
func (i *Instance) Mails() (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(i.Data, "mail", "*.eml"))
	if err != nil {
		return nil, err
	}
	mails := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		mails[filepath.Base(path)] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return mails, nil
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
