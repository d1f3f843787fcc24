package cloudwatchapi

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

const (
	maxData      = 1000    // a request
	maxValues    = 150     // a datum
	maxMagnitude = 0x1p360 // of values, either way
)

// PutMetricData stores data. Entities are accepted and not kept.
func (m *Metrics) PutMetricData(ctx context.Context, in *shapes.PutMetricDataInput) (*shapes.PutMetricDataOutput, error) {
	data, err := readData(in, m.now())
	if err != nil {
		return nil, err
	}
	if err := m.service.Put(ctx, awsapi.CallFrom(ctx).Scope, data); err != nil {
		return nil, fmt.Errorf("put metric data in %s: %w", wire.Value(in.Namespace), err)
	}
	return nil, nil
}

// named is a datum with its place in the request.
type named struct {
	path  string
	datum shapes.MetricDatum
}

func readData(in *shapes.PutMetricDataInput, now time.Time) ([]metric.Datum, error) {
	all := allData(in)
	switch {
	case strings.HasPrefix(wire.Value(in.Namespace), "AWS/"):
		return nil, invalidValue("The value AWS/ for parameter Namespace is invalid.")
	case len(all) == 0:
		return nil, missingParameter("The parameter MetricData is required.")
	case len(all) > maxData:
		return nil, invalidValue("The collection MetricData must not have a size greater than %d.", maxData)
	}
	var problems []error
	data := make([]metric.Datum, 0, len(all))
	for _, n := range all {
		if found := checkDatum(n, now); len(found) > 0 {
			problems = append(problems, found...)
			continue
		}
		data = append(data, readDatum(wire.Value(in.Namespace), n.datum, now))
	}
	return data, together(problems)
}

func allData(in *shapes.PutMetricDataInput) []named {
	var all []named
	for i, d := range in.MetricData {
		all = append(all, named{fmt.Sprintf("MetricData.member.%d", i+1), d})
	}
	for i, entity := range in.EntityMetricData {
		for j, d := range entity.MetricData {
			all = append(all, named{fmt.Sprintf("EntityMetricData.member.%d.MetricData.member.%d", i+1, j+1), d})
		}
	}
	return all
}

// checkDatum checks what the model cannot say.
func checkDatum(n named, now time.Time) []error {
	problems := checkSamples(n)
	problems = append(problems, checkDimensions(n.path+".Dimensions", n.datum.Dimensions)...)
	at := wire.Or(n.datum.Timestamp, now)
	if metric.TooOld(at, now) {
		problems = append(problems, invalidValue("The parameter %s.Timestamp must specify a time within the past two weeks.", n.path))
	}
	if metric.TooNew(at, now) {
		problems = append(problems, invalidValue("The parameter %s.Timestamp must specify a time no more than two hours in the future.", n.path))
	}
	if r := wire.Or(n.datum.StorageResolution, 60); r != 1 && r != 60 {
		problems = append(problems, invalidValue("The parameter %s.StorageResolution must be a value in the set [1, 60].", n.path))
	}
	return problems
}

// checkSamples sees to it that a datum has exactly one of Value,
// StatisticValues and Values, and that it is in order.
func checkSamples(n named) []error {
	d := n.datum
	hasValue, hasSet, hasValues := d.Value != nil, d.StatisticValues != nil, len(d.Values) > 0
	exclusive := func(a, b string) []error {
		return []error{invalidCombination("The parameters %s.%s and %s.%s are mutually exclusive and you have specified both.", n.path, a, n.path, b)}
	}
	switch {
	case hasValue && hasSet:
		return exclusive("Value", "StatisticValues")
	case hasValue && hasValues:
		return exclusive("Value", "Values")
	case hasSet && hasValues:
		return exclusive("StatisticValues", "Values")
	case hasValue:
		return checkNumber(n.path+".Value", *d.Value)
	case hasSet:
		return checkSet(n.path+".StatisticValues", *d.StatisticValues)
	case hasValues:
		return checkValues(n)
	}
	return []error{missingParameter("At least one of the parameters %s.Value, %s.Values or %s.StatisticValues must be specified.", n.path, n.path, n.path)}
}

func checkNumber(path string, v float64) []error {
	if math.IsNaN(v) || math.Abs(v) > maxMagnitude {
		return []error{invalidValue("The value %s for parameter %s is invalid.", numberText(v), path)}
	}
	return nil
}

