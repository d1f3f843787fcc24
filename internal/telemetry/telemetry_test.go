package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-dev/tocsin/internal/telemetry"
)

func TestNewLogger(t *testing.T) {
	tests := []struct{ format, level, want string }{
		{"text", "info", `level=INFO msg="alarm rang" alarm=root` + "\n"},
		{"json", "info", `"level":"INFO","msg":"alarm rang","alarm":"root"}` + "\n"},
		{"text", "warn", ""},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		logger, err := telemetry.NewLogger(&out, telemetry.LogOptions{Format: tt.format, Level: tt.level})
		if err != nil {
			t.Fatalf("NewLogger(%s, %s) = %v", tt.format, tt.level, err)
		}
		logger.Info("alarm rang", "alarm", "root")
		logger.Debug("unheard")
		if got := out.String(); !strings.HasSuffix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("NewLogger(%s, %s) wrote %q, want %q", tt.format, tt.level, got, tt.want)
		}
	}
	for _, o := range []telemetry.LogOptions{{Format: "xml", Level: "info"}, {Format: "text", Level: "loud"}} {
		if _, err := telemetry.NewLogger(&bytes.Buffer{}, o); err == nil {
			t.Errorf("NewLogger(%+v) = nil, want an error", o)
		}
	}
}

// status answers with what it holds.
type status struct{ ready, healthy error }

func (s status) Ready(context.Context) error   { return s.ready }
func (s status) Healthy(context.Context) error { return s.healthy }

func get(t *testing.T, h http.Handler, method, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w.Code, w.Body.String()
}

func TestEndpoints(t *testing.T) {
	starting := status{ready: errors.New("starting")}
	broken := status{healthy: errors.New("the store is gone")}
	tests := []struct {
		status       status
		method, path string
		code         int
		body         string
	}{
		{status{}, "GET", "/-/ready", 200, "Tocsin is ready.\n"},
		{status{}, "GET", "/-/healthy", 200, "Tocsin is healthy.\n"},
		{starting, "GET", "/-/ready", 503, "Tocsin is not ready: starting\n"},
		{starting, "GET", "/-/healthy", 200, "Tocsin is healthy.\n"},
		{broken, "GET", "/-/healthy", 503, "Tocsin is not healthy: the store is gone\n"},
		{status{}, "POST", "/-/ready", 405, "Method Not Allowed\n"},
		{status{}, "GET", "/elsewhere", 404, "404 page not found\n"},
	}
	for _, tt := range tests {
		code, body := get(t, telemetry.Endpoints(tt.status, prometheus.NewRegistry()), tt.method, tt.path)
		if code != tt.code || body != tt.body {
			t.Errorf("%s %s = %d %q, want %d %q", tt.method, tt.path, code, body, tt.code, tt.body)
		}
	}
}

func TestScrape(t *testing.T) {
	registry := telemetry.NewRegistry("1.2.3")
	rings := prometheus.NewCounter(prometheus.CounterOpts{Namespace: telemetry.Namespace, Name: "rings_total", Help: "Alarms that rang."})
	registry.MustRegister(rings)
	rings.Inc()
	code, body := get(t, telemetry.Endpoints(status{}, registry), "GET", "/metrics")
	if code != http.StatusOK {
		t.Fatalf("GET /metrics = %d", code)
	}
	for _, want := range []string{
		"tocsin_rings_total 1\n",
		`tocsin_build_info{goversion="` + runtime.Version() + `",version="1.2.3"} 1` + "\n",
		"\ngo_goroutines ", "\nprocess_start_time_seconds ",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("GET /metrics has no %q", want)
		}
	}
}

// slow never answers by itself.
type slow struct{ status }

func (slow) Ready(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func TestChecksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		code, body := get(t, telemetry.Endpoints(slow{}, prometheus.NewRegistry()), "GET", "/-/ready")
		if code != 503 || !strings.Contains(body, "deadline exceeded") || time.Since(started) != 5*time.Second {
			t.Errorf("GET /-/ready = %d %q after %s, want 503 after 5s", code, body, time.Since(started))
		}
	})
}
