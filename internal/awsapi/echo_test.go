package awsapi_test

import (
	"net/http"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sts"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// trusting believes every signature.
type trusting struct{}

func (trusting) Authenticate(r *http.Request, _ []byte, _ time.Time) (awsapi.Identity, error) {
	_, credential, found := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	scope := strings.Split(credential, "/")
	if !found || len(scope) < 4 {
		return awsapi.Identity{}, &awsapi.AuthError{Code: wire.MissingAuthentication, Message: "Request is missing Authentication Token"}
	}
	caller := access.Caller{Account: "123456789012", ARN: "arn:aws:iam::123456789012:root", UserID: "123456789012", AccessKeyID: scope[0], Root: true}
	return awsapi.Identity{Caller: caller, Region: scope[2], Service: scope[3]}, nil
}

func cloudwatchEcho(e *echo) awsapi.Service {
	return awsapi.Service{Model: cloudwatch.Model(), Ops: []wire.Operation{
		echoOp[cloudwatch.PutMetricAlarmInput, cloudwatch.PutMetricAlarmOutput](e),
		echoOp[cloudwatch.PutCompositeAlarmInput, cloudwatch.PutCompositeAlarmOutput](e),
		echoOp[cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput](e),
		echoOp[cloudwatch.DescribeAlarmsForMetricInput, cloudwatch.DescribeAlarmsForMetricOutput](e),
		echoOp[cloudwatch.DeleteAlarmsInput, cloudwatch.DeleteAlarmsOutput](e),
		echoOp[cloudwatch.SetAlarmStateInput, cloudwatch.SetAlarmStateOutput](e),
		echoOp[cloudwatch.DescribeAlarmHistoryInput, cloudwatch.DescribeAlarmHistoryOutput](e),
		echoOp[cloudwatch.EnableAlarmActionsInput, cloudwatch.EnableAlarmActionsOutput](e),
		echoOp[cloudwatch.DisableAlarmActionsInput, cloudwatch.DisableAlarmActionsOutput](e),
		echoOp[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](e),
		echoOp[cloudwatch.ListMetricsInput, cloudwatch.ListMetricsOutput](e),
		echoOp[cloudwatch.GetMetricStatisticsInput, cloudwatch.GetMetricStatisticsOutput](e),
		echoOp[cloudwatch.GetMetricDataInput, cloudwatch.GetMetricDataOutput](e),
		echoOp[cloudwatch.TagResourceInput, cloudwatch.TagResourceOutput](e),
		echoOp[cloudwatch.UntagResourceInput, cloudwatch.UntagResourceOutput](e),
		echoOp[cloudwatch.ListTagsForResourceInput, cloudwatch.ListTagsForResourceOutput](e),
	}}
}

func logsEcho(e *echo) awsapi.Service {
	return awsapi.Service{Model: logs.Model(), Ops: []wire.Operation{
		echoOp[logs.CreateLogGroupInput, logs.CreateLogGroupOutput](e),
		echoOp[logs.DescribeLogGroupsInput, logs.DescribeLogGroupsOutput](e),
		echoOp[logs.DeleteLogGroupInput, logs.DeleteLogGroupOutput](e),
		echoOp[logs.ListTagsForResourceInput, logs.ListTagsForResourceOutput](e),
		echoOp[logs.TagResourceInput, logs.TagResourceOutput](e),
		echoOp[logs.UntagResourceInput, logs.UntagResourceOutput](e),
		echoOp[logs.ListTagsLogGroupInput, logs.ListTagsLogGroupOutput](e),
		echoOp[logs.TagLogGroupInput, logs.TagLogGroupOutput](e),
		echoOp[logs.UntagLogGroupInput, logs.UntagLogGroupOutput](e),
		echoOp[logs.PutRetentionPolicyInput, logs.PutRetentionPolicyOutput](e),
		echoOp[logs.DeleteRetentionPolicyInput, logs.DeleteRetentionPolicyOutput](e),
		echoOp[logs.PutMetricFilterInput, logs.PutMetricFilterOutput](e),
		echoOp[logs.DescribeMetricFiltersInput, logs.DescribeMetricFiltersOutput](e),
		echoOp[logs.DeleteMetricFilterInput, logs.DeleteMetricFilterOutput](e),
		echoOp[logs.TestMetricFilterInput, logs.TestMetricFilterOutput](e),
		echoOp[logs.CreateLogStreamInput, logs.CreateLogStreamOutput](e),
		echoOp[logs.DescribeLogStreamsInput, logs.DescribeLogStreamsOutput](e),
		echoOp[logs.DeleteLogStreamInput, logs.DeleteLogStreamOutput](e),
		echoOp[logs.PutLogEventsInput, logs.PutLogEventsOutput](e),
		echoOp[logs.GetLogEventsInput, logs.GetLogEventsOutput](e),
		echoOp[logs.FilterLogEventsInput, logs.FilterLogEventsOutput](e),
	}}
}

func snsEcho(e *echo) awsapi.Service {
	return awsapi.Service{Model: sns.Model(), Ops: []wire.Operation{
		echoOp[sns.CreateTopicInput, sns.CreateTopicOutput](e),
		echoOp[sns.DeleteTopicInput, sns.DeleteTopicOutput](e),
		echoOp[sns.GetTopicAttributesInput, sns.GetTopicAttributesOutput](e),
		echoOp[sns.SetTopicAttributesInput, sns.SetTopicAttributesOutput](e),
		echoOp[sns.ListTopicsInput, sns.ListTopicsOutput](e),
		echoOp[sns.SubscribeInput, sns.SubscribeOutput](e),
		echoOp[sns.UnsubscribeInput, sns.UnsubscribeOutput](e),
		echoOp[sns.ConfirmSubscriptionInput, sns.ConfirmSubscriptionOutput](e),
		echoOp[sns.GetSubscriptionAttributesInput, sns.GetSubscriptionAttributesOutput](e),
		echoOp[sns.SetSubscriptionAttributesInput, sns.SetSubscriptionAttributesOutput](e),
		echoOp[sns.ListSubscriptionsInput, sns.ListSubscriptionsOutput](e),
		echoOp[sns.ListSubscriptionsByTopicInput, sns.ListSubscriptionsByTopicOutput](e),
		echoOp[sns.PublishInput, sns.PublishOutput](e),
		echoOp[sns.PublishBatchInput, sns.PublishBatchOutput](e),
		echoOp[sns.TagResourceInput, sns.TagResourceOutput](e),
		echoOp[sns.UntagResourceInput, sns.UntagResourceOutput](e),
		echoOp[sns.ListTagsForResourceInput, sns.ListTagsForResourceOutput](e),
		echoOp[sns.AddPermissionInput, sns.AddPermissionOutput](e),
		echoOp[sns.RemovePermissionInput, sns.RemovePermissionOutput](e),
	}}
}

func stsEcho(e *echo) awsapi.Service {
	return awsapi.Service{Model: sts.Model(), Ops: []wire.Operation{
		echoOp[sts.GetCallerIdentityInput, sts.GetCallerIdentityOutput](e),
	}}
}
