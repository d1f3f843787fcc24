package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Status is what the operator's endpoints ask of the program.
type Status interface {
	// Ready returns why requests should not be sent here now: it is starting,
	// stopping or cannot reach its store.
	Ready(ctx context.Context) error
	// Healthy returns why the program should be restarted.
	Healthy(ctx context.Context) error
}

// checkTimeout bounds a check, for a supervisor gives up after some seconds too.
const checkTimeout = 5 * time.Second

// Endpoints serves /-/ready, /-/healthy and /metrics. They answer whatever
// becomes of the console, and need no login.
func Endpoints(status Status, metrics prometheus.Gatherer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /-/ready", check("ready", status.Ready))
	mux.Handle("GET /-/healthy", check("healthy", status.Healthy))
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	return mux
}

// check answers 200 or, with the reason, 503.
func check(what string, ask func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		defer cancel()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := ask(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintf(w, "Tocsin is not %s: %v\n", what, err)
			return
		}
		fmt.Fprintf(w, "Tocsin is %s.\n", what)
	})
}
