package cloudwatchapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/cloudwatchapi"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

const topicARN = "arn:aws:sns:us-east-1:111122223333:t"

// door is the whole API behind the front door, with every caller let in.
type door struct {
	t       *testing.T
	handler http.Handler
}

type everybody struct{}

func (everybody) Authenticate(*http.Request, []byte, time.Time) (awsapi.Identity, error) {
	caller := access.Caller{Account: scope.Account, ARN: "arn:aws:iam::" + scope.Account + ":root", Root: true}
	return awsapi.Identity{Caller: caller, Service: "monitoring", Region: scope.Region}, nil
}

func newDoor(t *testing.T) *door {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	metrics := metric.New(db.Metrics())
	alarms, err := alarm.New(t.Context(), alarm.Options{Store: db.Alarms(), Metrics: metrics})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := awsapi.New(awsapi.Options{Services: []awsapi.Service{cloudwatchapi.New(alarms, metrics)}, Authenticator: everybody{}})
	if err != nil {
		t.Fatal(err)
	}
	return &door{t, handler}
}

// client is the real SDK's, which speaks CBOR.
func (d *door) client() *cloudwatch.Client {
	server := httptest.NewServer(d.handler)
	d.t.Cleanup(server.Close)
	return cloudwatch.New(cloudwatch.Options{
		Region: scope.Region, BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), RetryMaxAttempts: 1,
	})
}

// json posts a request as the CLI does. The code is the query protocol's.
func (d *door) json(operation string, request any) (status int, code, message string, answer map[string]any) {
	d.t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		d.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "GraniteServiceVersion20100801."+operation)
	r.Header.Set("X-Amzn-Query-Mode", "true")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil && w.Body.Len() > 0 {
		d.t.Fatalf("%s answered %d %s: %v", operation, w.Code, w.Body, err)
	}
	code, _, _ = strings.Cut(w.Header().Get("X-Amzn-Query-Error"), ";")
	for _, name := range []string{"message", "Message"} {
		if text, ok := answer[name].(string); ok {
			message = text
		}
	}
	return w.Code, code, message, answer
}

// cis is a request that is in order.
func cis(name string) *cloudwatch.PutMetricAlarmInput {
	return &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("CIS"), MetricName: aws.String("Denied"), Statistic: types.StatisticSum, Period: aws.Int32(300),
		EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
		AlarmActions: []string{topicARN},
	}
}

func wantCode(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), message) {
		t.Errorf("error = %v, want %s with %q", err, code, message)
	}
}

func TestAlarmRoundTrip(t *testing.T) {
	client := newDoor(t).client()
	full := cis("full")
	full.AlarmDescription, full.Unit, full.DatapointsToAlarm, full.TreatMissingData = aws.String("d"), types.StandardUnitCount, aws.Int32(1), aws.String("notBreaching")
	full.Dimensions = []types.Dimension{{Name: aws.String("b"), Value: aws.String("2")}, {Name: aws.String("a"), Value: aws.String("1")}}
	full.Statistic, full.ExtendedStatistic, full.EvaluateLowSampleCountPercentile = "", aws.String("p99.9"), aws.String("ignore")
	full.ActionsEnabled, full.OKActions, full.InsufficientDataActions = aws.Bool(false), []string{topicARN}, []string{topicARN}
	full.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	for _, in := range []*cloudwatch.PutMetricAlarmInput{full, cis("minimal")} {
		if _, err := client.PutMetricAlarm(t.Context(), in); err != nil {
			t.Fatalf("PutMetricAlarm(%s): %v", *in.AlarmName, err)
		}
	}
	out, err := client.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm}})
	if err != nil || len(out.MetricAlarms) != 2 {
		t.Fatalf("DescribeAlarms = %+v, %v, want two", out, err)
	}
	a, b := out.MetricAlarms[0], out.MetricAlarms[1]
	if *a.AlarmName != "full" || *a.AlarmArn != "arn:aws:cloudwatch:us-east-1:111122223333:alarm:full" || *a.AlarmDescription != "d" || a.Unit != types.StandardUnitCount ||
		*a.DatapointsToAlarm != 1 || *a.TreatMissingData != "notBreaching" || *a.ExtendedStatistic != "p99.9" || a.Statistic != "" || *a.EvaluateLowSampleCountPercentile != "ignore" ||
		*a.ActionsEnabled || !slices.Equal(a.OKActions, []string{topicARN}) || len(a.Dimensions) != 2 || *a.Period != 300 || *a.Threshold != 1 {
		t.Errorf("full alarm = %+v, want what was put", a)
	}
	if !*b.ActionsEnabled || b.Statistic != types.StatisticSum || b.StateValue != types.StateValueInsufficientData || *b.StateReason != "Unchecked: Initial alarm creation" ||
		b.StateUpdatedTimestamp == nil || b.StateTransitionedTimestamp == nil || b.AlarmConfigurationUpdatedTimestamp == nil {
		t.Errorf("minimal alarm = %+v, want it unchecked", b)
	}
	tags, err := client.ListTagsForResource(t.Context(), &cloudwatch.ListTagsForResourceInput{ResourceARN: a.AlarmArn})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "k" || *tags.Tags[0].Value != "v" {
		t.Errorf("ListTagsForResource = %+v, %v, want k=v", tags, err)
	}
}

