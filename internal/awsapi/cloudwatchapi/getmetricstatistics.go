package cloudwatchapi

import (
	"context"
	"fmt"
	"slices"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// maxDatapoints is what one GetMetricStatistics call may ask for.
const maxDatapoints = 1440

// GetMetricStatistics answers several statistics of one metric, of each unit
// that data came in unless one is asked for.
func (m *Metrics) GetMetricStatistics(ctx context.Context, in *shapes.GetMetricStatisticsInput) (*shapes.GetMetricStatisticsOutput, error) {
	statistics, err := readStatistics(in)
	if err != nil {
		return nil, err
	}
	span := metric.NewSpan(wire.Value(in.StartTime), wire.Value(in.EndTime), seconds(in.Period), m.now())
	stored, err := m.service.Buckets(ctx, []metric.Read{{
		Series: metric.Series{Scope: awsapi.CallFrom(ctx).Scope, Key: keyOf(wire.Value(in.Namespace), wire.Value(in.MetricName), in.Dimensions)},
		Unit:   wire.Value(in.Unit), Start: span.Start, End: span.End, Longest: span.Period, Values: len(in.ExtendedStatistics) > 0,
	}})
	if err != nil {
		return nil, fmt.Errorf("get statistics of %s/%s: %w", wire.Value(in.Namespace), wire.Value(in.MetricName), err)
	}
	out := &shapes.GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []shapes.Datapoint{}}
	units := metric.ByUnit(stored[0])
	for _, unit := range metric.UnitNames(units) {
		for _, window := range span.Cut(units[unit]) {
			if d, ok := datapoint(window, statistics); ok {
				out.Datapoints = append(out.Datapoints, d)
			}
		}
	}
	slices.SortStableFunc(out.Datapoints, func(a, b shapes.Datapoint) int { return a.Timestamp.Compare(*b.Timestamp) })
	return out, nil
}

// readStatistics checks the request and reads the statistics that it asks for.
func readStatistics(in *shapes.GetMetricStatisticsInput) ([]metric.Statistic, error) {
	period := seconds(in.Period)
	length := wire.Value(in.EndTime).Sub(wire.Value(in.StartTime))
	switch {
	case length <= 0:
		return nil, invalidValue("The parameter StartTime must be less than the parameter EndTime.")
	case !metric.ValidPeriod(period):
		return nil, invalidValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
	case length/period > maxDatapoints:
		return nil, invalidCombination("You have requested up to %d datapoints, which exceeds the limit of %d. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
			length/period, maxDatapoints)
	case len(in.Statistics) == 0 && len(in.ExtendedStatistics) == 0:
		return nil, missingParameter("At least one of the parameters Statistics or ExtendedStatistics must be specified.")
	case len(in.Statistics) > 0 && len(in.ExtendedStatistics) > 0:
		return nil, invalidCombination("The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.")
	}
	var statistics []metric.Statistic
	for i, name := range slices.Concat(in.Statistics, in.ExtendedStatistics) {
		s, err := metric.ParseStatistic(name)
		if err != nil || metric.IsBasic(name) != (len(in.Statistics) > 0) {
			return nil, invalidValue("The value %s for parameter ExtendedStatistics.member.%d is not supported.", name, i+1)
		}
		statistics = append(statistics, s)
	}
	return statistics, nil
}

// datapoint is a window's statistics, false when it has none of them.
func datapoint(window metric.Bucket, statistics []metric.Statistic) (shapes.Datapoint, bool) {
	d := shapes.Datapoint{Timestamp: &window.Start, Unit: &window.Unit}
	found := false
	for _, s := range statistics {
		value, ok := s.Of(window)
		if !ok {
			continue
		}
		found = true
		switch s.String() {
		case "SampleCount":
			d.SampleCount = &value
		case "Average":
			d.Average = &value
		case "Sum":
			d.Sum = &value
		case "Minimum":
			d.Minimum = &value
		case "Maximum":
			d.Maximum = &value
		default:
			if d.ExtendedStatistics == nil {
				d.ExtendedStatistics = map[string]float64{}
			}
			d.ExtendedStatistics[s.String()] = value
		}
	}
	return d, found
}
