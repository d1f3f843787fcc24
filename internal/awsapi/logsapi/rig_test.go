package logsapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/logsapi"
	"github.com/tocsin-dev/tocsin/internal/blob"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

// rig is the API over real stations and a real store, with every caller let in.
type rig struct {
	t       *testing.T
	handler http.Handler
}

type everybody struct{}

func (everybody) Authenticate(r *http.Request, _ []byte, _ time.Time) (awsapi.Identity, error) {
	region := r.Header.Get("X-Region")
	if region == "" {
		region = "us-east-1"
	}
	caller := access.Caller{Account: "111122223333", ARN: "arn:aws:iam::111122223333:root", Root: true}
	return awsapi.Identity{Caller: caller, Service: "logs", Region: region}, nil
}

// sink takes batches down the chain, as far as the store.
type sink struct {
	filters *metricfilter.Service
	journal *sqlstore.Journal
}

func (s sink) Deliver(ctx context.Context, batch logs.Batch) error {
	live, err := s.filters.Live(ctx, batch.Group)
	if err != nil {
		return err
	}
	_, err = s.journal.Commit(ctx, metricfilter.TallyBatch(batch, live), time.Now())
	return err
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	blobs, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	filters := metricfilter.New(db.MetricFilters())
	groups, err := logs.New(logs.Options{Store: db.Logs(), Blobs: blobs, Sink: sink{filters, db.Journal()}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := awsapi.New(awsapi.Options{Services: []awsapi.Service{logsapi.New(groups, filters)}, Authenticator: everybody{}})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t: t, handler: handler}
}

// do calls an operation; the answer is JSON, empty when there is no output.
func (r *rig) do(operation, body string) (int, string) {
	r.t.Helper()
	return r.doIn("us-east-1", operation, body)
}

func (r *rig) doIn(region, operation, body string) (int, string) {
	r.t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	request.Header.Set("X-Amz-Target", "Logs_20140328."+operation)
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261120/"+region+"/logs/aws4_request, SignedHeaders=host, Signature=00")
	request.Header.Set("X-Region", region)
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, request)
	return answer.Code, answer.Body.String()
}

// ok calls an operation that must succeed.
func (r *rig) ok(operation, format string, args ...any) string {
	r.t.Helper()
	body := fmt.Sprintf(format, args...)
	status, answer := r.do(operation, body)
	if status != http.StatusOK {
		r.t.Fatalf("%s(%.300s) = %d %.500s, want 200", operation, body, status, answer)
	}
	return answer
}

// into is the answer of an operation that must succeed, decoded.
func into[T any](r *rig, operation, format string, args ...any) T {
	r.t.Helper()
	var out T
	decoder := json.NewDecoder(strings.NewReader(r.ok(operation, format, args...)))
	if err := decoder.Decode(&out); err != nil && err != io.EOF {
		r.t.Fatal(err)
	}
	return out
}

// fault is how an operation is refused: "Code: message".
func (r *rig) fault(operation, body string) string {
	r.t.Helper()
	status, answer := r.do(operation, body)
	var fault struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal([]byte(answer), &fault); err != nil || status != http.StatusBadRequest {
		r.t.Errorf("%s(%.200s) = %d %.300s, want an error 400", operation, body, status, answer)
	}
	return fault.Type + ": " + fault.Message
}
