// Package metricfilter is the third station of the chain: it turns log events
// into metric data. A filter belongs to a log group, has a pattern, and says
// what to publish for events that match (metricValue) and for those that do
// not (defaultValue).
package metricfilter

import (
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Limits of a log group and of a filter. The fifth regex-bearing filter is the
// last, counted per filter and not per expression (observed on AWS).
const (
	MaxFilters      = 100
	MaxRegexFilters = 5
	MaxDimensions   = 3

	maxDimensionValue = 1024 // characters, CloudWatch's limit for all metrics
)

// Definition is a filter as PutMetricFilter takes it.
type Definition struct {
	Name           string
	Pattern        string
	Transformation Transformation
	// SystemDimensions lists "@aws.account" and "@aws.region" when the filter
	// emits them as dimensions.
	SystemDimensions []string
}

// Transformation says what a filter publishes.
type Transformation struct {
	MetricName, Namespace string
	Value                 string             // a number, or a reference: $.path, $name, $N
	Default               *float64           // published for every event that does not match; nil: nothing
	Unit                  string             // "None" when not given
	Dimensions            []metric.Dimension // values are references
}

// Filter is a definition in its log group. The ID outlives a replacement by the
// same name, so an event counted under the old definition is not counted again.
type Filter struct {
	ID      int64
	GroupID int64
	Group   string // the log group's name
	Created time.Time
	Definition
}

// Query selects filters for DescribeMetricFilters. Empty members select all.
type Query struct {
	Scope                 arn.Scope
	Group                 string // exact name
	Prefix                string // of the filter's name
	MetricName, Namespace string
	// After is the last filter of the page before: the next page begins behind it.
	AfterGroup, AfterName string
	Limit                 int
}
