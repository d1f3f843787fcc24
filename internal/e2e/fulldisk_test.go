//go:build linux

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// A disk that is full fails what needs to be written, in words that make
// clients try again, and nothing else. When there is room again everything that
// waited is taken in once, without a restart.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	t.Run("file-size limit", func(t *testing.T) {
		t.Parallel()
		trail := t.TempDir()
		in := serve(t, "--trail", trail, "--notify", "you@example.com")
		fillAndLift(t, in, trail, func() { limitFiles(t, in, 512) }, func() { limitFiles(t, in, noLimit) })
	})
	t.Run("small file system", func(t *testing.T) {
		t.Parallel()
		data, trail := t.TempDir(), t.TempDir()
		if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=16m"); errors.Is(err, syscall.EPERM) {
			t.Log("mounting is not permitted here: the file-size limit has to do")
			return
		} else if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(data, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		in, err := instance.New(binary, data, "--trail", trail, "--notify", "you@example.com")
		if err != nil {
			t.Fatal(err)
		}
		start(t, in)
		t.Cleanup(func() {
			stopWithin(t, in, 15*time.Second)
			if t.Failed() {
				t.Log(in.Output())
			}
		})
		filler := filepath.Join(data, "filler")
		fillAndLift(t, in, trail, func() { fill(t, filler) }, func() {
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
		})
	})
}

func fillAndLift(t *testing.T, in *instance.Instance, trail string, fill, lift func()) {
	prepare(t, in)
	putCounter(t, in, "all", `{ $.eventID = * }`)
	if status, answer := put(t, in, "before"); status != http.StatusOK {
		t.Fatalf("PutLogEvents = %d %s", status, answer)
	}
	writeFile(t, trail, "before.json", records(record("before")))
	eventually(t, 10*time.Second, "the first record counted", func() bool { return sum(t, in, "all") == 1 })

	fill()
	checkRefused(t, in)
	for n := range 10 {
		writeFile(t, trail, fmt.Sprintf("waiting-%d.json.gz", n), zipped(records(strings.ReplaceAll(denied, "11111111-", fmt.Sprintf("%08d-", n)), record(fmt.Sprint("waiting-", n)))))
	}
	eventually(t, 10*time.Second, "the failing intake listed", func() bool { return len(failures(t, in)["waiting-0.json.gz"]) > 0 })
	if counter(t, in, "tocsin_trail_failures_total") == 0 {
		t.Error("tocsin_trail_failures_total = 0 on a full disk, want the intake's failure")
	}
	if !strings.Contains(in.Output(), "intake pauses") || !strings.Contains(in.Output(), "request failed") {
		t.Errorf("the log does not tell of the full disk: %s", in.Output())
	}
	eventually(t, 10*time.Second, "/-/ready to tell", func() bool { status, _ := console(t, in, "/-/ready"); return status == http.StatusServiceUnavailable })
	if status, body := console(t, in, "/-/healthy"); status != http.StatusOK {
		t.Errorf("GET /-/healthy = %d %q, want 200: a restart would not help", status, body)
	}

	lift()
	eventually(t, 15*time.Second, "all that waited counted", func() bool { return sum(t, in, "all") >= 21 })
	mail(t, in, 10*time.Second, "UnauthorizedAPICalls")
	eventually(t, 10*time.Second, "the intake in order", func() bool { return len(failures(t, in)) == 0 })
	if got := sum(t, in, "all"); got != 21 {
		t.Errorf("counted %d records, want 21", got)
	}
	if status, answer := put(t, in, "after"); status != http.StatusOK {
		t.Errorf("PutLogEvents = %d %s, want 200 with room again", status, answer)
	}
	if got, want := fmt.Sprint(events(t, in)), "[before after]"; got != want {
		t.Errorf("log events = %s, want %s: what was refused was not taken", got, want)
	}
	checkReady(t, in)
}

