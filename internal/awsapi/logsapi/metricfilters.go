package logsapi

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/filterpattern"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
)

// PutMetricFilter creates a metric filter or replaces the one of its name.
// applyOnTransformedLogs has no effect where no log transformer is, and there
// are none here.
func (a *api) PutMetricFilter(ctx context.Context, in *shapes.PutMetricFilterInput) (*shapes.PutMetricFilterOutput, error) {
	if wire.Value(in.FieldSelectionCriteria) != "" {
		return nil, invalid("Field selection criteria are not supported.")
	}
	group, err := a.logs.Group(ctx, scope(ctx), wire.Value(in.LogGroupName))
	if err != nil {
		return nil, err
	}
	if group.Class != logs.Standard {
		return nil, &shapes.InvalidOperationException{Message: "Metric filters are not supported by log groups of class " + string(group.Class) + "."}
	}
	return nil, a.filters.Put(ctx, group, definition(in), time.Now())
}

func definition(in *shapes.PutMetricFilterInput) metricfilter.Definition {
	t := in.MetricTransformations[0] // the model has exactly one
	def := metricfilter.Definition{
		Name: wire.Value(in.FilterName), Pattern: wire.Value(in.FilterPattern), SystemDimensions: in.EmitSystemFieldDimensions,
		Transformation: metricfilter.Transformation{
			MetricName: wire.Value(t.MetricName), Namespace: wire.Value(t.MetricNamespace), Value: wire.Value(t.MetricValue),
			Default: t.DefaultValue, Unit: wire.Value(t.Unit),
		},
	}
	for _, name := range slices.Sorted(maps.Keys(t.Dimensions)) {
		def.Transformation.Dimensions = append(def.Transformation.Dimensions, metric.Dimension{Name: name, Value: t.Dimensions[name]})
	}
	return def
}

// DescribeMetricFilters lists metric filters in order of log group and name.
func (a *api) DescribeMetricFilters(ctx context.Context, in *shapes.DescribeMetricFiltersInput) (*shapes.DescribeMetricFiltersOutput, error) {
	if (in.MetricName == nil) != (in.MetricNamespace == nil) {
		return nil, invalid("Metric name and metric namespace must be specified together.")
	}
	if in.LogGroupName != nil {
		if _, err := a.logs.Group(ctx, scope(ctx), *in.LogGroupName); err != nil {
			return nil, err
		}
	}
	query := metricfilter.Query{
		Scope: scope(ctx), Group: wire.Value(in.LogGroupName), Prefix: wire.Value(in.FilterNamePrefix),
		MetricName: wire.Value(in.MetricName), Namespace: wire.Value(in.MetricNamespace), Limit: int(wire.Or(in.Limit, listLimit)) + 1,
	}
	if err := continueFilters(&query, in.NextToken); err != nil {
		return nil, err
	}
	filters, err := a.filters.List(ctx, query)
	if err != nil {
		return nil, err
	}
	out := &shapes.DescribeMetricFiltersOutput{MetricFilters: []shapes.MetricFilter{}}
	if limit := query.Limit - 1; len(filters) > limit {
		filters = filters[:limit]
		last := filters[limit-1]
		out.NextToken = new(logs.PageToken(filtersToken, last.Group+":"+last.Name))
	}
	for _, f := range filters {
		out.MetricFilters = append(out.MetricFilters, describeFilter(f))
	}
	return out, nil
}

const filtersToken = "metric filters"

// continueFilters reads the token; neither kind of name has a colon.
func continueFilters(query *metricfilter.Query, token *string) error {
	if token == nil {
		return nil
	}
	place, err := logs.ParsePageToken(filtersToken, *token)
	if err != nil {
		return err
	}
	query.AfterGroup, query.AfterName, _ = strings.Cut(place, ":")
	return nil
}

func describeFilter(f metricfilter.Filter) shapes.MetricFilter {
	t := f.Transformation
	transformation := shapes.MetricTransformation{MetricName: &t.MetricName, MetricNamespace: &t.Namespace, MetricValue: &t.Value, DefaultValue: t.Default}
	if t.Unit != "" {
		transformation.Unit = &t.Unit
	}
	for _, d := range t.Dimensions {
		if transformation.Dimensions == nil {
			transformation.Dimensions = map[string]string{}
		}
		transformation.Dimensions[d.Name] = d.Value
	}
	return shapes.MetricFilter{
		FilterName: &f.Name, FilterPattern: &f.Pattern, LogGroupName: &f.Group, CreationTime: millis(f.Created),
		MetricTransformations: []shapes.MetricTransformation{transformation}, ApplyOnTransformedLogs: new(false),
		EmitSystemFieldDimensions: f.SystemDimensions,
	}
}

// DeleteMetricFilter removes a metric filter.
func (a *api) DeleteMetricFilter(ctx context.Context, in *shapes.DeleteMetricFilterInput) (*shapes.DeleteMetricFilterOutput, error) {
	group, err := a.logs.Group(ctx, scope(ctx), wire.Value(in.LogGroupName))
	if err != nil {
		return nil, err
	}
	found, err := a.filters.Delete(ctx, group, wire.Value(in.FilterName))
	if err == nil && !found {
		err = notFound("The specified metric filter does not exist.")
	}
	return nil, err
}

// TestMetricFilter says which of the messages a pattern matches. Events are
// numbered from 1; the samples of the API reference, from 0, are out of date.
func (a *api) TestMetricFilter(_ context.Context, in *shapes.TestMetricFilterInput) (*shapes.TestMetricFilterOutput, error) {
	pattern, err := filterpattern.Parse(wire.Value(in.FilterPattern))
	if err != nil {
		return nil, err
	}
	out := &shapes.TestMetricFilterOutput{Matches: []shapes.MetricFilterMatchRecord{}}
	for i, message := range in.LogEventMessages {
		event := filterpattern.NewEvent([]byte(message))
		if !pattern.MatchEvent(event) {
			continue
		}
		extracted := pattern.Extract(event) // not nil: the event matches
		out.Matches = append(out.Matches, shapes.MetricFilterMatchRecord{EventNumber: new(int64(i + 1)), EventMessage: &message, ExtractedValues: extracted})
	}
	return out, nil
}
