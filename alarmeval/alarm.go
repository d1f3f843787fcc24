package alarmeval

import "time"

// State is what an alarm says.
type State string

// The three states of an alarm.
const (
	OK               State = "OK"
	InAlarm          State = "ALARM"
	InsufficientData State = "INSUFFICIENT_DATA"
)

// The comparison operators of alarms with a fixed threshold. The statistic is
// the first operand.
const (
	GreaterThanOrEqualToThreshold = "GreaterThanOrEqualToThreshold"
	GreaterThanThreshold          = "GreaterThanThreshold"
	LessThanThreshold             = "LessThanThreshold"
	LessThanOrEqualToThreshold    = "LessThanOrEqualToThreshold"
)

// The values of TreatMissingData. Unset means Missing, except in AWS/DynamoDB
// where it means Ignore.
const (
	Missing      = "missing"
	Ignore       = "ignore"
	Breaching    = "breaching"
	NotBreaching = "notBreaching"
)

// Alarm is what the evaluation needs to know of an alarm, in the words of
// PutMetricAlarm. An alarm has a Statistic or an ExtendedStatistic; one that
// watches a metric math expression has neither.
type Alarm struct {
	Namespace          string // only AWS/DynamoDB matters
	Statistic          string // SampleCount, Average, Sum, Minimum or Maximum
	ExtendedStatistic  string // p99, p99.9, tm90, ...
	Unit               string // shown in the reason data
	Period             time.Duration
	EvaluationPeriods  int // N
	DatapointsToAlarm  int // M of N; 0: not set, all N
	Threshold          float64
	ComparisonOperator string
	TreatMissingData   string // empty: not set
	// EvaluateLowSampleCountPercentile is "evaluate", "ignore" or empty (evaluate).
	EvaluateLowSampleCountPercentile string
}

// required is M.
func (a Alarm) required() int {
	if a.DatapointsToAlarm > 0 {
		return a.DatapointsToAlarm
	}
	return a.EvaluationPeriods
}

// missing is how missing data are treated when nothing was set, too.
func (a Alarm) missing() string {
	switch {
	case a.TreatMissingData != "":
		return a.TreatMissingData
	case a.Namespace == "AWS/DynamoDB":
		return Ignore
	}
	return Missing
}

// Breaches reports whether a window of this value breaches the threshold.
func (a Alarm) Breaches(value float64) bool {
	switch a.ComparisonOperator {
	case GreaterThanOrEqualToThreshold:
		return value >= a.Threshold
	case GreaterThanThreshold:
		return value > a.Threshold
	case LessThanThreshold:
		return value < a.Threshold
	case LessThanOrEqualToThreshold:
		return value <= a.Threshold
	}
	return false
}
