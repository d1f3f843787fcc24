package wire_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// endpoint binds one operation that does nothing.
func endpoint[I, O any](t testing.TB, m *wire.Model) *wire.Endpoint {
	t.Helper()
	op := wire.Op(func(context.Context, *I) (*O, error) { return nil, nil })
	endpoints, err := m.Bind([]wire.Operation{op})
	if err != nil {
		t.Fatal(err)
	}
	return endpoints[op.Name]
}

// TestValidationMessages holds our sentences against recorded ones (events, logs,
// sts; the paths and rules are the same everywhere) and against their pattern.
func TestValidationMessages(t *testing.T) {
	putFilter := endpoint[logs.PutMetricFilterInput, logs.PutMetricFilterOutput](t, logs.Model())
	createGroup := endpoint[logs.CreateLogGroupInput, logs.CreateLogGroupOutput](t, logs.Model())
	filterEvents := endpoint[logs.FilterLogEventsInput, logs.FilterLogEventsOutput](t, logs.Model())
	getEvents := endpoint[logs.GetLogEventsInput, logs.GetLogEventsOutput](t, logs.Model())
	putAlarm := endpoint[cloudwatch.PutMetricAlarmInput, cloudwatch.PutMetricAlarmOutput](t, cloudwatch.Model())
	describeAlarms := endpoint[cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput](t, cloudwatch.Model())
	const required = `"filterName":"f","filterPattern":"","logGroupName":"g"`
	for _, tc := range []struct {
		name     string
		endpoint *wire.Endpoint
		body     string
		want     string
	}{
		{"value", getEvents, `{"logStreamName":"s","limit":10001}`,
			"1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"},
		{"absent", createGroup, `{}`,
			"1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"},
		{"null", createGroup, `{"logGroupName":null}`,
			"1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"},
		{"pattern", createGroup, `{"logGroupName":"a b"}`,
			`1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`},
		{"pattern and length, two members", createGroup, `{"logGroupName":"","logGroupClass":"X"}`,
			`3 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+; ` +
				`Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1; ` +
				`Value 'X' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]`},
		{"pattern is anchored", createGroup, `{"logGroupName":"a\n"}`,
			"1 validation error detected: Value 'a\n' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"},
		{"length of a list of structures", putFilter, `{` + required + `,"metricTransformations":[{"metricName":"metric1","metricNamespace":"namespace1","metricValue":"1"},{"metricName":"metric2","metricNamespace":"namespace2","metricValue":"1","dimensions":{"k":"$.v"},"defaultValue":2}]}`,
			"1 validation error detected: Value '[MetricTransformation(metricName=metric1, metricNamespace=namespace1, metricValue=1, defaultValue=null, unit=null, dimensions=null), " +
				"MetricTransformation(metricName=metric2, metricNamespace=namespace2, metricValue=1, defaultValue=2.0, unit=null, dimensions={k=$.v})]' at 'metricTransformations' " +
				"failed to satisfy constraint: Member must have length less than or equal to 1"},
		{"member of a list of structures", putFilter, `{` + required + `,"metricTransformations":[{"metricName":"a:b","metricNamespace":"n","metricValue":"1"}]}`,
			`1 validation error detected: Value 'a:b' at 'metricTransformations.1.member.metricName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*$]*`},
		{"null in a list of structures", putFilter, `{` + required + `,"metricTransformations":[null]}`,
			"1 validation error detected: Value null at 'metricTransformations.1.member' failed to satisfy constraint: Member must not be null"},
		{"list of scalars", filterEvents, `{"logGroupName":"g","logStreamNames":["a","b:c"]}`,
			"1 validation error detected: Value '[a, b:c]' at 'logStreamNames' failed to satisfy constraint: Member must satisfy constraint: " +
				"[Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [^:*]*]"},
		{"list of enums", describeAlarms, `{"AlarmTypes":["X"]}`,
			"1 validation error detected: Value '[X]' at 'alarmTypes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [CompositeAlarm, MetricAlarm]]"},
		{"map keys", createGroup, `{"logGroupName":"g","tags":{"k!":"v"}}`,
			"1 validation error detected: Value '{k!=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: " +
				`[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$]`},
		{"characters, not bytes", putAlarm, `{"AlarmName":"` + strings.Repeat("ü", 255) + `","EvaluationPeriods":1}`, ""},
		{"only the first letter is lowered", putAlarm, `{"AlarmName":"a","OKActions":["1","2","3","4","5","6"]}`,
			"1 validation error detected: Value '[1, 2, 3, 4, 5, 6]' at 'oKActions' failed to satisfy constraint: Member must have length less than or equal to 5"},
		{"a path through two lists", putAlarm, `{"AlarmName":"a","Metrics":[{"Id":"m","MetricStat":{"Metric":{"Dimensions":[{"Name":"","Value":"v"}]},"Period":1,"Stat":"Sum"}}]}`,
			"1 validation error detected: Value '' at 'metrics.1.member.metricStat.metric.dimensions.1.member.name' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"number below its least", putAlarm, `{"AlarmName":"a","Period":0}`,
			"1 validation error detected: Value '0' at 'period' failed to satisfy constraint: Member must have value greater than or equal to 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.endpoint.Decode(wire.Request{Protocol: wire.JSON11, Body: []byte(tc.body)})
			var invalid *wire.ValidationError
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("Decode(%s) = %v, want no error", tc.body, err)
			case tc.want != "" && !errors.As(err, &invalid):
				t.Errorf("Decode(%s) = %v, want a ValidationError", tc.body, err)
			case tc.want != "" && invalid.Message != tc.want:
				t.Errorf("Decode(%s) =\n%s, want\n%s", tc.body, invalid.Message, tc.want)
			}
		})
	}
}

func TestValidationMessageIsBounded(t *testing.T) {
	e := endpoint[logs.PutLogEventsInput, logs.PutLogEventsOutput](t, logs.Model())
	body := `{"logGroupName":"g","logStreamName":"s","logEvents":[` + strings.Repeat(`{},`, 5000) + `{}]}`
	_, err := e.Decode(wire.Request{Protocol: wire.JSON11, Body: []byte(body)})
	if err == nil || !strings.Contains(err.Error(), "10002 validation errors detected: ") || len(err.Error()) > 10_000 {
		t.Errorf("Decode of 5001 empty events = %.200v (%d bytes), want the number of all violations and few of them", err, len(err.Error()))
	}
}
