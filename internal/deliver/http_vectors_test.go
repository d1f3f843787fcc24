package deliver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type httpVector struct {
	ID          string            `json:"id"`
	Kind        string            `json:"kind"`
	Feature     string            `json:"feature"`
	Case        string            `json:"case"`
	Headers     map[string]string `json:"expected_headers"`
	HeaderNames []string          `json:"expected_header_names"`
	BodyKeys    []string          `json:"expected_body_keys"`
	Body        string            `json:"expected_body"`
	Status      any               `json:"status"` // a number, or words
	Retry       bool              `json:"expected_retry"`
	Note        string            `json:"note"`
	Source      string            `json:"source"`
	Confidence  string            `json:"confidence"`
}

// TestVectorsHTTP holds requests, and what becomes of answers, against AWS's documents.
func TestVectorsHTTP(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var kind struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		check := map[string]func(httpVector, *testing.T) error{"http": httpVector.checkRequest, "http_outcome": httpVector.checkOutcome}[kind.Kind]
		if check == nil {
			continue
		}
		var v httpVector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		err := check(v, t)
		if err == nil {
			passed++
			continue
		}
		failed++
		if v.Confidence != "inferred" && v.Confidence != "low" {
			t.Errorf("%s: %v", v.ID, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

// checkRequest sends what the case, which is words, is about.
func (v httpVector) checkRequest(t *testing.T) error {
	url, got := subscriber(t, 200, nil)
	d := byHTTP(url)
	d.Message.Subject = ""
	words := strings.ToLower(v.Case)
	switch {
	case strings.Contains(words, "unsubscribe"):
		d.Message.Type, d.Message.Token = topic.UnsubscribeConfirmation, "ab12"
	case strings.Contains(words, "confirmation"):
		d.Message.Type, d.Message.Token = topic.SubscriptionConfirmation, "ab12"
	case strings.Contains(words, "raw"):
		d.Subscription.Attributes = map[string]string{"RawMessageDelivery": "true"}
	}
	if slices.Contains(v.BodyKeys, "Subject") {
		d.Message.Subject = "s"
	}
	if slices.Contains(v.BodyKeys, "MessageAttributes") {
		d.Message.Attributes = map[string]topic.Attribute{"a": {Type: "String", Value: "v"}}
	}
	if err := poster(t, loopback).Send(t.Context(), d); err != nil {
		return err
	}
	for name, want := range v.Headers {
		if value := got.header.Get(name); value != want {
			return fmt.Errorf("header %s = %q, want %q", name, value, want)
		}
	}
	for _, name := range v.HeaderNames {
		if got.header.Get(name) == "" {
			return fmt.Errorf("no header %s in %v", name, got.header)
		}
	}
	want := map[string]string{"": "", "the message itself": d.Message.Body}[v.Body]
	if v.Body != "" && got.body != want || len(v.BodyKeys) > 0 && !slices.Equal(got.keys, v.BodyKeys) {
		return fmt.Errorf("body = %s, want %q or keys %v", got.body, want, v.BodyKeys)
	}
	return nil
}

// checkOutcome delivers to a subscriber that answers with the status, or not at all.
func (v httpVector) checkOutcome(t *testing.T) error {
	url, limit := "", 10*time.Second
	words, _ := v.Status.(string)
	switch status, isNumber := v.Status.(float64); {
	case isNumber:
		url, _ = subscriber(t, int(status), nil)
	case strings.Contains(words, "timeout"):
		url, limit = silent(t), 100*time.Millisecond
	case strings.Contains(words, "connection"), strings.Contains(words, "refused"):
		url = closedPort(t)
	default:
		return fmt.Errorf("status %v is not understood", v.Status)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := poster(t, loopback).Send(ctx, byHTTP(url))
	if got := outcome(err) == "again"; got != v.Retry {
		return fmt.Errorf("Send = %v, want it tried again: %v", err, v.Retry)
	}
	return nil
}

// silent is a server that does not answer.
func silent(t *testing.T) string {
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	t.Cleanup(func() { close(over); server.Close() })
	return server.URL
}

func closedPort(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}
