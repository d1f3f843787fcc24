package cloudwatchapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

func composite(name, rule string) *cloudwatch.PutCompositeAlarmInput {
	return &cloudwatch.PutCompositeAlarmInput{AlarmName: &name, AlarmRule: &rule}
}

var bothTypes = []types.AlarmType{types.AlarmTypeCompositeAlarm, types.AlarmTypeMetricAlarm}

func TestCompositeAlarmRoundTrip(t *testing.T) {
	client, ctx := newDoor(t).client(), t.Context()
	for _, name := range []string{"a", "s"} {
		if _, err := client.PutMetricAlarm(ctx, cis(name)); err != nil {
			t.Fatal(err)
		}
	}
	full := composite("full", `ALARM("a") OR  FALSE`)
	full.AlarmDescription, full.ActionsEnabled = aws.String("d"), aws.Bool(false)
	full.AlarmActions, full.OKActions, full.InsufficientDataActions = []string{topicARN}, []string{topicARN}, []string{topicARN}
	full.ActionsSuppressor, full.ActionsSuppressorWaitPeriod, full.ActionsSuppressorExtensionPeriod = aws.String("s"), aws.Int32(60), aws.Int32(0)
	full.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	for _, in := range []*cloudwatch.PutCompositeAlarmInput{full, composite("minimal", "TRUE")} {
		if _, err := client.PutCompositeAlarm(ctx, in); err != nil {
			t.Fatalf("PutCompositeAlarm(%s): %v", *in.AlarmName, err)
		}
	}
	out, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmTypes: bothTypes})
	if err != nil || len(out.CompositeAlarms) != 2 || len(out.MetricAlarms) != 2 {
		t.Fatalf("DescribeAlarms = %+v, %v, want two of each type", out, err)
	}
	a, b := out.CompositeAlarms[0], out.CompositeAlarms[1]
	if *a.AlarmName != "full" || *a.AlarmArn != "arn:aws:cloudwatch:us-east-1:111122223333:alarm:full" || *a.AlarmDescription != "d" || *a.ActionsEnabled ||
		*a.AlarmRule != `ALARM("a") OR  FALSE` || !slices.Equal(a.AlarmActions, []string{topicARN}) || *a.ActionsSuppressor != "s" ||
		*a.ActionsSuppressorWaitPeriod != 60 || *a.ActionsSuppressorExtensionPeriod != 0 || a.StateValue != types.StateValueOk ||
		a.ActionsSuppressedBy != types.ActionsSuppressedByWaitPeriod || *a.ActionsSuppressedReason != "Actions suppressed by WaitPeriod" {
		t.Errorf("full alarm = %+v, want what was put, held by the wait period", a)
	}
	if !*b.ActionsEnabled || b.StateValue != types.StateValueAlarm || b.ActionsSuppressor != nil || b.ActionsSuppressedBy != "" || b.ActionsSuppressorWaitPeriod != nil ||
		!strings.Contains(*b.StateReason, "was created and its alarm rule evaluates to ALARM") || *b.StateReasonData != `{"triggeringAlarms":[]}` ||
		b.StateUpdatedTimestamp == nil || b.StateTransitionedTimestamp == nil || b.AlarmConfigurationUpdatedTimestamp == nil {
		t.Errorf("minimal alarm = %+v, want it in ALARM", b)
	}
	tags, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: a.AlarmArn})
	if err != nil || len(tags.Tags) != 1 {
		t.Errorf("ListTagsForResource = %+v, %v, want k=v", tags, err)
	}
	if _, err := client.EnableAlarmActions(ctx, &cloudwatch.EnableAlarmActionsInput{AlarmNames: []string{"full"}}); err != nil {
		t.Error(err)
	}
	history, err := client.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{AlarmTypes: []types.AlarmType{types.AlarmTypeCompositeAlarm}, AlarmName: aws.String("full")})
	if err != nil || len(history.AlarmHistoryItems) != 3 || *history.AlarmHistoryItems[0].HistorySummary != `Alarm "full" updated` {
		t.Errorf("DescribeAlarmHistory = %+v, %v, want created, OK and updated", history, err)
	}
}

