package awsapi

import "time"

// Observer is told of every answered request: for metrics and for Tocsin's own trail.
// It is called on the request's goroutine, after the answer was written.
type Observer interface {
	Observe(Observation)
}

// Observation is one answered request. Service and Operation come from a bounded
// set and are fit for metric labels: names that AWS does not have are "unknown".
type Observation struct {
	Service     string // "logs"
	EventSource string // "logs.amazonaws.com"
	Operation   string
	Call        Call
	Started     time.Time
	Duration    time.Duration
	Status      int
	Code        string // error code, empty when the call succeeded
	Message     string // error message for the caller
	Input       any    // *<Operation>Input, nil when it could not be read
	Output      any    // *<Operation>Output, nil when the call failed
}
