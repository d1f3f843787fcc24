package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// Names of the starter set, as the AWS CLI shows them.
const (
	// DefaultTrailGroup is the log group that the AWS console proposes for a trail.
	DefaultTrailGroup = "CloudTrail/DefaultLogGroup"

	starterName      = "UnauthorizedAPICalls"
	starterTopic     = "tocsin-alarms"
	starterNamespace = "CloudTrailMetrics"
	starterPattern   = `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`
)

// starter installs what it takes to get a mail for unauthorized calls: a filter
// on the trail's log group, an alarm, a topic and a subscription that needs no
// confirmation. What is there already, perhaps changed by its owner, is left
// as it is.
type starter struct {
	*stations
	scope  arn.Scope
	group  string
	notify string // mail address
}

func (s starter) install(ctx context.Context, now time.Time) error {
	owner := topic.Principal{Account: s.scope.Account, ARN: rootARN(s.scope)}
	made, err := s.topics.Create(ctx, topic.CreateInput{Scope: s.scope, Name: starterTopic})
	if err != nil {
		return fmt.Errorf("starter topic: %w", err)
	}
	subscription := topic.SubscribeInput{TopicARN: made.ARN, Protocol: "email", Endpoint: s.notify}
	if _, err := s.topics.SubscribeConfirmed(ctx, owner, subscription); err != nil {
		return fmt.Errorf("subscribe %s: %w", s.notify, err)
	}
	if err := s.installFilter(ctx, now); err != nil {
		return fmt.Errorf("starter filter: %w", err)
	}
	if err := s.installAlarm(ctx, made.ARN, now); err != nil {
		return fmt.Errorf("starter alarm: %w", err)
	}
	return nil
}

func (s starter) installFilter(ctx context.Context, now time.Time) error {
	group, err := s.logs.Group(ctx, s.scope, s.group)
	if err != nil {
		return err
	}
	there, err := s.filters.List(ctx, metricfilter.Query{Scope: s.scope, Group: s.group, Prefix: starterName, Limit: 1})
	if err != nil || len(there) > 0 {
		return err
	}
	return s.filters.Put(ctx, group, metricfilter.Definition{
		Name: starterName, Pattern: starterPattern,
		Transformation: metricfilter.Transformation{MetricName: starterName, Namespace: starterNamespace, Value: "1"},
	}, now)
}

func (s starter) installAlarm(ctx context.Context, topicARN arn.ARN, now time.Time) error {
	there, _, err := s.alarms.Describe(ctx, s.scope, alarm.DescribeQuery{Names: []string{starterName}})
	if err != nil || len(there) > 0 {
		return err
	}
	return s.alarms.Put(ctx, s.scope, alarm.Definition{
		Name:        starterName,
		Description: "Somebody called an AWS API without being allowed to.",
		Metric:      metric.NewKey(starterNamespace, starterName),
		Rule: alarmeval.Alarm{
			Statistic: "Sum", Period: 5 * time.Minute, EvaluationPeriods: 1, Threshold: 1,
			ComparisonOperator: "GreaterThanOrEqualToThreshold", TreatMissingData: "notBreaching",
		},
		ActionsEnabled: true,
		AlarmActions:   []string{topicARN.String()},
	}, nil, now)
}

// trailGroup makes the log group that trails deliver to, if it is missing.
func (s *stations) trailGroup(ctx context.Context, scope arn.Scope, name string) (logs.Group, error) {
	group, err := s.logs.Group(ctx, scope, name)
	if !errors.Is(err, logs.ErrNoGroup) {
		return group, err
	}
	err = s.logs.CreateGroup(ctx, logs.Group{Scope: scope, Name: name}, nil)
	if err != nil && !errors.Is(err, logs.ErrGroupExists) {
		return logs.Group{}, err
	}
	return s.logs.Group(ctx, scope, name)
}

func rootARN(scope arn.Scope) string {
	return arn.ARN{Partition: scope.Partition, Service: "iam", Account: scope.Account, Resource: "root"}.String()
}
