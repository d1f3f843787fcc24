package cloudwatchapi

import (
	"context"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// DescribeAlarms returns alarms in order of name. Without types it is metric
// alarms only.
func (a *Alarms) DescribeAlarms(ctx context.Context, in *shapes.DescribeAlarmsInput) (*shapes.DescribeAlarmsOutput, error) {
	if err := checkDescribe(in); err != nil {
		return nil, err
	}
	alarms, next, err := a.service.Describe(ctx, awsapi.CallFrom(ctx).Scope, alarm.DescribeQuery{
		Names: in.AlarmNames, NamePrefix: wire.Value(in.AlarmNamePrefix), State: alarmeval.State(wire.Value(in.StateValue)),
		ActionPrefix: wire.Value(in.ActionPrefix), Types: in.AlarmTypes,
		ChildrenOf: wire.Value(in.ChildrenOfAlarmName), ParentsOf: wire.Value(in.ParentsOfAlarmName),
		Limit: int(wire.Value(in.MaxRecords)), Token: wire.Value(in.NextToken),
	})
	if err != nil {
		return nil, err
	}
	out := &shapes.DescribeAlarmsOutput{CompositeAlarms: []shapes.CompositeAlarm{}, MetricAlarms: []shapes.MetricAlarm{}, NextToken: optional(next)}
	show := shown{children: in.ChildrenOfAlarmName != nil, parents: in.ParentsOfAlarmName != nil}
	for _, found := range alarms {
		if found.Type() == alarm.Composite {
			out.CompositeAlarms = append(out.CompositeAlarms, show.composite(found))
		} else {
			out.MetricAlarms = append(out.MetricAlarms, show.metric(found))
		}
	}
	return out, nil
}

func checkDescribe(in *shapes.DescribeAlarmsInput) error {
	others := len(in.AlarmNames) > 0 || in.AlarmNamePrefix != nil || len(in.AlarmTypes) > 0 || in.StateValue != nil || in.ActionPrefix != nil
	switch {
	case len(in.AlarmNames) > 0 && in.AlarmNamePrefix != nil:
		return invalidCombination("The parameters AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.")
	case in.ChildrenOfAlarmName != nil && (others || in.ParentsOfAlarmName != nil):
		return invalid("ChildrenOfAlarmName cannot be combined with parameters other than MaxRecords and NextToken.")
	case in.ParentsOfAlarmName != nil && others:
		return invalid("ParentsOfAlarmName cannot be combined with parameters other than MaxRecords and NextToken.")
	}
	return nil
}

// DescribeAlarmsForMetric returns the alarms that watch exactly this metric.
func (a *Alarms) DescribeAlarmsForMetric(ctx context.Context, in *shapes.DescribeAlarmsForMetricInput) (*shapes.DescribeAlarmsForMetricOutput, error) {
	alarms, err := a.service.ForMetric(ctx, awsapi.CallFrom(ctx).Scope, alarm.MetricQuery{
		Metric:    keyOf(wire.Value(in.Namespace), wire.Value(in.MetricName), in.Dimensions),
		Statistic: wire.Value(in.Statistic), ExtendedStatistic: wire.Value(in.ExtendedStatistic), Unit: wire.Value(in.Unit),
		Period: seconds(in.Period),
	})
	if err != nil {
		return nil, err
	}
	return &shapes.DescribeAlarmsForMetricOutput{MetricAlarms: metricAlarms(alarms)}, nil
}

func metricAlarms(alarms []alarm.Alarm) []shapes.MetricAlarm {
	out := make([]shapes.MetricAlarm, len(alarms))
	for i, a := range alarms {
		out[i] = metricAlarm(a)
	}
	return out
}

// metricAlarm is an alarm as AWS shows it: optional parts that were not set are
// left out, but lists are there even when empty.
func metricAlarm(a alarm.Alarm) shapes.MetricAlarm {
	name, state, period := a.ARN(), string(a.State), int32(a.Rule.Period/time.Second)
	return shapes.MetricAlarm{
		AlarmName: &a.Name, AlarmArn: &name, AlarmDescription: optional(a.Description),
		AlarmConfigurationUpdatedTimestamp: &a.Configured,
		ActionsEnabled:                     &a.ActionsEnabled,
		OKActions:                          list(a.OKActions), AlarmActions: list(a.AlarmActions), InsufficientDataActions: list(a.InsufficientDataActions),
		StateValue: &state, StateReason: &a.Reason, StateReasonData: optional(a.ReasonData),
		StateUpdatedTimestamp: &a.Updated, StateTransitionedTimestamp: &a.Transitioned,
		MetricName: &a.Metric.Name, Namespace: &a.Metric.Namespace, Dimensions: dimensionsOf(a.Metric),
		Statistic: optional(a.Rule.Statistic), ExtendedStatistic: optional(a.Rule.ExtendedStatistic), Unit: optional(a.Rule.Unit),
		Period: &period, EvaluationPeriods: number(a.Rule.EvaluationPeriods), DatapointsToAlarm: number(a.Rule.DatapointsToAlarm),
		Threshold: &a.Rule.Threshold, ComparisonOperator: &a.Rule.ComparisonOperator, TreatMissingData: optional(a.Rule.TreatMissingData),
		EvaluateLowSampleCountPercentile: optional(a.Rule.EvaluateLowSampleCountPercentile),
	}
}

// optional leaves out an empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// number leaves out a zero.
func number(n int) *int32 {
	if n == 0 {
		return nil
	}
	small := int32(n)
	return &small
}

// list is there even when empty.
func list(items []string) []string { return append([]string{}, items...) }
