package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/rehearse"
)

// parseDatapoints reads datapoints of the alarm's statistic: JSON, as a list of
// {timestamp, value, samplecount} or as GetMetricStatistics and GetMetricData
// answer, or CSV. id chooses among the results of GetMetricData.
func parseDatapoints(text []byte, statistic, id string) ([]rehearse.Datapoint, error) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(text, []byte("[")):
		var list []jsonDatapoint
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("not a list of datapoints: %w", err)
		}
		return convert(list, statistic)
	case bytes.HasPrefix(text, []byte("{")):
		return parseAnswer(text, statistic, id)
	}
	return parseCSV(text)
}

// jsonDatapoint is one of a list, or of GetMetricStatistics' answer.
type jsonDatapoint struct {
	Timestamp                      moment
	Value, SampleCount             *float64
	Average, Sum, Minimum, Maximum *float64
	ExtendedStatistics             map[string]float64
}

// value is the statistic's value.
func (d jsonDatapoint) value(statistic string) (float64, error) {
	if extended, ok := d.ExtendedStatistics[statistic]; ok {
		return extended, nil
	}
	of := map[string]*float64{"Average": d.Average, "Sum": d.Sum, "Minimum": d.Minimum, "Maximum": d.Maximum, "SampleCount": d.SampleCount}
	for _, v := range []*float64{d.Value, of[statistic]} {
		if v != nil {
			return *v, nil
		}
	}
	return 0, fmt.Errorf("neither value nor %s is there", statistic)
}

func convert(list []jsonDatapoint, statistic string) ([]rehearse.Datapoint, error) {
	points := make([]rehearse.Datapoint, 0, len(list))
	for i, d := range list {
		v, err := d.value(statistic)
		if err != nil {
			return nil, fmt.Errorf("datapoint %d: %w", i+1, err)
		}
		count := 1.0
		if d.SampleCount != nil {
			count = *d.SampleCount
		}
		point, err := newDatapoint(time.Time(d.Timestamp), v, count)
		if err != nil {
			return nil, fmt.Errorf("datapoint %d: %w", i+1, err)
		}
		points = append(points, point)
	}
	return points, nil
}

func newDatapoint(at time.Time, value, count float64) (rehearse.Datapoint, error) {
	switch {
	case at.IsZero():
		return rehearse.Datapoint{}, errors.New("timestamp is missing")
	case math.IsNaN(value) || math.IsInf(value, 0):
		return rehearse.Datapoint{}, errors.New("value is not a finite number")
	case !(count > 0) || math.IsInf(count, 0):
		return rehearse.Datapoint{}, errors.New("samplecount is not above 0")
	}
	return rehearse.Datapoint{Time: at, Value: value, SampleCount: count}, nil
}

type metricDataResult struct {
	Id, Label  string
	Timestamps []moment
	Values     []float64
}

func parseAnswer(text []byte, statistic, id string) ([]rehearse.Datapoint, error) {
	var answer struct {
		Datapoints        []jsonDatapoint
		MetricDataResults []metricDataResult
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("not an answer with datapoints: %w", err)
	}
	switch {
	case answer.Datapoints != nil:
		return convert(answer.Datapoints, statistic)
	case answer.MetricDataResults != nil:
		return chooseResult(answer.MetricDataResults, statistic, id)
	}
	return nil, errors.New("neither Datapoints nor MetricDataResults is there")
}

func chooseResult(results []metricDataResult, statistic, id string) ([]rehearse.Datapoint, error) {
	var chosen []metricDataResult
	var ids []string
	for _, r := range results {
		ids = append(ids, r.Id)
		if id == "" || r.Id == id {
			chosen = append(chosen, r)
		}
	}
	if len(chosen) != 1 {
		return nil, fmt.Errorf("choose one of the results with --id: %s", strings.Join(ids, ", "))
	}
	r := chosen[0]
	if len(r.Timestamps) != len(r.Values) {
		return nil, fmt.Errorf("%d timestamps do not fit %d values", len(r.Timestamps), len(r.Values))
	}
	var points []rehearse.Datapoint
	for i, v := range r.Values {
		count := 1.0
		if statistic == "SampleCount" {
			count = v
		}
		point, err := newDatapoint(time.Time(r.Timestamps[i]), v, count)
		if err != nil {
			return nil, fmt.Errorf("datapoint %d: %w", i+1, err)
		}
		points = append(points, point)
	}
	return points, nil
}

// parseCSV reads timestamp,value[,count]. The first line may be a heading.
func parseCSV(text []byte) ([]rehearse.Datapoint, error) {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord, reader.TrimLeadingSpace, reader.Comment = -1, true, '#'
	var points []rehearse.Datapoint
	for first := true; ; first = false {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return points, nil
		}
		if err != nil {
			return nil, err
		}
		if first && strings.EqualFold(record[0], "timestamp") {
			continue
		}
		point, err := csvDatapoint(record)
		if err != nil {
			line, _ := reader.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		points = append(points, point)
	}
}

func csvDatapoint(record []string) (rehearse.Datapoint, error) {
	if len(record) != 2 && len(record) != 3 {
		return rehearse.Datapoint{}, fmt.Errorf("%d fields, want timestamp,value or timestamp,value,count", len(record))
	}
	at, err := parseTime(record[0])
	if err != nil {
		return rehearse.Datapoint{}, err
	}
	numbers := []float64{0, 1}
	for i, field := range record[1:] {
		if numbers[i], err = strconv.ParseFloat(strings.TrimSpace(field), 64); err != nil {
			return rehearse.Datapoint{}, fmt.Errorf("%q is not a number", field)
		}
	}
	return newDatapoint(at, numbers[0], numbers[1])
}