func TestPutMetricAlarmRefuses(t *testing.T) {
	client := newDoor(t).client()
	for _, c := range []struct {
		name    string
		change  func(*cloudwatch.PutMetricAlarmInput)
		message string
	}{
		{"upper case statistic", func(in *cloudwatch.PutMetricAlarmInput) { in.Statistic = "SUM" }, "Value 'SUM' at 'statistic' failed to satisfy constraint: Member must satisfy enum value set"},
		{"no metric", func(in *cloudwatch.PutMetricAlarmInput) { in.MetricName = nil }, "MetricName must not be null"},
		{"no statistic", func(in *cloudwatch.PutMetricAlarmInput) { in.Statistic = "" }, "Statistic must not be null"},
		{"no threshold", func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = nil }, "Threshold must not be null"},
		{"two statistics", func(in *cloudwatch.PutMetricAlarmInput) { in.ExtendedStatistic = aws.String("p9") }, "mutually exclusive"},
		{"period", func(in *cloudwatch.PutMetricAlarmInput) { in.Period = aws.Int32(45) }, "Period must be 10, 20, 30 or a multiple of 60"},
		{"day", func(in *cloudwatch.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(289) }, "(EvaluationPeriods * Period must be <= 86400)"},
		{"datapoints", func(in *cloudwatch.PutMetricAlarmInput) { in.DatapointsToAlarm = aws.Int32(2) }, "DatapointsToAlarm"},
		{"missing data", func(in *cloudwatch.PutMetricAlarmInput) { in.TreatMissingData = aws.String("x") }, "The value x is not supported for TreatMissingData parameter."},
		{"six actions", func(in *cloudwatch.PutMetricAlarmInput) { in.AlarmActions = slices.Repeat([]string{topicARN}, 6) }, "less than or equal to 5"},
		{"action elsewhere", func(in *cloudwatch.PutMetricAlarmInput) { in.OKActions = []string{"arn:aws:sns:eu-west-1:1:t"} },
			"Invalid region eu-west-1 specified. Only us-east-1 is supported."},
		{"no ARN", func(in *cloudwatch.PutMetricAlarmInput) { in.AlarmActions = []string{"x"} }, "Invalid arn syntax: x"},
		{"expression", func(in *cloudwatch.PutMetricAlarmInput) {
			*in = cloudwatch.PutMetricAlarmInput{AlarmName: in.AlarmName, EvaluationPeriods: aws.Int32(1), ComparisonOperator: in.ComparisonOperator, Threshold: in.Threshold,
				Metrics: []types.MetricDataQuery{{Id: aws.String("e"), Expression: aws.String("m1/m2")}}}
		}, "Alarms on metric math expressions are not supported: 'm1/m2'."},
		{"search", func(in *cloudwatch.PutMetricAlarmInput) {
			*in = cloudwatch.PutMetricAlarmInput{AlarmName: in.AlarmName, EvaluationPeriods: aws.Int32(1), ComparisonOperator: in.ComparisonOperator, Threshold: in.Threshold,
				Metrics: []types.MetricDataQuery{{Id: aws.String("e"), Expression: aws.String("SEARCH('{a}', 'Sum')")}}}
		}, "Alarms on SEARCH expressions are not supported"},
		{"metrics and metric", func(in *cloudwatch.PutMetricAlarmInput) {
			in.Metrics = []types.MetricDataQuery{{Id: aws.String("e"), Expression: aws.String("1")}}
		}, "MetricName should not be set if list of Metrics is set."},
		{"band", func(in *cloudwatch.PutMetricAlarmInput) {
			in.ComparisonOperator = types.ComparisonOperatorGreaterThanUpperThreshold
		}, "Anomaly detection alarms"},
		{"name", func(in *cloudwatch.PutMetricAlarmInput) { in.AlarmName = aws.String("a\nb") }, "control characters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := cis("a")
			c.change(in)
			_, err := client.PutMetricAlarm(t.Context(), in)
			wantCode(t, err, "ValidationError", c.message)
		})
	}
	out, err := client.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{})
	if err != nil || len(out.MetricAlarms) != 0 {
		t.Errorf("DescribeAlarms = %+v, %v, want none of the refused", out, err)
	}
}

