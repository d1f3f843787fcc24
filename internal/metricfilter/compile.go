package metricfilter

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// ErrLimitExceeded is the answer to one filter too many in a log group.
//
//lint:ignore ST1005 AWS's text, shown as it is
var ErrLimitExceeded = errors.New("Resource limit exceeded.")

// InvalidError is a definition that AWS refuses; its text is AWS's.
type InvalidError struct{ Message string }

func (e *InvalidError) Error() string { return e.Message }

func invalid(format string, args ...any) error {
	return &InvalidError{Message: fmt.Sprintf(format, args...)}
}

// Compiled is a checked definition, ready to be applied to events by many
// goroutines at once.
type Compiled struct {
	def        Definition
	pattern    *filterpattern.Pattern
	literal    float64                  // metricValue, when it is a number
	value      *filterpattern.Reference // metricValue, when it is a reference
	dimensions []dimension
}

type dimension struct {
	name string
	ref  filterpattern.Reference
}

// Compile checks a definition as PutMetricFilter does. Errors are
// *filterpattern.SyntaxError or *InvalidError, both in AWS's words.
func Compile(def Definition) (*Compiled, error) {
	pattern, err := filterpattern.Parse(def.Pattern)
	if err != nil {
		return nil, err
	}
	c := &Compiled{def: def, pattern: pattern}
	for _, step := range []func() error{c.checkNamespace, c.compileValue, c.checkDimensionRules, c.compileDimensions} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Pattern is the compiled filter pattern.
func (c *Compiled) Pattern() *filterpattern.Pattern { return c.pattern }

func (c *Compiled) checkNamespace() error {
	if strings.HasPrefix(c.def.Transformation.Namespace, "AWS/") {
		return invalid("Metric namespaces starting with AWS/ are reserved for AWS.")
	}
	return nil
}

func (c *Compiled) compileValue() error {
	text := c.def.Transformation.Value
	if !strings.HasPrefix(text, "$") {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || strings.ContainsAny(text, "xX_") || math.IsInf(number, 0) || math.IsNaN(number) { // Go reads 0x1p4 and 1_0
			return invalid("Invalid metric transformation: metric value %s must be a valid number", text)
		}
		c.literal = number
		return nil
	}
	ref, err := filterpattern.ParseReference(text)
	if err != nil || !ref.ValidFor(c.pattern) {
		return invalid("Invalid metric transformation: metric value %s must be a valid number", text)
	}
	c.value = &ref
	return nil
}

// checkDimensionRules refuses dimensions where AWS does: with a default value,
// without fields to take them from, and more than three of both kinds.
func (c *Compiled) checkDimensionRules() error {
	own, system := c.def.Transformation.Dimensions, c.def.SystemDimensions
	if len(own) > 0 && c.def.Transformation.Default != nil {
		return invalid("Invalid metric transformation: dimensions and default value are mutually exclusive properties")
	}
	if kind := c.pattern.Kind(); len(own) > 0 && kind != filterpattern.JSON && kind != filterpattern.Space {
		return invalid("The specified filter pattern does not support dimensions")
	}
	if len(own)+len(system) > MaxDimensions {
		return invalid("Invalid metric transformation: at most %d dimensions are allowed", MaxDimensions)
	}
	for _, field := range system {
		if field != "@aws.account" && field != "@aws.region" {
			return invalid("Invalid system field dimension: %s", field)
		}
	}
	return nil
}

func (c *Compiled) compileDimensions() error {
	for _, d := range c.def.Transformation.Dimensions {
		ref, err := filterpattern.ParseReference(d.Value)
		if err != nil || !ref.ValidFor(c.pattern) {
			return invalid("Invalid metric transformation: dimension value must be valid selector")
		}
		c.dimensions = append(c.dimensions, dimension{name: d.Name, ref: ref})
	}
	return nil
}

// CheckLimits says whether a log group that has these other filters may take
// one more.
func (c *Compiled) CheckLimits(others []Filter) error {
	if len(others) >= MaxFilters {
		return ErrLimitExceeded
	}
	if c.pattern.Regexes() == 0 {
		return nil
	}
	bearing := 0
	for _, other := range others {
		if pattern, err := filterpattern.Parse(other.Pattern); err == nil && pattern.Regexes() > 0 {
			bearing++
		}
	}
	if bearing >= MaxRegexFilters {
		return ErrLimitExceeded
	}
	return nil
}

func (c *Compiled) unit() string {
	if c.def.Transformation.Unit == "" {
		return "None"
	}
	return c.def.Transformation.Unit
}

func (c *Compiled) key(dimensions ...metric.Dimension) metric.Key {
	t := c.def.Transformation
	return metric.NewKey(t.Namespace, t.MetricName, dimensions...)
}
