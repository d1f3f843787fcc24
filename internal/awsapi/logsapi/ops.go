// Package logsapi is the Amazon CloudWatch Logs API over log groups and metric
// filters. Rules of the stations are theirs; here are AWS's parameters, answers
// and error texts.
package logsapi

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
)

type api struct {
	logs    *logs.Service
	filters *metricfilter.Service
}

// New is the API's service table.
func New(groups *logs.Service, filters *metricfilter.Service) awsapi.Service {
	a := &api{logs: groups, filters: filters}
	return awsapi.Service{Model: shapes.Model(), Ops: []wire.Operation{
		op(a.CreateLogGroup),
		op(a.DescribeLogGroups),
		op(a.DeleteLogGroup),
		op(a.PutRetentionPolicy),
		op(a.DeleteRetentionPolicy),

		op(a.ListTagsForResource),
		op(a.TagResource),
		op(a.UntagResource),
		op(a.ListTagsLogGroup),
		op(a.TagLogGroup),
		op(a.UntagLogGroup),

		op(a.CreateLogStream),
		op(a.DescribeLogStreams),
		op(a.DeleteLogStream),

		op(a.PutLogEvents),
		op(a.GetLogEvents),
		op(a.FilterLogEvents),

		op(a.PutMetricFilter),
		op(a.DescribeMetricFilters),
		op(a.DeleteMetricFilter),
		op(a.TestMetricFilter),
	}}
}

// op is a table line whose errors are AWS's.
func op[I, O any](f func(context.Context, *I) (*O, error)) wire.Operation {
	return wire.Op(func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		return out, fault(err)
	})
}