func numberText(v float64) string {
	if math.IsInf(v, 0) {
		return strings.Replace(fmt.Sprintf("%g", v), "Inf", "Infinity", 1)
	}
	return fmt.Sprintf("%g", v)
}

func checkSet(path string, s shapes.StatisticSet) []error {
	count := wire.Value(s.SampleCount)
	var problems []error
	for _, member := range []struct {
		name  string
		value *float64
	}{{"SampleCount", s.SampleCount}, {"Sum", s.Sum}, {"Minimum", s.Minimum}, {"Maximum", s.Maximum}} {
		problems = append(problems, checkNumber(path+"."+member.name, wire.Value(member.value))...)
	}
	if count <= 0 {
		problems = append(problems, invalidValue("The parameter %s.SampleCount must be greater than 0.", path))
	}
	if wire.Value(s.Maximum) < wire.Value(s.Minimum) {
		problems = append(problems, invalidValue("The parameter %s.Maximum must be greater than %s.Minimum.", path, path))
	}
	return problems
}

func checkValues(n named) []error {
	d := n.datum
	if len(d.Values) > maxValues {
		return []error{invalidValue("The collection %s.Values must not have a size greater than %d.", n.path, maxValues)}
	}
	if d.Counts != nil && len(d.Counts) != len(d.Values) {
		return []error{invalidValue("The parameters %s.Values and %s.Counts must be of the same size.", n.path, n.path)}
	}
	var problems []error
	for i, v := range d.Values {
		problems = append(problems, checkNumber(fmt.Sprintf("%s.Values.member.%d", n.path, i+1), v)...)
	}
	for i, count := range d.Counts {
		path := fmt.Sprintf("%s.Counts.member.%d", n.path, i+1)
		problems = append(problems, checkNumber(path, count)...)
		if count < 0 {
			problems = append(problems, invalidValue("The parameter %s must be greater than or equal to 0.", path))
		}
	}
	return problems
}

// checkDimensions checks names and values: printable ASCII with something to
// see, no name twice or with a colon in front.
func checkDimensions(path string, dimensions []shapes.Dimension) []error {
	var problems []error
	seen := map[string]bool{}
	for i, d := range dimensions {
		member := fmt.Sprintf("%s.member.%d", path, i+1)
		name := wire.Value(d.Name)
		for _, part := range []struct{ path, text string }{{member + ".Name", name}, {member + ".Value", wire.Value(d.Value)}} {
			if !printable(part.text) {
				problems = append(problems, invalidValue("The parameter %s must contain only ASCII characters and at least one of them not a space.", part.path))
			}
		}
		if strings.HasPrefix(name, ":") {
			problems = append(problems, invalidValue("The parameter %s.Name must not start with a colon.", member))
		}
		if seen[name] {
			problems = append(problems, invalidValue("The parameter %s.Name must not be given twice.", member))
		}
		seen[name] = true
	}
	return problems
}

func printable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return strings.TrimSpace(text) != ""
}

// readDatum is a checked datum as the station keeps it.
func readDatum(namespace string, d shapes.MetricDatum, now time.Time) metric.Datum {
	out := metric.Datum{
		Key:        keyOf(namespace, wire.Value(d.MetricName), d.Dimensions),
		Timestamp:  wire.Or(d.Timestamp, now),
		Unit:       wire.Or(d.Unit, metric.NoUnit),
		Resolution: time.Duration(wire.Or(d.StorageResolution, 60)) * time.Second,
	}
	switch {
	case d.Value != nil:
		out.Set = metric.Sample(*d.Value, 1)
	case d.StatisticValues != nil:
		s := d.StatisticValues
		out.Set = metric.StatisticSet{SampleCount: wire.Value(s.SampleCount), Sum: wire.Value(s.Sum), Minimum: wire.Value(s.Minimum), Maximum: wire.Value(s.Maximum)}
	default:
		out.Set, out.Values = samples(d)
	}
	return out
}

func samples(d shapes.MetricDatum) (metric.StatisticSet, []metric.ValueCount) {
	var set metric.StatisticSet
	var values []metric.ValueCount
	for i, v := range d.Values {
		count := 1.0
		if d.Counts != nil {
			count = d.Counts[i]
		}
		if count > 0 {
			set.Add(metric.Sample(v, count))
			values = append(values, metric.ValueCount{Value: v, Count: count})
		}
	}
	return set, values
}
