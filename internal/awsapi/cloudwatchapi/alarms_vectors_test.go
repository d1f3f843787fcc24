package cloudwatchapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type describeVector struct {
	head
	Request  map[string]any
	Expected map[string]any
	Absent   []string `json:"expected_absent"`
	Present  []string `json:"expected_present"`
	Note     string
}

// alarmErrorVector is an errorVector whose request may be a picture of one, such
// as "6 entries".
type alarmErrorVector struct {
	head
	Operation string
	Request   map[string]any
	Code      string  `json:"expected_code"`
	HTTP      int     `json:"expected_http"`
	Message   *string `json:"expected_message"`
	Note      string
}

func TestVectorsAlarms(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var h head
		if err := json.Unmarshal(line, &h); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		handled, err := checkAlarmVector(t, h.Kind, line)
		switch {
		case !handled:
		case err == nil:
			passed++
		case h.Confidence == "low" || h.Confidence == "inferred":
			t.Logf("%s (confidence %s): %v", h.ID, h.Confidence, err)
		default:
			failed++
			t.Errorf("%s: %v", h.ID, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func checkAlarmVector(t *testing.T, kind string, line []byte) (handled bool, err error) {
	switch kind {
	case "describe":
		var v describeVector
		if err := strict(line, &v); err != nil {
			return true, err
		}
		return true, v.check(t)
	case "api_error":
		var v alarmErrorVector
		if err := strict(line, &v); err != nil {
			return true, err
		}
		if !strings.Contains(v.Operation, "Alarm") && !strings.Contains(v.Operation, "Tag") {
			return false, nil // an operation on metrics
		}
		return true, v.check(t)
	}
	return false, nil
}

func (v describeVector) check(t *testing.T) error {
	d := newDoor(t)
	if status, code, message, _ := d.json("PutMetricAlarm", v.Request); status != 200 {
		return fmt.Errorf("PutMetricAlarm = %d %s %s", status, code, message)
	}
	_, _, _, answer := d.json("DescribeAlarms", map[string]any{"AlarmNames": []any{v.Request["AlarmName"]}})
	alarms, _ := answer["MetricAlarms"].([]any)
	if len(alarms) != 1 {
		return fmt.Errorf("DescribeAlarms = %v, want one alarm", answer)
	}
	got, _ := alarms[0].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(v.Expected)) {
		if !reflect.DeepEqual(got[name], v.Expected[name]) {
			return fmt.Errorf("%s = %v, want %v", name, got[name], v.Expected[name])
		}
	}
	for _, name := range v.Absent {
		if value, ok := got[name]; ok {
			return fmt.Errorf("%s = %v, want it absent", name, value)
		}
	}
	for _, name := range v.Present {
		if _, ok := got[name]; !ok {
			return fmt.Errorf("%s is absent", name)
		}
	}
	return nil
}

// inOrder are requests that the vectors change where it matters.
var inOrder = map[string]map[string]any{
	"PutMetricAlarm": {"AlarmName": "a", "Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
		"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"},
	"PutCompositeAlarm":    {"AlarmName": "c", "AlarmRule": "TRUE"},
	"SetAlarmState":        {"AlarmName": "a", "StateValue": "OK", "StateReason": "r"},
	"DescribeAlarms":       {},
	"DescribeAlarmHistory": {},
	"DeleteAlarms":         {"AlarmNames": []string{"a"}},
	"EnableAlarmActions":   {"AlarmNames": []string{"a"}},
	"DisableAlarmActions":  {"AlarmNames": []string{"a"}},
}

// entries is "6 entries", and what one of them is.
var (
	entries = regexp.MustCompile(`^(\d+) entries$`)
	oneOf   = map[string]func(i int) any{
		"Dimensions": func(i int) any { return map[string]any{"Name": fmt.Sprint("n", i), "Value": "v"} },
		"AlarmNames": func(i int) any { return fmt.Sprint("a", i) },
		"Tags":       func(i int) any { return map[string]any{"Key": fmt.Sprint("k", i), "Value": "v"} },
	}
)

func (v alarmErrorVector) check(t *testing.T) error {
	request := maps.Clone(inOrder[v.Operation])
	if request == nil {
		request = map[string]any{}
	}
	for name, value := range v.Request {
		text, _ := value.(string)
		if m := entries.FindStringSubmatch(text); m != nil {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				return err
			}
			var list []any
			for i := range n {
				if entry := oneOf[name]; entry != nil {
					list = append(list, entry(i))
				} else {
					list = append(list, topicARN)
				}
			}
			value = list
		}
		request[name] = value
	}
	status, code, message, _ := newDoor(t).json(v.Operation, request)
	if code != v.Code || status != v.HTTP || v.Message != nil && unordered(message) != unordered(*v.Message) {
		return fmt.Errorf("%s(%v) = %d %s %q, want %d %s %q", v.Operation, v.Request, status, code, message, v.HTTP, v.Code, wire.Value(v.Message))
	}
	return nil
}

var enumSet = regexp.MustCompile(`enum value set: \[(.*)\]`)

// unordered sorts an enum's values in a message: the order in which AWS prints
// them is not its model's and means nothing.
func unordered(message string) string {
	return enumSet.ReplaceAllStringFunc(message, func(set string) string {
		values := strings.Split(enumSet.FindStringSubmatch(set)[1], ", ")
		slices.Sort(values)
		return "enum value set: [" + strings.Join(values, ", ") + "]"
	})
}
