package cloudwatchapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// metricsPage is AWS's page size for ListMetrics.
const metricsPage = 500

// ListMetrics lists metrics that had new data within two weeks, or within
// three hours when asked for the recently active ones.
func (m *Metrics) ListMetrics(ctx context.Context, in *shapes.ListMetricsInput) (*shapes.ListMetricsOutput, error) {
	out := &shapes.ListMetricsOutput{Metrics: []shapes.Metric{}}
	scope := awsapi.CallFrom(ctx).Scope
	if wire.Or(in.OwningAccount, scope.Account) != scope.Account {
		return out, nil
	}
	query, err := m.listQuery(in)
	if err != nil {
		return nil, err
	}
	for {
		keys, err := m.service.List(ctx, scope, query)
		if err != nil {
			return nil, fmt.Errorf("list metrics of %s: %w", scope, err)
		}
		for i := range keys {
			if !hasDimensions(keys[i], in.Dimensions) {
				continue
			}
			if len(out.Metrics) == metricsPage {
				out.NextToken = tokenAfter(out.Metrics[metricsPage-1])
				return out, nil
			}
			out.Metrics = append(out.Metrics, shapes.Metric{Namespace: &keys[i].Namespace, MetricName: &keys[i].Name, Dimensions: dimensionsOf(keys[i])})
		}
		if len(keys) < query.Limit {
			return out, nil
		}
		query.After = &keys[len(keys)-1]
	}
}

func (m *Metrics) listQuery(in *shapes.ListMetricsInput) (metric.ListQuery, error) {
	idle := metric.Active
	if in.RecentlyActive != nil {
		idle = 3 * time.Hour
	}
	query := metric.ListQuery{Namespace: wire.Value(in.Namespace), Name: wire.Value(in.MetricName), ActiveSince: m.now().Add(-idle), Limit: metricsPage + 1}
	if in.NextToken == nil {
		return query, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*in.NextToken)
	if err == nil {
		err = json.Unmarshal(text, &query.After)
	}
	if err != nil || query.After == nil {
		return query, invalidValue("The value of parameter NextToken is invalid.")
	}
	return query, nil
}

// tokenAfter lets a list go on behind its last metric; it stays good when
// metrics come and go.
func tokenAfter(last shapes.Metric) *string {
	text, err := json.Marshal(keyOf(wire.Value(last.Namespace), wire.Value(last.MetricName), last.Dimensions))
	if err != nil {
		return nil // a key is texts only and always has a JSON form
	}
	token := base64.RawURLEncoding.EncodeToString(text)
	return &token
}

// hasDimensions tells whether a metric has all of the wanted dimensions; it may
// have more. A filter without a value takes any.
func hasDimensions(key metric.Key, filters []shapes.DimensionFilter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(key.Dimensions, func(d metric.Dimension) bool {
			return d.Name == wire.Value(f.Name) && (f.Value == nil || d.Value == *f.Value)
		}) {
			return false
		}
	}
	return true
}
