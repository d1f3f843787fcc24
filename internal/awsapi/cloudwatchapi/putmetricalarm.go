package cloudwatchapi

import (
	"context"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// PutMetricAlarm creates an alarm on one metric or replaces its definition.
func (a *Alarms) PutMetricAlarm(ctx context.Context, in *shapes.PutMetricAlarmInput) (*shapes.PutMetricAlarmOutput, error) {
	scope := awsapi.CallFrom(ctx).Scope
	if err := checkAlarm(in, scope); err != nil {
		return nil, err
	}
	tags, err := tagsOf(in.Tags)
	if err != nil {
		return nil, err
	}
	return nil, a.service.Put(ctx, scope, readAlarm(in), tags, a.now())
}

// readAlarm is a checked request as the station takes it.
func readAlarm(in *shapes.PutMetricAlarmInput) alarm.Definition {
	return alarm.Definition{
		Name:        wire.Value(in.AlarmName),
		Description: wire.Value(in.AlarmDescription),
		Metric:      keyOf(wire.Value(in.Namespace), wire.Value(in.MetricName), in.Dimensions),
		Rule: alarmeval.Alarm{
			Statistic: wire.Value(in.Statistic), ExtendedStatistic: wire.Value(in.ExtendedStatistic), Unit: wire.Value(in.Unit),
			Period: seconds(in.Period), EvaluationPeriods: int(wire.Value(in.EvaluationPeriods)),
			DatapointsToAlarm: int(wire.Value(in.DatapointsToAlarm)), Threshold: wire.Value(in.Threshold),
			ComparisonOperator: wire.Value(in.ComparisonOperator), TreatMissingData: wire.Value(in.TreatMissingData),
			EvaluateLowSampleCountPercentile: wire.Value(in.EvaluateLowSampleCountPercentile),
		},
		ActionsEnabled:          wire.Or(in.ActionsEnabled, true),
		OKActions:               in.OKActions,
		AlarmActions:            in.AlarmActions,
		InsufficientDataActions: in.InsufficientDataActions,
	}
}

// checkAlarm checks what neither the model nor the evaluation says. Parts that
// the model leaves optional for other kinds of alarms are required here.
func checkAlarm(in *shapes.PutMetricAlarmInput, scope arn.Scope) error {
	for _, err := range []error{
		checkKind(in), checkRequired(in),
		together(checkDimensions("Dimensions", in.Dimensions)),
		checkActions(slices.Concat(in.OKActions, in.AlarmActions, in.InsufficientDataActions), actionServices, scope),
	} {
		if err != nil {
			return err
		}
	}
	return checkName(in.AlarmName)
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// checkKind refuses the kinds of alarms that are not evaluated: an alarm that
// was accepted and never rang would be worse.
func checkKind(in *shapes.PutMetricAlarmInput) error {
	bands := []string{"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"}
	switch {
	case in.EvaluationCriteria != nil || in.EvaluationInterval != nil:
		return invalid("Query alarms (EvaluationCriteria, EvaluationInterval) are not supported.")
	case in.ThresholdMetricId != nil || slices.Contains(bands, wire.Value(in.ComparisonOperator)):
		return invalid("Anomaly detection alarms (ThresholdMetricId and the operator %s) are not supported.", strings.Join(bands, ", "))
	case len(in.Metrics) > 0:
		return checkMetrics(in)
	}
	return nil
}

// checkMetrics says why an alarm on Metrics is refused.
func checkMetrics(in *shapes.PutMetricAlarmInput) error {
	for _, p := range []struct {
		name  string
		given bool
	}{
		{"MetricName", in.MetricName != nil}, {"Namespace", in.Namespace != nil}, {"Dimensions", len(in.Dimensions) > 0}, {"Period", in.Period != nil},
		{"Unit", in.Unit != nil}, {"Statistic", in.Statistic != nil}, {"ExtendedStatistic", in.ExtendedStatistic != nil},
	} {
		if p.given {
			return invalid("%s should not be set if list of Metrics is set.", p.name)
		}
	}
	for _, q := range in.Metrics {
		expression := strings.TrimSpace(wire.Value(q.Expression))
		for _, kind := range []string{"SEARCH", "SELECT", "ANOMALY_DETECTION_BAND"} {
			if strings.HasPrefix(strings.ToUpper(expression), kind) {
				return invalid("Alarms on %s expressions are not supported: '%s'.", kind, expression)
			}
		}
		if expression != "" {
			return invalid("Alarms on metric math expressions are not supported: '%s'.", expression)
		}
	}
	return invalid("Alarms on a list of Metrics are not supported. Give MetricName, Namespace, Statistic and Period instead.")
}

func checkRequired(in *shapes.PutMetricAlarmInput) error {
	for _, p := range []struct {
		name  string
		given bool
	}{
		{"MetricName", in.MetricName != nil}, {"Namespace", in.Namespace != nil}, {"Period", in.Period != nil},
		{"EvaluationPeriods", in.EvaluationPeriods != nil}, {"ComparisonOperator", in.ComparisonOperator != nil}, {"Threshold", in.Threshold != nil},
	} {
		if !p.given {
			return invalid("%s must not be null", p.name)
		}
	}
	if in.Statistic == nil && in.ExtendedStatistic == nil {
		return invalid("Statistic must not be null")
	}
	return nil
}

// actionServices may be the targets of actions. Tocsin executes those of sns;
// the history of the alarm shows that others have failed.
var actionServices = []string{"sns", "lambda", "automate", "swf", "autoscaling", "ssm", "ssm-incidents", "aiops"}

func checkActions(targets, services []string, scope arn.Scope) error {
	for _, target := range targets {
		name, err := arn.Parse(target)
		switch {
		case err != nil || !slices.Contains(services, name.Service):
			return invalid("Invalid arn syntax: %s", target)
		case name.Region != "" && name.Region != scope.Region:
			return invalid("Invalid region %s specified. Only %s is supported.", name.Region, scope.Region)
		}
	}
	return nil
}