func TestAlarmStateAndHistory(t *testing.T) {
	client, name := newDoor(t).client(), "a"
	ctx := t.Context()
	check := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(client.PutMetricAlarm(ctx, cis(name)))
	check(client.DisableAlarmActions(ctx, &cloudwatch.DisableAlarmActionsInput{AlarmNames: []string{name, "none"}}))
	check(client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: types.StateValueAlarm, StateReason: aws.String("drill"), StateReasonData: aws.String(`{"a":1}`)}))
	check(client.EnableAlarmActions(ctx, &cloudwatch.EnableAlarmActionsInput{AlarmNames: []string{name}}))
	found, err := client.DescribeAlarmsForMetric(ctx, &cloudwatch.DescribeAlarmsForMetricInput{Namespace: aws.String("CIS"), MetricName: aws.String("Denied")})
	if err != nil || len(found.MetricAlarms) != 1 || found.MetricAlarms[0].StateValue != types.StateValueAlarm || *found.MetricAlarms[0].StateReasonData != `{"a":1}` {
		t.Errorf("DescribeAlarmsForMetric = %+v, %v, want the alarm in ALARM", found, err)
	}
	check(client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"none", name}}))
	var got []string
	pages := cloudwatch.NewDescribeAlarmHistoryPaginator(client, &cloudwatch.DescribeAlarmHistoryInput{AlarmName: &name, MaxRecords: aws.Int32(2), ScanBy: types.ScanByTimestampAscending})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.AlarmHistoryItems {
			got = append(got, fmt.Sprintf("%s %s: %s", i.AlarmType, i.HistoryItemType, *i.HistorySummary))
		}
	}
	want := []string{
		`MetricAlarm ConfigurationUpdate: Alarm "a" created`, `MetricAlarm ConfigurationUpdate: Alarm "a" updated`,
		`MetricAlarm StateUpdate: Alarm updated from INSUFFICIENT_DATA to ALARM`,
		`MetricAlarm ConfigurationUpdate: Alarm "a" updated`, `MetricAlarm ConfigurationUpdate: Alarm "a" deleted`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("history = %q, want %q", got, want)
	}
}

func TestAlarmErrors(t *testing.T) {
	client := newDoor(t).client()
	ctx, none := t.Context(), aws.String("arn:aws:cloudwatch:us-east-1:111122223333:alarm:none")
	if _, err := client.PutMetricAlarm(ctx, cis("a")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code, message string
		call                func() error
	}{
		{"state of an unknown alarm", "ResourceNotFound", "", func() error {
			_, err := client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("none"), StateValue: types.StateValueOk, StateReason: aws.String("")})
			return err
		}},
		{"data that are not JSON", "InvalidFormat", "JSON", func() error {
			_, err := client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: types.StateValueOk, StateReason: aws.String(""), StateReasonData: aws.String("{")})
			return err
		}},
		{"token", "InvalidNextToken", "", func() error {
			_, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{NextToken: aws.String("x")})
			return err
		}},
		{"history token", "InvalidNextToken", "", func() error {
			_, err := client.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{NextToken: aws.String("x")})
			return err
		}},
		{"names and prefix", "InvalidParameterCombination", "AlarmNamePrefix", func() error {
			_, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"a"}, AlarmNamePrefix: aws.String("a")})
			return err
		}},
		{"tags of an unknown alarm", "ResourceNotFoundException", "", func() error {
			_, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: none})
			return err
		}},
		{"tagging an unknown alarm", "ResourceNotFoundException", "", func() error {
			_, err := client.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: none, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("")}}})
			return err
		}},
		{"tags of no ARN", "InvalidParameterValue", "ResourceARN", func() error {
			_, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: aws.String("a")})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) { wantCode(t, c.call(), c.code, c.message) })
	}
}

func TestAlarmTags(t *testing.T) {
	client := newDoor(t).client()
	ctx, name := t.Context(), aws.String("arn:aws:cloudwatch:us-east-1:111122223333:alarm:a:b")
	if _, err := client.PutMetricAlarm(ctx, cis("a:b")); err != nil {
		t.Fatal(err)
	}
	tag := func(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} }
	if _, err := client.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: name, Tags: []types.Tag{tag("b", "1"), tag("a", "")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UntagResource(ctx, &cloudwatch.UntagResourceInput{ResourceARN: name, TagKeys: []string{"b", "c"}}); err != nil {
		t.Fatal(err)
	}
	out, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: name})
	if err != nil || !reflect.DeepEqual(out.Tags, []types.Tag{tag("a", "")}) {
		t.Errorf("ListTagsForResource = %+v, %v, want a", out, err)
	}
	var many []types.Tag
	for i := range 50 {
		many = append(many, tag(fmt.Sprint(i), ""))
	}
	_, err = client.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: name, Tags: many})
	wantCode(t, err, "InvalidParameterValue", "50")
	_, err = client.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: name, Tags: []types.Tag{tag("aws:x", "")}})
	wantCode(t, err, "InvalidParameterValue", "aws: prefixed tag key names are not allowed for external use.")
}

func TestDescribeAlarmsPages(t *testing.T) {
	client := newDoor(t).client()
	for i := range 5 {
		if _, err := client.PutMetricAlarm(context.Background(), cis(fmt.Sprintf("a%d", i))); err != nil {
			t.Fatal(err)
		}
	}
	pages := cloudwatch.NewDescribeAlarmsPaginator(client, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: aws.String("a"), MaxRecords: aws.Int32(2), ActionPrefix: aws.String("arn:aws:sns")})
	var sizes []int
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(page.MetricAlarms))
	}
	if !slices.Equal(sizes, []int{2, 2, 1}) {
		t.Errorf("pages of %v, want 2, 2 and 1", sizes)
	}
}
