package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	group    = "CloudTrail/DefaultLogGroup"
	interval = 100 * time.Millisecond // between files
)

// load lets a file of records arrive every interval. Every third holds a probe:
// a call that one filter and one alarm of its own wait for.
type load struct {
	in           *instance.Instance
	trail        string
	rate, probes int
	files        int
}

func (l *load) run(ctx context.Context) ([]time.Duration, error) {
	if err := l.prepare(ctx); err != nil {
		return nil, err
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	arrived := map[string]time.Time{}
	for tick := range 3 * l.probes {
		probe := ""
		if tick%3 == 0 {
			probe = name(tick / 3)
		}
		if err := l.write(probe); err != nil {
			return nil, err
		}
		if probe != "" {
			arrived[probe] = time.Now()
		}
		<-ticker.C
	}
	return l.latencies(ctx, arrived)
}

func name(i int) string { return fmt.Sprintf("Probe%02d", i) }

func (l *load) prepare(ctx context.Context) error {
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(l.in.Endpoint()),
		Credentials: credentials.NewStaticCredentialsProvider(instance.AccessKeyID, instance.SecretAccessKey, ""),
	}
	topics, err := sns.NewFromConfig(config).ListTopics(ctx, &sns.ListTopicsInput{})
	if err != nil {
		return err
	}
	logs, watch := cloudwatchlogs.NewFromConfig(config), cloudwatch.NewFromConfig(config)
	for i := range l.probes {
		_, err := logs.PutMetricFilter(ctx, &cloudwatchlogs.PutMetricFilterInput{
			LogGroupName: aws.String(group), FilterName: aws.String(name(i)),
			FilterPattern: aws.String(fmt.Sprintf(`{ ($.eventName = "%s") && ($.errorCode = "AccessDenied*") }`, name(i))),
			MetricTransformations: []logstypes.MetricTransformation{{
				MetricName: aws.String(name(i)), MetricNamespace: aws.String("Bench"), MetricValue: aws.String("1")}},
		})
		if err != nil {
			return err
		}
		_, err = watch.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String(name(i)), Namespace: aws.String("Bench"), MetricName: aws.String(name(i)),
			Statistic: types.StatisticSum, Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
			ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold, AlarmActions: []string{*topics.Topics[0].TopicArn},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// write puts a file in place in one step, as a mover of log files does.
func (l *load) write(probe string) error {
	l.files++
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	records := max(1, l.rate*int(interval)/int(time.Second))
	fmt.Fprint(zip, `{"Records":[`)
	for i := range records {
		event, code := "DescribeInstances", ""
		if i == 0 && probe != "" {
			event, code = probe, `"errorCode":"AccessDenied",`
		}
		if i > 0 {
			fmt.Fprint(zip, ",")
		}
		fmt.Fprintf(zip, `{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/bench","accountId":"111122223333","userName":"bench"},"eventTime":"%s","eventSource":"ec2.amazonaws.com","eventName":"%s","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"bench/1.0","requestParameters":{"filler":"%s"},%s"eventID":"%08d-%d","eventType":"AwsApiCall"}`,
			time.Now().UTC().Format(time.RFC3339), event, strings.Repeat("x", 600), code, l.files, i)
	}
	fmt.Fprint(zip, `]}`)
	if err := zip.Close(); err != nil {
		return err
	}
	path := filepath.Join(l.trail, fmt.Sprintf("bench-%06d.json.gz", l.files))
	if err := os.WriteFile(path+".tmp", out.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

// latencies are the times from each probe's arrival to its mail's, sorted. The
// mail's is its file's modification time.
func (l *load) latencies(ctx context.Context, arrived map[string]time.Time) ([]time.Duration, error) {
	deadline := time.Now().Add(30 * time.Second)
	var took []time.Duration
	for len(arrived) > 0 {
		if time.Now().After(deadline) || ctx.Err() != nil {
			return nil, fmt.Errorf("%d of %d probes have no mail", len(arrived), l.probes)
		}
		paths, err := filepath.Glob(filepath.Join(l.in.Data, "mail", "*.eml"))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			probe, at, err := probeOf(path)
			if err != nil {
				return nil, err
			}
			if begun, ok := arrived[probe]; ok {
				took = append(took, at.Sub(begun).Round(time.Millisecond))
				delete(arrived, probe)
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	slices.Sort(took)
	return took, nil
}

func probeOf(path string) (probe string, at time.Time, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", time.Time{}, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", time.Time{}, err
	}
	_, rest, found := strings.Cut(string(text), `ALARM: "`)
	if !found {
		return "", time.Time{}, nil
	}
	probe, _, _ = strings.Cut(rest, `"`)
	return probe, info.ModTime(), nil
}
