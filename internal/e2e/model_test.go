//go:build linux

package e2e

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// serviceModel is a service's model, as far as making requests needs it.
type serviceModel struct {
	Metadata   struct{ APIVersion, TargetPrefix, EndpointPrefix string }
	Operations map[string]struct {
		Input struct{ Shape string }
	}
	Shapes map[string]modelShape
}

type modelShape struct {
	Type       string
	Enum       []string
	Min        int64
	Union      bool
	Required   []string
	Members    map[string]struct{ Shape string }
	Member     struct{ Shape string }
	Key, Value struct{ Shape, LocationName string }
}

func readModel(t *testing.T, service string) serviceModel {
	t.Helper()
	var m serviceModel
	readJSON(t, filepath.Join(root, "internal", "awsapi", "shapes", "models", service+".json"), &m)
	if len(m.Operations) == 0 {
		t.Fatalf("the model of %s has no operations", service)
	}
	return m
}

// plausible are values that lead a request past the names it begins with.
var plausible = map[string]any{
	"logGroupName": "bad", "logGroupIdentifier": "bad", "logGroupNamePrefix": "bad", "logStreamName": "bad", "filterName": "bad",
	"filterPattern": "x", "resourceArn": "arn:aws:logs:us-east-1:000000000000:log-group:bad", "retentionInDays": 7, "metricValue": "1",
	"nextToken": "", "sequenceToken": "", "message": "x", "logGroupClass": "STANDARD", "kmsKeyId": "x",
	"AlarmName": "bad", "Namespace": "Bad", "MetricName": "Bad", "Period": 60, "ResourceARN": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:bad",
	"Statistic": "Sum", "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "StateReasonData": "{}", "TreatMissingData": "missing",
	"TopicArn": "arn:aws:sns:us-east-1:000000000000:bad", "ResourceArn": "arn:aws:sns:us-east-1:000000000000:bad", "Protocol": "email",
	"Endpoint": "you@example.com", "SubscriptionArn": "arn:aws:sns:us-east-1:000000000000:bad:11111111-2222-3333-4444-555555555555",
	"Name": "bad", "AttributeName": "DisplayName", "AttributeValue": "x", "Message": "x", "Subject": "x",
}

// requests calls do with requests of a shape: with the required members only,
// and with each other one beside these, for together many exclude each other.
// The part is what should be tried out in the request, by name; empty for all of it.
func (m serviceModel) requests(operation string, do func(input map[string]any, part string)) {
	s := m.Shapes[m.Operations[operation].Input.Shape]
	bare := func() map[string]any {
		input := map[string]any{}
		if sound := sound()[operation]; sound != nil {
			input = sound
		}
		for _, member := range s.Required {
			if input[member] == nil {
				input[member] = m.value(s.Members[member].Shape, member, 1)
			}
		}
		return input
	}
	do(bare(), "")
	for member, of := range s.Members {
		if input := bare(); input[member] == nil {
			input[member] = m.value(of.Shape, member, 1)
			do(input, member)
		}
	}
}

// sound are the members that some operations need beyond those that the model
// requires, or want to have a sense. With them, the requests are accepted.
func sound() map[string]map[string]any {
	now := time.Now().Unix()
	return map[string]map[string]any{
		"PutMetricAlarm": {"MetricName": "Bad", "Namespace": "Bad", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
			"Threshold": 1.5, "ComparisonOperator": "GreaterThanThreshold"},
		"PutMetricData":       {"MetricData": []any{map[string]any{"MetricName": "Bad", "Value": 1.5}}},
		"GetMetricStatistics": {"StartTime": now - 3600, "EndTime": now, "Statistics": []any{"Sum"}},
		"GetMetricData": {"StartTime": now - 3600, "EndTime": now, "MetricDataQueries": []any{map[string]any{
			"Id": "m", "MetricStat": map[string]any{"Metric": map[string]any{"Namespace": "Bad", "MetricName": "Bad"}, "Period": 60, "Stat": "Sum"}}}},
		"PutLogEvents":          {"logEvents": []any{map[string]any{"timestamp": now * 1000, "message": "x"}}},
		"GetLogEvents":          {"logGroupName": "bad"},
		"FilterLogEvents":       {"logGroupName": "bad"},
		"DescribeLogStreams":    {"logGroupName": "bad"},
		"DescribeMetricFilters": {"metricName": "Bad", "metricNamespace": "Bad"},
		"PutMetricFilter":       {"metricTransformations": []any{map[string]any{"metricName": "Bad", "metricNamespace": "Bad", "metricValue": "1"}}},
		"TestMetricFilter":      {},
		"DescribeAlarms":        {},
		"SetAlarmState":         {"StateValue": "ALARM"},
		"Publish":               {"TopicArn": plausible["TopicArn"]},
		"CreateTopic":           {},
		"Subscribe":             {"Endpoint": "you@example.com"},
		"SetTopicAttributes":    {"AttributeValue": "x"},
	}
}

