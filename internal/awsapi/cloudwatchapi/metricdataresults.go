package cloudwatchapi

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metric/math"
)

// Datapoints in an answer of GetMetricData.
const (
	maxPage   = 100800
	maxOffset = 1 << 30 // of a token: no answer is longer
)

// results are those of the queries that return data, in order of the request
// and with their points in order of time.
func (r *dataRequest) results() ([]shapes.MetricDataResult, error) {
	found := map[string]*metricQuery{}
	for _, q := range r.metrics {
		found[q.id] = q
	}
	var results []shapes.MetricDataResult
	for _, id := range r.order {
		if q := found[id]; q != nil {
			if q.returned {
				results = append(results, q.result())
			}
			continue
		}
		if e := r.expressions[id]; e.returned {
			computed, err := r.compute(e, found)
			if err != nil {
				return nil, err
			}
			results = append(results, computed...)
		}
	}
	return results, nil
}

// compute evaluates an expression on a grid that holds every window of the
// metrics that it reads.
func (r *dataRequest) compute(e *expressionQuery, found map[string]*metricQuery) ([]shapes.MetricDataResult, error) {
	grid := r.grid(e, found)
	computed, err := r.set.Eval(e.id, grid.Len(), func(id string) math.Series { return onGrid(found[id], grid) })
	if err != nil {
		return nil, inExpression(e.id, err)
	}
	var results []shapes.MetricDataResult
	for _, series := range computed.Series {
		label := e.label
		if computed.Array {
			label = strings.TrimSpace(e.label + " " + series.Label)
		}
		results = append(results, offGrid(newResult(e.id, label), series, grid))
	}
	return results, nil
}

func (r *dataRequest) grid(e *expressionQuery, found map[string]*metricQuery) metric.Span {
	step := e.period
	for i, id := range r.set.Reads(e.id) {
		period := found[id].span.Period
		if i == 0 {
			step = period
		}
		step = commonDivisor(step, period)
	}
	if step == 0 {
		step = time.Minute
	}
	return metric.NewSpan(r.start, r.end, step, r.now)
}

func commonDivisor(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func onGrid(q *metricQuery, grid metric.Span) math.Series {
	s := math.Series{Label: q.label, Values: make([]float64, grid.Len())}
	for i := range s.Values {
		s.Values[i] = math.Missing()
	}
	for i, at := range q.times {
		offset := at.Sub(grid.Start)
		if step := int(offset / grid.Period); offset >= 0 && step < len(s.Values) {
			s.Values[step] = q.values[i]
		}
	}
	return s
}

func offGrid(r shapes.MetricDataResult, s math.Series, grid metric.Span) shapes.MetricDataResult {
	for i, v := range s.Values {
		if !math.IsMissing(v) {
			r.Timestamps = append(r.Timestamps, grid.Start.Add(time.Duration(i)*grid.Period))
			r.Values = append(r.Values, v)
		}
	}
	return r
}

// page cuts the points from where the token points to, as many as asked for.
// Results that are not at their end have PartialData.
func page(results []shapes.MetricDataResult, in *shapes.GetMetricDataInput) (*shapes.GetMetricDataOutput, error) {
	from, err := readToken(in.NextToken)
	if err != nil {
		return nil, err
	}
	size := int(wire.Or(in.MaxDatapoints, maxPage))
	if size < 1 || size > maxPage {
		return nil, invalid("The value %d for parameter MaxDatapoints is invalid.", size)
	}
	out := &shapes.GetMetricDataOutput{MetricDataResults: []shapes.MetricDataResult{}, Messages: []shapes.MessageData{}}
	seen := 0 // points of the results before
	for _, r := range results {
		count := len(r.Values)
		first, last := min(max(from-seen, 0), count), min(max(from+size-seen, 0), count)
		seen += count
		if first < last || count == 0 && from == 0 {
			out.MetricDataResults = append(out.MetricDataResults, part(r, first, last))
		}
	}
	if from+size < seen {
		token := base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(from + size)))
		out.NextToken = &token
	}
	return out, nil
}

func part(r shapes.MetricDataResult, first, last int) shapes.MetricDataResult {
	if last < len(r.Values) {
		partial := "PartialData"
		r.StatusCode = &partial
	}
	r.Timestamps, r.Values = r.Timestamps[first:last], r.Values[first:last]
	return r
}

func readToken(token *string) (int, error) {
	if token == nil {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil {
		return 0, &shapes.InvalidNextToken{Message: "The value of parameter NextToken is invalid."}
	}
	from, err := strconv.Atoi(string(text))
	if err != nil || from < 0 || from > maxOffset {
		return 0, &shapes.InvalidNextToken{Message: "The value of parameter NextToken is invalid."}
	}
	return from, nil
}
