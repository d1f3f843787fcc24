package cloudwatchapi

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metric/math"
)

// maxQueries is what one GetMetricData call may ask.
const maxQueries = 500

// dataRequest is a checked GetMetricData request.
type dataRequest struct {
	order       []string // IDs as asked
	metrics     []*metricQuery
	expressions map[string]*expressionQuery
	set         math.Set
	start, end  time.Time
	now         time.Time
}

// expressionQuery is a query for an expression.
type expressionQuery struct {
	id, label string
	returned  bool
	period    time.Duration // 0: that of its metrics
}

var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]*$`)

func readDataRequest(in *shapes.GetMetricDataInput, now time.Time) (*dataRequest, error) {
	switch n := len(in.MetricDataQueries); {
	case n == 0:
		return nil, invalid("The parameter MetricDataQueries is required.")
	case n > maxQueries:
		return nil, invalid("The collection MetricDataQueries must not have a size greater than %d.", maxQueries)
	case !wire.Value(in.StartTime).Before(wire.Value(in.EndTime)):
		return nil, invalid("The parameter StartTime must be less than the parameter EndTime.")
	}
	r := &dataRequest{expressions: map[string]*expressionQuery{}, start: *in.StartTime, end: *in.EndTime, now: now,
		set: math.Set{Expressions: map[string]*math.Expression{}}}
	seen, returns := map[string]bool{}, false
	for i, q := range in.MetricDataQueries {
		path := fmt.Sprintf("MetricDataQueries.member.%d", i+1)
		id := wire.Value(q.Id)
		switch {
		case !queryID.MatchString(id):
			return nil, invalid("The value %s for parameter %s.Id is not matching the expected pattern %s", id, path, queryID)
		case seen[id]:
			return nil, invalid("The values for parameter id in MetricDataQueries are not unique.")
		}
		seen[id] = true
		returns = returns || wire.Or(q.ReturnData, true)
		if err := r.add(path, q); err != nil {
			return nil, err
		}
	}
	if !returns {
		return nil, invalid("At least one of MetricDataQueries must have ReturnData set to true.")
	}
	r.chooseLabels()
	return r, r.checkExpressions()
}

func (r *dataRequest) add(path string, q shapes.MetricDataQuery) error {
	id := wire.Value(q.Id)
	r.order = append(r.order, id)
	switch {
	case q.MetricStat != nil && q.Expression != nil:
		return invalid("The parameters %s.MetricStat and %s.Expression are mutually exclusive and you have specified both.", path, path)
	case q.MetricStat != nil:
		m, err := r.metricQuery(path+".MetricStat", q)
		if err != nil {
			return err
		}
		r.metrics = append(r.metrics, m)
		r.set.Metrics = append(r.set.Metrics, id)
		return nil
	case q.Expression != nil:
		parsed, err := math.Parse(*q.Expression)
		if err != nil {
			return inExpression(id, err)
		}
		if q.Period != nil && !metric.ValidPeriod(seconds(q.Period)) {
			return invalidPeriod(path)
		}
		r.set.Expressions[id] = parsed
		r.expressions[id] = &expressionQuery{id: id, label: wire.Or(q.Label, id), returned: wire.Or(q.ReturnData, true), period: seconds(q.Period)}
		return nil
	}
	return invalid("The parameter %s.MetricStat is required.\n", path) // AWS has the empty line, too
}

func (r *dataRequest) metricQuery(path string, q shapes.MetricDataQuery) (*metricQuery, error) {
	stat := q.MetricStat
	asked := wire.Value(stat.Metric)
	period := seconds(stat.Period)
	switch {
	case asked.Namespace == nil:
		return nil, invalid("The parameter %s.Metric.Namespace is required.\n", path)
	case asked.MetricName == nil:
		return nil, invalid("The parameter %s.Metric.MetricName is required.\n", path)
	case !metric.ValidPeriod(period):
		return nil, invalidPeriod(path)
	}
	statistic, err := metric.ParseStatistic(wire.Value(stat.Stat))
	if err != nil {
		return nil, invalid("The value %s for parameter %s.Stat is not supported.", wire.Value(stat.Stat), path)
	}
	return &metricQuery{
		id: wire.Value(q.Id), label: wire.Value(q.Label), returned: wire.Or(q.ReturnData, true),
		key:  keyOf(*asked.Namespace, *asked.MetricName, asked.Dimensions),
		unit: wire.Value(stat.Unit), statistic: statistic, span: metric.NewSpan(r.start, r.end, period, r.now),
	}, nil
}

func invalidPeriod(path string) error {
	return invalid("The parameter %s.Period must be 1, 5, 10, 20, 30 or a multiple of 60.", path)
}

func inExpression(id string, err error) error {
	return invalid("Error in expression '%s': %s", id, err)
}

// checkExpressions evaluates all expressions without data: whether they are in
// order depends on the queries only.
func (r *dataRequest) checkExpressions() error {
	for _, id := range r.order {
		if r.expressions[id] == nil {
			continue
		}
		if _, err := r.set.Eval(id, 0, func(string) math.Series { return math.Series{} }); err != nil {
			return inExpression(id, err)
		}
	}
	return nil
}

// chooseLabels labels metrics by their name and whatever else differs between
// them: dimension values, statistic, period.
func (r *dataRequest) chooseLabels() {
	var dimensions, statistics, periods variety
	for _, q := range r.metrics {
		dimensions.see(dimensionValues(q.key))
		statistics.see(q.statistic.String())
		periods.see(periodText(q.span.Period))
	}
	for _, q := range r.metrics {
		if q.label != "" {
			continue
		}
		var parts []string
		if values := dimensionValues(q.key); dimensions.varied && values != "" {
			parts = append(parts, values)
		}
		parts = append(parts, q.key.Name)
		if statistics.varied {
			parts = append(parts, q.statistic.String())
		}
		if periods.varied {
			parts = append(parts, periodText(q.span.Period))
		}
		q.label = strings.Join(parts, " ")
	}
}

// variety tells whether not all of the texts that it saw were the same.
type variety struct {
	first        string
	some, varied bool
}

func (v *variety) see(text string) {
	if !v.some {
		v.first, v.some = text, true
	}
	v.varied = v.varied || text != v.first
}

func dimensionValues(key metric.Key) string {
	var values []string
	for _, d := range key.Dimensions {
		values = append(values, d.Value)
	}
	return strings.Join(values, " ")
}

func periodText(period time.Duration) string { return fmt.Sprint(int64(period / time.Second)) }