// value makes a request's value of a shape: complete, and of the right types.
func (m serviceModel) value(name, member string, depth int) any {
	if v, ok := plausible[member]; ok {
		return v
	}
	s := m.Shapes[name]
	switch s.Type {
	case "structure":
		out := map[string]any{}
		for member, of := range s.Members {
			if depth < 6 && !m.Shapes[of.Shape].Union {
				out[member] = m.value(of.Shape, member, depth+1)
			}
		}
		return out
	case "list":
		return []any{m.value(s.Member.Shape, "", depth+1)}
	case "map":
		return map[string]any{fmt.Sprint(m.value(s.Key.Shape, "", depth+1)): m.value(s.Value.Shape, "", depth+1)}
	case "boolean":
		return false
	case "integer", "long":
		return max(s.Min, 1)
	case "float", "double":
		return 1.5
	case "timestamp":
		return time.Now().Unix()
	case "blob":
		return "eA=="
	}
	if s.Enum != nil {
		return s.Enum[0]
	}
	return strings.Repeat("x", int(max(s.Min, 1)))
}

// mutants calls try with what becomes of a value when each part of it, in turn,
// is replaced by each of the given values. Path and kind say of what.
func (m serviceModel) mutants(shape string, v any, path string, values []any, set func(any), try func(path, kind string, value any)) {
	s := m.Shapes[shape]
	for _, junk := range values {
		set(junk)
		try(path, s.Type, junk)
	}
	set(v)
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			child := s.Value.Shape
			if s.Type == "structure" {
				child = s.Members[key].Shape
			}
			m.mutants(child, v[key], path+"."+key, values, func(x any) { v[key] = x }, try)
		}
	case []any:
		for i := range v {
			m.mutants(s.Member.Shape, v[i], fmt.Sprintf("%s[%d]", path, i), values, func(x any) { v[i] = x }, try)
		}
	}
}

// fits says whether a value can be one of the kind, as far as its type goes.
func fits(kind string, value any) bool {
	switch value.(type) {
	case nil:
		return true
	case string:
		return kind != "structure" && kind != "list" && kind != "map" && kind != "boolean" && kind != "integer" && kind != "long" && kind != "timestamp"
	case bool:
		return kind == "boolean"
	case []any:
		return kind == "list"
	case map[string]any:
		return kind == "structure" || kind == "map"
	}
	return kind == "integer" || kind == "long" || kind == "float" || kind == "double" || kind == "timestamp"
}

// form is a value as the query protocol writes it.
func (m serviceModel) form(shape string, v any, path string, into url.Values) {
	s := m.Shapes[shape]
	if path != "" {
		path += "."
	}
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for i, key := range sortedKeys(v) {
			if s.Type == "map" {
				entry := fmt.Sprintf("%sentry.%d.", path, i+1)
				into.Set(entry+cmp.Or(s.Key.LocationName, "key"), key)
				m.form(s.Value.Shape, v[key], entry+cmp.Or(s.Value.LocationName, "value"), into)
				continue
			}
			m.form(s.Members[key].Shape, v[key], path+key, into)
		}
	case []any:
		for i, e := range v {
			m.form(s.Member.Shape, e, fmt.Sprintf("%smember.%d", path, i+1), into)
		}
	default:
		text := fmt.Sprint(v)
		if at, ok := v.(int64); ok && s.Type == "timestamp" {
			text = time.Unix(at, 0).UTC().Format(time.RFC3339)
		}
		into.Set(strings.TrimSuffix(path, "."), text)
	}
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
