// Package telemetry is how the operator watches Tocsin itself: its log, its
// metrics, and the two questions that a supervisor asks (is it ready, is it
// healthy). Nothing here is global: loggers and registries are made and handed on.
package telemetry

import (
	"fmt"
	"io"
	"log/slog"
)

// LogOptions say how to log.
type LogOptions struct {
	Format string // "text" or "json"
	Level  string // "debug", "info", "warn" or "error"
}

// NewLogger returns a logger that writes to w, which is standard error in life:
// standard output is for data.
func NewLogger(w io.Writer, o LogOptions) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.Level)); err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	switch o.Format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, fmt.Errorf("log format %q is neither text nor json", o.Format)
}
