// Package cloudwatchapi is the Amazon CloudWatch API over metrics and alarms.
// Rules of the stations are theirs; here are AWS's parameters, answers and error
// texts.
package cloudwatchapi

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// New is the API's service table.
func New(alarms *alarm.Service, metrics *metric.Service) awsapi.Service {
	a, m := NewAlarms(alarms, nil), NewMetrics(metrics, nil)
	return awsapi.Service{Model: shapes.Model(), Ops: []wire.Operation{
		op(a.PutMetricAlarm),
		op(a.PutCompositeAlarm),
		op(a.DescribeAlarms),
		op(a.DescribeAlarmsForMetric),
		op(a.DeleteAlarms),
		op(a.SetAlarmState),
		op(a.DescribeAlarmHistory),
		op(a.EnableAlarmActions),
		op(a.DisableAlarmActions),

		op(a.TagResource),
		op(a.UntagResource),
		op(a.ListTagsForResource),

		op(m.PutMetricData),
		op(m.ListMetrics),
		op(m.GetMetricStatistics),
		op(m.GetMetricData),
	}}
}

// op is a table line whose errors are AWS's.
func op[I, O any](f func(context.Context, *I) (*O, error)) wire.Operation {
	return wire.Op(func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		return out, fault(err)
	})
}
