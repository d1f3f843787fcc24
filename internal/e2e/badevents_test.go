//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// Events whose fields no filter can make sense of are taken in all the same, by
// file and by API, and the filters beside count them.
func TestBadEvents(t *testing.T) {
	t.Parallel()
	trail := t.TempDir()
	in := serve(t, "--trail", trail, "--notify", "you@example.com")
	prepare(t, in)
	putCounter(t, in, "all", `{ $.eventID = * }`)
	for n, pattern := range []string{`{ $.value = * }`, `{ $.agent = %a+b% }`, `{ $.value > 0 }`, `{ $.value[0].x IS TRUE }`, `{ $.value NOT EXISTS || $.agent = "*" }`} {
		putValues(t, in, group, fmt.Sprint("values", n), pattern)
		putValues(t, in, "bad", fmt.Sprint("values", n), pattern)
	}
	list := badEvents()
	writeFile(t, trail, "events.json", []byte(strings.Join(list, "\n")))
	eventually(t, 15*time.Second, "every record counted", func() bool { return sum(t, in, "all") == len(list) })
	if listed := failures(t, in); len(listed) > 0 {
		t.Errorf("failures = %q, want none", listed)
	}
	for _, message := range append(list, strings.Repeat("[", 1_000_000), strings.Repeat(`{"value":`, 100_000), "\x00", strings.Repeat("\\", 100_000), `{"value":"`, "\u2028") {
		body := must(json.Marshal(map[string]any{"logGroupName": "bad", "logStreamName": "bad", "logEvents": []logEvent{{time.Now().UnixMilli(), message}}}))
		if status, answer := send(t, in, request{service: "logs", header: logsHeader("PutLogEvents"), body: body}); status != http.StatusOK {
			t.Errorf("PutLogEvents of %.60q = %d %.200s, want 200", message, status, answer)
		}
		checkPatterns(t, in, message)
	}
	mail(t, in, 10*time.Second, "UnauthorizedAPICalls")
	for _, operation := range []string{"ListMetrics", "DescribeAlarms", "DescribeAlarmHistory"} {
		header := http.Header{"X-Amz-Target": {"GraniteServiceVersion20100801." + operation}, "Content-Type": {"application/x-amz-json-1.0"}}
		if status, answer := send(t, in, request{service: "monitoring", header: header, body: []byte("{}")}); status != http.StatusOK || !json.Valid(answer) {
			t.Errorf("%s = %d %.200q, want JSON", operation, status, answer)
		}
	}
	if strings.Contains(in.Output(), "level=ERROR") {
		t.Error("an error was logged")
	}
	checkReady(t, in)
	checkMemory(t, in)
}

// putValues puts a filter whose values and dimensions are the events' own.
func putValues(t *testing.T, in *instance.Instance, group, name, pattern string) {
	t.Helper()
	_, err := cloudwatchlogs.NewFromConfig(sdkConfig(in)).PutMetricFilter(t.Context(), &cloudwatchlogs.PutMetricFilterInput{
		LogGroupName: awssdk.String(group), FilterName: awssdk.String(name), FilterPattern: awssdk.String(pattern),
		MetricTransformations: []logstypes.MetricTransformation{{
			MetricName: awssdk.String(name), MetricNamespace: awssdk.String("Values"), MetricValue: awssdk.String("$.value"),
			Dimensions: map[string]string{"agent": "$.agent", "value": "$.value"},
		}},
	})
	if err != nil {
		t.Fatalf("put metric filter %s: %v", name, err)
	}
}

// checkPatterns has a message tested and searched for by patterns of each kind.
func checkPatterns(t *testing.T, in *instance.Instance, message string) {
	t.Helper()
	for _, pattern := range []string{`{ $.value = "x" }`, `[a, b, ..., c=1]`, `"x" -y`, `%a*b%`} {
		for operation, input := range map[string]map[string]any{
			"TestMetricFilter": {"filterPattern": pattern, "logEventMessages": []string{message}},
			"FilterLogEvents":  {"filterPattern": pattern, "logGroupName": "bad"},
		} {
			if status, answer := send(t, in, request{service: "logs", header: logsHeader(operation), body: must(json.Marshal(input))}); status != http.StatusOK {
				t.Errorf("%s of %.60q by %s = %d %.200s, want 200", operation, message, pattern, status, answer)
			}
		}
	}
}

// badEvents are records of refused calls with IDs and fields of all sorts.
func badEvents() []string {
	values := []string{
		`0`, `-0`, `1e308`, `1e308`, `-1e308`, `1e400`, `1e-400`, `"1e400"`, `"NaN"`, `"Infinity"`, `"0x10"`, `" 1 "`, `"1_000"`, `""`, `null`, `true`, `[]`, `{}`, `[{"x":true}]`,
		`"\u0000"`, `"\ud800"`, `"\ud800\udc00"`, "\"\xff\"", `"` + strings.Repeat("x", 10_000) + `"`, strings.Repeat("9", 10_000), strings.Repeat("[", 200) + strings.Repeat("]", 200),
	}
	var list []string
	for n, value := range values {
		list = append(list, fmt.Sprintf(`{"eventID":"values-%d","errorCode":"AccessDenied","eventTime":"2026-11-20T10:00:00Z","value":%s,"agent":%s}`, n, value, values[len(values)-1-n]))
	}
	for _, id := range []string{`\u0000`, `\ud800`, `a\u0000b`, `\"`, ` `, strings.Repeat("x", 200_000), `\u2028`, `'; DROP TABLE x`} {
		list = append(list, fmt.Sprintf(`{"eventID":"%s","errorCode":"AccessDenied","eventTime":"999999999-99-99"}`, id))
	}
	return append(list, "{\"eventID\":\"\xff\xfe\",\"errorCode\":\"AccessDenied\"}")
}
