package e2e

import (
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

func sdkConfig(in *instance.Instance) awssdk.Config {
	return awssdk.Config{
		Region:       "us-east-1",
		BaseEndpoint: awssdk.String(in.Endpoint()),
		Credentials:  credentials.NewStaticCredentialsProvider(instance.AccessKeyID, instance.SecretAccessKey, ""),
	}
}

// putCounter puts a metric filter of the trail's log group that counts 1 for
// each match in the metric of its name.
func putCounter(t *testing.T, in *instance.Instance, id, pattern string) {
	t.Helper()
	_, err := cloudwatchlogs.NewFromConfig(sdkConfig(in)).PutMetricFilter(t.Context(), &cloudwatchlogs.PutMetricFilterInput{
		LogGroupName: awssdk.String(group), FilterName: awssdk.String(id), FilterPattern: awssdk.String(pattern),
		MetricTransformations: []logstypes.MetricTransformation{{
			MetricName: awssdk.String(id), MetricNamespace: awssdk.String("E2E"), MetricValue: awssdk.String("1"),
		}},
	})
	if err != nil {
		t.Fatalf("put metric filter %s: %v", id, err)
	}
}

// sum is what a counter has counted in the last hour.
func sum(t *testing.T, in *instance.Instance, id string) int {
	t.Helper()
	out, err := cloudwatch.NewFromConfig(sdkConfig(in)).GetMetricStatistics(t.Context(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: awssdk.String("E2E"), MetricName: awssdk.String(id), Period: awssdk.Int32(3600),
		StartTime: awssdk.Time(time.Now().Add(-time.Hour)), EndTime: awssdk.Time(time.Now().Add(time.Hour)),
		Statistics: []cwtypes.Statistic{cwtypes.StatisticSum},
	})
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, point := range out.Datapoints {
		total += *point.Sum
	}
	return int(total)
}
