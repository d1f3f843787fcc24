package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/pipeline"
	"github.com/tocsin-dev/tocsin/internal/trail"
)

// meters are the counters of the chain and of the API.
type meters struct {
	files, records, bytes, failures prometheus.Counter
	events, matches                 prometheus.Counter
	requests                        *prometheus.CounterVec
	seconds                         *prometheus.HistogramVec
}

var (
	_ trail.Meter          = (*meters)(nil)
	_ pipeline.IngestMeter = (*meters)(nil)
	_ awsapi.Observer      = (*meters)(nil)
)

func newMeters(registry prometheus.Registerer) *meters {
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "tocsin", Name: name, Help: help})
		registry.MustRegister(c)
		return c
	}
	m := &meters{
		files:    counter("trail_files_total", "CloudTrail files taken in."),
		records:  counter("trail_records_total", "Records handed on from CloudTrail files."),
		bytes:    counter("trail_bytes_total", "Bytes of CloudTrail files taken in, uncompressed."),
		failures: counter("trail_failures_total", "Files, folders and records that could not be taken in."),
		events:   counter("log_events_total", "Log events ingested."),
		matches:  counter("filter_matches_total", "Events that matched a metric filter, each counted once per filter."),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "tocsin", Name: "api_requests_total",
			Help: "Answered API requests."}, []string{"service", "operation", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "tocsin", Name: "api_request_seconds",
			Help: "Time to answer an API request.", Buckets: prometheus.ExponentialBuckets(0.0005, 4, 8)}, []string{"service"}),
	}
	registry.MustRegister(m.requests, m.seconds)
	return m
}

// FileTaken implements trail.Meter.
func (m *meters) FileTaken(records int, bytes int64) {
	m.files.Inc()
	m.records.Add(float64(records))
	m.bytes.Add(float64(bytes))
}

// Failed implements trail.Meter.
func (m *meters) Failed() { m.failures.Inc() }

// Ingested implements pipeline.IngestMeter.
func (m *meters) Ingested(events, matches int) {
	m.events.Add(float64(events))
	m.matches.Add(float64(matches))
}

// Observe implements awsapi.Observer.
func (m *meters) Observe(o awsapi.Observation) {
	code := o.Code
	if code == "" {
		code = "OK"
	}
	m.requests.WithLabelValues(o.Service, o.Operation, code).Inc()
	m.seconds.WithLabelValues(o.Service).Observe(o.Duration.Seconds())
}
