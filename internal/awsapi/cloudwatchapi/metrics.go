package cloudwatchapi

import (
	"errors"
	"fmt"
	"strings"
	"time"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Metrics is the half of the API that puts and reads the data of metrics.
type Metrics struct {
	service *metric.Service
	now     func() time.Time
}

// NewMetrics answers the metric operations from a station. now is the clock
// that timestamps and retention are held against; nil is the real one.
func NewMetrics(service *metric.Service, now func() time.Time) *Metrics {
	if now == nil {
		now = time.Now
	}
	return &Metrics{service: service, now: now}
}

func invalidValue(format string, args ...any) error {
	return &shapes.InvalidParameterValueException{Message: fmt.Sprintf(format, args...)}
}

func invalidCombination(format string, args ...any) error {
	return &shapes.InvalidParameterCombinationException{Message: fmt.Sprintf(format, args...)}
}

func missingParameter(format string, args ...any) error {
	return &shapes.MissingRequiredParameterException{Message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return &wire.ValidationError{Message: fmt.Sprintf(format, args...)}
}

// together is the first problem with the texts of all others of its kind, one a
// line: AWS complains about every datum of a request at once.
func together(problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	var texts []string
	first := shapeOf(problems[0])
	for _, p := range problems {
		if shapeOf(p) == first {
			texts = append(texts, messageOf(p))
		}
	}
	return &wire.Error{Shape: first, Message: strings.Join(texts, "\n")}
}

func shapeOf(err error) string {
	var shaped wire.ShapeError
	if errors.As(err, &shaped) {
		return shaped.ErrorShape()
	}
	return ""
}

func messageOf(err error) string {
	var shaped wire.ShapeError
	if errors.As(err, &shaped) {
		return shaped.ErrorMessage()
	}
	return err.Error()
}

func keyOf(namespace, name string, dimensions []shapes.Dimension) metric.Key {
	pairs := make([]metric.Dimension, len(dimensions))
	for i, d := range dimensions {
		pairs[i] = metric.Dimension{Name: wire.Value(d.Name), Value: wire.Value(d.Value)}
	}
	return metric.NewKey(namespace, name, pairs...)
}

func dimensionsOf(key metric.Key) []shapes.Dimension {
	dimensions := make([]shapes.Dimension, len(key.Dimensions))
	for i, d := range key.Dimensions {
		dimensions[i] = shapes.Dimension{Name: &d.Name, Value: &d.Value}
	}
	return dimensions
}

func seconds(n *int32) time.Duration { return time.Duration(wire.Value(n)) * time.Second }