func TestPutCompositeAlarmRefuses(t *testing.T) {
	client := newDoor(t).client()
	for _, c := range []struct {
		name    string
		change  func(*cloudwatch.PutCompositeAlarmInput)
		message string
	}{
		{"rule", func(in *cloudwatch.PutCompositeAlarmInput) { in.AlarmRule = aws.String("ALARM(") }, "Error in AlarmRule [Unexpected end at char 6, must be: an alarm name]"},
		{"empty rule", func(in *cloudwatch.PutCompositeAlarmInput) { in.AlarmRule = aws.String("") }, "Member must have length greater than or equal to 1"},
		{"child", func(in *cloudwatch.PutCompositeAlarmInput) { in.AlarmRule = aws.String("OK(x)") }, "Could not save the composite alarm as alarms [x] in the alarm rule do not exist"},
		{"name", func(in *cloudwatch.PutCompositeAlarmInput) { in.AlarmName = aws.String("a\nb") }, "control characters"},
		{"action of EC2", func(in *cloudwatch.PutCompositeAlarmInput) {
			in.AlarmActions = []string{"arn:aws:automate:us-east-1:ec2:stop"}
		}, "Invalid arn syntax"},
		{"six actions", func(in *cloudwatch.PutCompositeAlarmInput) { in.AlarmActions = slices.Repeat([]string{topicARN}, 6) }, "less than or equal to 5"},
		{"suppressor without periods", func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressor = aws.String("s") }, "ActionsSuppressorWaitPeriod must not be null"},
		{"periods without suppressor", func(in *cloudwatch.PutCompositeAlarmInput) { in.ActionsSuppressorExtensionPeriod = aws.Int32(1) }, "ActionsSuppressorExtensionPeriod should not be set"},
		{"negative period", func(in *cloudwatch.PutCompositeAlarmInput) {
			in.ActionsSuppressor, in.ActionsSuppressorWaitPeriod, in.ActionsSuppressorExtensionPeriod = aws.String("s"), aws.Int32(1), aws.Int32(-1)
		}, "must not be negative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := composite("c", "TRUE")
			c.change(in)
			_, err := client.PutCompositeAlarm(t.Context(), in)
			wantCode(t, err, "ValidationError", c.message)
		})
	}
}

func TestDescribeRelatives(t *testing.T) {
	client, ctx := newDoor(t).client(), t.Context()
	if _, err := client.PutMetricAlarm(ctx, cis("m")); err != nil {
		t.Fatal(err)
	}
	for _, in := range []*cloudwatch.PutCompositeAlarmInput{composite("c", "ALARM(m)"), composite("d", "ALARM(m) OR ALARM(c)")} {
		if _, err := client.PutCompositeAlarm(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	children, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{ChildrenOfAlarmName: aws.String("d")})
	if err != nil || len(children.MetricAlarms) != 1 || len(children.CompositeAlarms) != 1 {
		t.Fatalf("DescribeAlarms(children of d) = %+v, %v, want m and c", children, err)
	}
	if c := children.CompositeAlarms[0]; *c.AlarmName != "c" || c.AlarmArn == nil || c.StateValue != types.StateValueOk || c.StateUpdatedTimestamp == nil || c.AlarmRule != nil {
		t.Errorf("child = %+v, want name, ARN, state and its time only", c)
	}
	parents, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{ParentsOfAlarmName: aws.String("m")})
	if err != nil || len(parents.MetricAlarms) != 0 || len(parents.CompositeAlarms) != 2 {
		t.Fatalf("DescribeAlarms(parents of m) = %+v, %v, want c and d", parents, err)
	}
	if p := parents.CompositeAlarms[0]; *p.AlarmName != "c" || p.AlarmArn == nil || p.StateValue != "" || p.AlarmRule != nil {
		t.Errorf("parent = %+v, want name and ARN only", p)
	}
	_, err = client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{ParentsOfAlarmName: aws.String("m"), AlarmTypes: bothTypes})
	wantCode(t, err, "ValidationError", "ParentsOfAlarmName cannot be combined")
	_, err = client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{ParentsOfAlarmName: aws.String("m"), ChildrenOfAlarmName: aws.String("c")})
	wantCode(t, err, "ValidationError", "ChildrenOfAlarmName cannot be combined")
}

func TestDeleteAlarmsOfComposites(t *testing.T) {
	client, ctx := newDoor(t).client(), t.Context()
	if _, err := client.PutMetricAlarm(ctx, cis("m")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c", "d"} {
		if _, err := client.PutCompositeAlarm(ctx, composite(name, "ALARM(m)")); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ names, message string }{
		{"m", "Cannot delete m as there are composite alarm(s) depending on it."},
		{"c d", "Only one composite alarm can be deleted at a time."},
	} {
		_, err := client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: strings.Fields(c.names)})
		wantCode(t, err, "ValidationError", c.message)
	}
	for _, name := range []string{"c", "d", "m"} {
		if _, err := client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{name}}); err != nil {
			t.Errorf("DeleteAlarms(%s): %v", name, err)
		}
	}
}

func TestCompositeAlarmOf100Children(t *testing.T) {
	client, ctx := newDoor(t).client(), t.Context()
	var conditions []string
	for i := range 101 {
		name := fmt.Sprintf("child-%d", i)
		if _, err := client.PutMetricAlarm(ctx, cis(name)); err != nil {
			t.Fatal(err)
		}
		conditions = append(conditions, "INSUFFICIENT_DATA("+name+")")
	}
	if _, err := client.PutCompositeAlarm(ctx, composite("c", strings.Join(conditions[:100], " AND "))); err != nil {
		t.Fatal(err)
	}
	out, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmTypes: bothTypes[:1]})
	if err != nil || out.CompositeAlarms[0].StateValue != types.StateValueAlarm || len(*out.CompositeAlarms[0].StateReasonData) > 4000 {
		t.Errorf("DescribeAlarms = %+v, %v, want ALARM with at most 4000 characters of data", out, err)
	}
	_, err = client.PutCompositeAlarm(ctx, composite("c", strings.Join(conditions, " AND ")))
	wantCode(t, err, "ValidationError", "More than 100 alarms")
}
