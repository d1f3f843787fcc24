package awsapi_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
)

var update = flag.Bool("update", false, "rewrite the inputs of testdata/samples")

// TestSamples replays requests that were recorded from the AWS CLI, boto3,
// Terraform and the SDK for Go, and compares what we read with the sample's input.json.
func TestSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/samples/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			sample, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, sample.Files[0].Data)
			if *update {
				sample.Files[1].Data = got
				if err := os.WriteFile(file, txtar.Format(sample), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got, sample.Files[1].Data) {
				t.Errorf("input = %s, want %s", got, sample.Files[1].Data)
			}
		})
	}
}

// replay sends a recorded request and returns the input that its operation was called with.
func replay(t *testing.T, recorded []byte) []byte {
	t.Helper()
	e := &echo{}
	h := handler(t, awsapi.Options{Services: everyEcho(e)})
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, recordedRequest(t, recorded))
	if answer.Code != http.StatusOK {
		t.Fatalf("status = %d %s, want 200", answer.Code, answer.Body)
	}
	operation := strings.TrimSuffix(reflect.TypeOf(e.in).Elem().Name(), "Input")
	text, err := json.MarshalIndent(map[string]any{operation: inputOf(e)}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

// inputOf is the members that were set.
func inputOf(e *echo) any {
	pkg := filepath.Base(reflect.TypeOf(e.in).Elem().PkgPath())
	operation := strings.TrimSuffix(reflect.TypeOf(e.in).Elem().Name(), "Input")
	for _, s := range everyEcho(e) {
		for _, op := range s.Model.Operations {
			if s.Model.Service == pkg && op.Name == operation {
				return take(s.Model.Shapes, op.Input, reflect.ValueOf(e.in))
			}
		}
	}
	return nil
}

func recordedRequest(t *testing.T, recorded []byte) *http.Request {
	t.Helper()
	head, body, _ := bytes.Cut(recorded, []byte("\n\n"))
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(append(head, "\n\n"...))))
	if err != nil {
		t.Fatal(err)
	}
	body = bytes.TrimSuffix(body, []byte("\n"))
	if digits, isHex := bytes.CutPrefix(body, []byte("hex: ")); isHex {
		if body, err = hex.DecodeString(string(digits)); err != nil {
			t.Fatal(err)
		}
	}
	sent := httptest.NewRequest(r.Method, r.RequestURI, bytes.NewReader(body))
	sent.Header = r.Header
	return sent
}

func handler(t testing.TB, o awsapi.Options) http.Handler {
	t.Helper()
	if o.Authenticator == nil {
		o.Authenticator = trusting{}
	}
	h, err := awsapi.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func everyEcho(e *echo) []awsapi.Service {
	return []awsapi.Service{cloudwatchEcho(e), logsEcho(e), snsEcho(e), stsEcho(e)}
}
