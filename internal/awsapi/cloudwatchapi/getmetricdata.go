package cloudwatchapi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// GetMetricData answers many metrics and expressions over them at once.
func (m *Metrics) GetMetricData(ctx context.Context, in *shapes.GetMetricDataInput) (*shapes.GetMetricDataOutput, error) {
	scope := awsapi.CallFrom(ctx).Scope
	request, err := readDataRequest(in, m.now())
	if err != nil {
		return nil, err
	}
	if err := checkAccounts(in.MetricDataQueries, scope.Account); err != nil {
		return nil, err
	}
	if err := m.fetch(ctx, scope, request.metrics); err != nil {
		return nil, fmt.Errorf("get metric data: %w", err)
	}
	results, err := request.results()
	if err != nil {
		return nil, err
	}
	if wire.Value(in.ScanBy) != "TimestampAscending" {
		for i := range results {
			slices.Reverse(results[i].Timestamps)
			slices.Reverse(results[i].Values)
		}
	}
	return page(results, in)
}

// checkAccounts refuses queries of other accounts: none is linked to the caller's.
func checkAccounts(queries []shapes.MetricDataQuery, own string) error {
	for i, q := range queries {
		if asked := wire.Or(q.AccountId, own); asked != own {
			return invalid("The value %s for parameter MetricDataQueries.member.%d.AccountId is not a linked account.", asked, i+1)
		}
	}
	return nil
}

// fetch reads the windows of all metric queries from one state of the store.
func (m *Metrics) fetch(ctx context.Context, scope arn.Scope, queries []*metricQuery) error {
	reads := make([]metric.Read, len(queries))
	for i, q := range queries {
		reads[i] = metric.Read{Series: metric.Series{Scope: scope, Key: q.key}, Unit: q.unit,
			Start: q.span.Start, End: q.span.End, Longest: q.span.Period, Values: q.statistic.NeedsValues()}
	}
	stored, err := m.service.Buckets(ctx, reads)
	if err != nil {
		return err
	}
	for i, q := range queries {
		q.take(stored[i])
	}
	return nil
}

// metricQuery is a query for one statistic of one metric, and what was found.
type metricQuery struct {
	id        string
	label     string // empty: chosen by how the queries differ
	returned  bool
	key       metric.Key
	unit      string
	statistic metric.Statistic
	span      metric.Span

	units  []string // that data were found in
	times  []time.Time
	values []float64
}

func (q *metricQuery) take(stored []metric.Bucket) {
	units := metric.ByUnit(stored)
	q.units = metric.UnitNames(units)
	for _, window := range q.span.Cut(units[metric.Preferred(units)]) {
		if value, ok := q.statistic.Of(window); ok {
			q.times = append(q.times, window.Start)
			q.values = append(q.values, value)
		}
	}
}

func (q *metricQuery) result() shapes.MetricDataResult {
	r := newResult(q.id, q.label)
	r.Timestamps, r.Values = append(r.Timestamps, q.times...), append(r.Values, q.values...)
	if len(q.units) > 1 {
		code, text := "MultipleUnits", "Multiple units returned: '["+strings.Join(q.units, ", ")+"]'"
		r.Messages = []shapes.MessageData{{Code: &code, Value: &text}}
	}
	return r
}

func newResult(id, label string) shapes.MetricDataResult {
	status := "Complete"
	return shapes.MetricDataResult{Id: &id, Label: &label, StatusCode: &status, Timestamps: []time.Time{}, Values: []float64{}}
}
