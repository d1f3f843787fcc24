package metricfilter

import (
	"math"
	"time"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Outcome is what one filter makes of one event. Datum is nil when nothing is
// published, which for a match means that its value could not be extracted.
type Outcome struct {
	Matched bool
	Datum   *metric.Datum
}

// Apply decides one event, as recorded from AWS: a match publishes
// metricValue, everything else defaultValue if there is one, each as one
// sample in the minute of the event's timestamp.
func (c *Compiled) Apply(scope arn.Scope, event *filterpattern.Event, timestamp time.Time) Outcome {
	minute := timestamp.UTC().Truncate(time.Minute)
	if !c.pattern.MatchEvent(event) {
		return Outcome{Datum: c.byDefault(minute)}
	}
	value, found := c.extract(event)
	switch {
	case !found:
		return Outcome{Matched: true, Datum: c.byDefault(minute)}
	case math.IsNaN(value):
		return Outcome{Matched: true}
	}
	return Outcome{Matched: true, Datum: c.datum(minute, value, c.dimensionsOf(scope, event))}
}

// extract is the value to publish for a match. A missing or null reference is
// not found; one that holds no number is NaN, and then not even the default is
// published (recorded from AWS).
func (c *Compiled) extract(event *filterpattern.Event) (value float64, found bool) {
	if c.value == nil {
		return c.literal, true
	}
	resolved, ok := c.pattern.Resolve(*c.value, event)
	if !ok || resolved.Kind == filterpattern.NullValue {
		return 0, false
	}
	if number, ok := resolved.Float64(); ok {
		return number, true
	}
	return math.NaN(), true
}

// dimensionsOf reads the dimensions of a match. One missing value leaves the
// sample without any dimension: neither dropped nor partial. A value that does
// not fit counts as missing, which is our decision: AWS's is not known.
func (c *Compiled) dimensionsOf(scope arn.Scope, event *filterpattern.Event) []metric.Dimension {
	var out []metric.Dimension
	for _, d := range c.dimensions {
		resolved, ok := c.pattern.Resolve(d.ref, event)
		if !ok || resolved.Kind == filterpattern.NullValue || !fitsDimension(resolved.Text) {
			return nil
		}
		out = append(out, metric.Dimension{Name: d.name, Value: resolved.Text})
	}
	for _, field := range c.def.SystemDimensions {
		out = append(out, metric.Dimension{Name: field, Value: systemField(scope, field)})
	}
	return out
}

// fitsDimension reports whether CloudWatch takes a text as a dimension's value.
// Whoever writes the events chooses the text, and every new one is a series.
func fitsDimension(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= maxDimensionValue
}

func systemField(scope arn.Scope, field string) string {
	if field == "@aws.region" {
		return scope.Region
	}
	return scope.Account
}

func (c *Compiled) byDefault(minute time.Time) *metric.Datum {
	if c.def.Transformation.Default == nil {
		return nil
	}
	return c.datum(minute, *c.def.Transformation.Default, nil)
}

func (c *Compiled) datum(minute time.Time, value float64, dimensions []metric.Dimension) *metric.Datum {
	return &metric.Datum{
		Key:        c.key(dimensions...),
		Timestamp:  minute,
		Unit:       c.unit(),
		Resolution: time.Minute,
		Set:        metric.Sample(value, 1),
		Values:     []metric.ValueCount{{Value: value, Count: 1}},
	}
}
