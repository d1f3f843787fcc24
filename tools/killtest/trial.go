package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

const (
	namespace = "Kill"
	alarms    = 40
)

// trial is one Tocsin under fire.
type trial struct {
	dir      string
	corpus   corpus
	random   *rand.Rand
	instance *instance.Instance
	trail    string
	next     int // file to arrive next
	began    time.Time
}

func (t *trial) config() aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(t.instance.Endpoint()),
		Credentials:  credentials.NewStaticCredentialsProvider(instance.AccessKeyID, instance.SecretAccessKey, ""),
	}
}

func (t *trial) cloudwatch() *cloudwatch.Client { return cloudwatch.NewFromConfig(t.config()) }

// prepare starts Tocsin on an empty trail and sets up the filters and, over
// the count of all records, alarms whose thresholds are passed one by one.
func (t *trial) prepare(ctx context.Context, binary string) error {
	t.trail = filepath.Join(t.dir, "trail")
	if err := os.MkdirAll(t.trail, 0o755); err != nil {
		return err
	}
	var err error
	if t.instance, err = instance.New(binary, filepath.Join(t.dir, "data"), "--trail", t.trail, "--notify", "kill@example.com"); err != nil {
		return err
	}
	t.began = time.Now()
	if err := t.start(ctx); err != nil {
		return err
	}
	if err := t.putFilters(ctx); err != nil {
		return err
	}
	return t.putAlarms(ctx)
}

// end leaves no process behind, however the trial went.
func (t *trial) end() {
	if t.instance != nil && t.instance.Running() {
		_ = t.instance.Kill() // it may have ended by itself just now
	}
}

func (t *trial) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return t.instance.Start(ctx)
}

func (t *trial) putFilters(ctx context.Context) error {
	client := cloudwatchlogs.NewFromConfig(t.config())
	groups, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil {
		return err
	}
	if len(groups.LogGroups) != 1 {
		return fmt.Errorf("serve --trail made %d log groups, want 1", len(groups.LogGroups))
	}
	for id, pattern := range filters {
		_, err := client.PutMetricFilter(ctx, &cloudwatchlogs.PutMetricFilterInput{
			LogGroupName: groups.LogGroups[0].LogGroupName, FilterName: aws.String(id), FilterPattern: aws.String(pattern),
			MetricTransformations: []logstypes.MetricTransformation{{
				MetricName: aws.String(id), MetricNamespace: aws.String(namespace), MetricValue: aws.String("1"),
			}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) putAlarms(ctx context.Context) error {
	topics, err := sns.NewFromConfig(t.config()).ListTopics(ctx, &sns.ListTopicsInput{})
	if err != nil {
		return err
	}
	if len(topics.Topics) != 1 {
		return fmt.Errorf("serve --notify made %d topics, want 1", len(topics.Topics))
	}
	for i := range alarms {
		threshold := float64((i+1)*t.corpus.truth["records"]) / (alarms + 1)
		_, err := t.cloudwatch().PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String(fmt.Sprintf("kill-%02d", i)), Namespace: aws.String(namespace), MetricName: aws.String("records"),
			Statistic: types.StatisticSum, Period: aws.Int32(3600), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(threshold),
			ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
			AlarmActions:       []string{*topics.Topics[0].TopicArn},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// round lets some files arrive, kills at a random moment and starts again.
func (t *trial) round(ctx context.Context, round, rounds int) error {
	upTo := len(t.corpus.files) * round / rounds
	killed := make(chan error, 1)
	delay := time.Duration(t.random.IntN(700)) * time.Millisecond
	time.AfterFunc(delay, func() { killed <- t.instance.Kill() })
	for ; t.next < upTo; t.next++ {
		if err := t.arrive(t.corpus.files[t.next]); err != nil {
			return err
		}
	}
	if err := <-killed; err != nil {
		return err
	}
	return t.start(ctx)
}

// arrive puts a file in place, now and then in two writes that a reader can
// come between.
func (t *trial) arrive(f file) error {
	path := filepath.Join(t.trail, f.name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	half := len(f.data)
	if t.random.IntN(3) == 0 {
		half /= 2
	}
	for _, part := range [][]byte{f.data[:half], f.data[half:]} {
		if _, err := out.Write(part); err != nil {
			return err
		}
		time.Sleep(time.Duration(t.random.IntN(4)) * time.Millisecond) // spreads the arrivals over the time to the kill
	}
	return out.Close()
}
