// Package rehearse tries an alarm before anybody trusts it: what it would have
// done on given data (Simulate, Warn), and what is wrong with it whatever the
// data are (Lint). States are decided by alarmeval, in the order and at the times
// at which the server decides them; nothing here touches the world.
package rehearse

import (
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// Alarm is an alarm in the words of PutMetricAlarm, which are those of
// DescribeAlarms, too: JSON of both decodes into it. Nil means not given.
type Alarm struct {
	AlarmName, AlarmDescription                        string
	ActionsEnabled                                     *bool
	OKActions, AlarmActions, InsufficientDataActions   []string
	MetricName, Namespace                              string
	Statistic, ExtendedStatistic, Unit                 string
	Period, EvaluationPeriods, DatapointsToAlarm       *int32
	Threshold                                          *float64
	ComparisonOperator                                 string
	TreatMissingData, EvaluateLowSampleCountPercentile string
	StateValue                                         alarmeval.State

	// These make it an alarm of another kind, which is not rehearsed.
	Metrics            []any
	ThresholdMetricId  *string
	EvaluationCriteria any
	AlarmRule          string
}

// Rule is the part that is evaluated. What was not given is zero.
func (a Alarm) Rule() alarmeval.Alarm {
	return alarmeval.Alarm{
		Namespace: a.Namespace, Statistic: a.Statistic, ExtendedStatistic: a.ExtendedStatistic, Unit: a.Unit,
		Period:            time.Duration(value(a.Period)) * time.Second,
		EvaluationPeriods: int(value(a.EvaluationPeriods)), DatapointsToAlarm: int(value(a.DatapointsToAlarm)),
		Threshold: value(a.Threshold), ComparisonOperator: a.ComparisonOperator, TreatMissingData: a.TreatMissingData,
		EvaluateLowSampleCountPercentile: a.EvaluateLowSampleCountPercentile,
	}
}

// Notifies is true if a change to the state runs any action.
func (a Alarm) Notifies(state alarmeval.State) bool {
	if a.ActionsEnabled != nil && !*a.ActionsEnabled {
		return false
	}
	return len(a.actions(state)) > 0
}

func (a Alarm) actions(state alarmeval.State) []string {
	switch state {
	case alarmeval.InAlarm:
		return a.AlarmActions
	case alarmeval.OK:
		return a.OKActions
	}
	return a.InsufficientDataActions
}

// String says in a line what the alarm waits for.
func (a Alarm) String() string {
	rule := a.Rule()
	return fmt.Sprintf("%s of %s %s in %s %s %s, %d of %d windows",
		a.statistic(), a.Namespace, a.MetricName, span(rule.Period), sign[rule.ComparisonOperator], number(rule.Threshold), required(rule), rule.EvaluationPeriods)
}

func (a Alarm) statistic() string { return a.Statistic + a.ExtendedStatistic }

var sign = map[string]string{
	alarmeval.GreaterThanOrEqualToThreshold: ">=", alarmeval.GreaterThanThreshold: ">",
	alarmeval.LessThanOrEqualToThreshold: "<=", alarmeval.LessThanThreshold: "<",
}

// above is true if the alarm waits for high values.
func above(rule alarmeval.Alarm) bool {
	return rule.ComparisonOperator == alarmeval.GreaterThanOrEqualToThreshold || rule.ComparisonOperator == alarmeval.GreaterThanThreshold
}

// required is M of M-of-N.
func required(rule alarmeval.Alarm) int {
	if rule.DatapointsToAlarm > 0 {
		return rule.DatapointsToAlarm
	}
	return rule.EvaluationPeriods
}

// reach is how far back an evaluation looks, and so how long after an event a
// window may still hold it.
func reach(rule alarmeval.Alarm) time.Duration {
	return time.Duration(alarmeval.Range(rule)) * rule.Period
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