// checkRefused checks that what would have to be written is refused, and that
// what is only read is not.
func checkRefused(t *testing.T, in *instance.Instance) {
	t.Helper()
	wrote := map[string]func() (int, []byte){
		asJSON: func() (int, []byte) { return put(t, in, "refused") },
		asQuery: func() (int, []byte) {
			return send(t, in, request{service: "sns", body: []byte("Action=Publish&Version=2010-03-31&Message=refused&TopicArn=" + starterTopic)})
		},
		asCBOR: func() (int, []byte) {
			return send(t, in, request{service: "monitoring", path: "/service/GraniteServiceVersion20100801/operation/DisableAlarmActions", header: cborHeader(), body: []byte("\xa1\x6aAlarmNames\x81\x74UnauthorizedAPICalls")})
		},
	}
	for protocol, write := range wrote {
		for range 3 {
			status, answer := write()
			if code, _ := errorOf(protocol, answer); status != http.StatusServiceUnavailable && status != http.StatusInternalServerError || code == "" {
				t.Errorf("a write by %s on a full disk = %d %.300q, want a 5xx in AWS's shape", protocol, status, answer)
			}
		}
	}
	const counted = `tocsin_api_requests_total{code="InternalFailure",operation="PutLogEvents",service="logs"} 3`
	if _, metrics := console(t, in, "/metrics"); !strings.Contains(metrics, counted) {
		t.Errorf("/metrics has no %s", counted)
	}
	for _, r := range []request{
		{service: "logs", header: logsHeader("DescribeLogGroups"), body: []byte("{}")},
		{service: "logs", header: logsHeader("GetLogEvents"), body: []byte(`{"logGroupName":"bad","logStreamName":"bad"}`)},
		{service: "sns", body: []byte("Action=ListTopics&Version=2010-03-31")},
	} {
		if status, answer := send(t, in, r); status != http.StatusOK {
			t.Errorf("a read on a full disk = %d %.300s, want 200", status, answer)
		}
	}
}

// put puts one log event.
func put(t *testing.T, in *instance.Instance, message string) (int, []byte) {
	t.Helper()
	body := fmt.Sprintf(`{"logGroupName":"bad","logStreamName":"bad","logEvents":[{"timestamp":%d,"message":%q}]}`, time.Now().UnixMilli(), message)
	return send(t, in, request{service: "logs", header: logsHeader("PutLogEvents"), body: []byte(body)})
}

// events are the messages that were put.
func events(t *testing.T, in *instance.Instance) []string {
	t.Helper()
	_, answer := send(t, in, request{service: "logs", header: logsHeader("GetLogEvents"), body: []byte(`{"logGroupName":"bad","logStreamName":"bad","startFromHead":true}`)})
	var out struct{ Events []logEvent }
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, e := range out.Events {
		messages = append(messages, e.Message)
	}
	return messages
}

// Started without room, the program says so and ends; with room it starts.
func TestStartOnFullDisk(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "tocsin")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nulimit -S -f 1\nexec "+binary+` "$@"`+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	in, err := instance.New(script, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := in.Start(ctx); err == nil || !strings.Contains(err.Error(), "exited with 3") {
		t.Errorf("start on a full disk: %v, want exit code 3", err)
	}
	in.Binary = binary
	start(t, in)
	stopWithin(t, in, 15*time.Second)
}

// noLimit is the soft limit of one who has none.
const noLimit = ^uint64(0)

// limitFiles sets how long files of the running program may become, in bytes.
func limitFiles(t *testing.T, in *instance.Instance, bytes uint64) {
	t.Helper()
	limit := syscall.Rlimit{Cur: bytes, Max: noLimit}
	if _, _, errno := syscall.Syscall6(syscall.SYS_PRLIMIT64, uintptr(in.PID()), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0); errno != 0 {
		t.Fatalf("prlimit: %v", errno)
	}
}

// fill writes a file until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for size := 64 << 10; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
