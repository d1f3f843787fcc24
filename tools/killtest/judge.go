package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

const patience = 60 * time.Second

// judge waits until everything that arrived is counted and told, and compares.
func (t *trial) judge(ctx context.Context) error {
	if err := t.settle(ctx); err != nil {
		return err
	}
	stop, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := t.instance.Stop(stop); err != nil {
		return err
	}
	if err := t.start(ctx); err != nil {
		return err
	}
	// A second look after a clean stop and start: nothing is counted twice.
	problems, err := t.compare(ctx)
	if err != nil {
		return err
	}
	for _, problem := range problems {
		fmt.Println("MISMATCH", problem)
	}
	if err := t.instance.Kill(); err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d mismatches\n%s", len(problems), t.instance.Output())
	}
	return nil
}

// settle polls until sums and mails are right, or patience ends: compare says
// then what is wrong.
func (t *trial) settle(ctx context.Context) error {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		problems, err := t.compare(ctx)
		if err != nil {
			return err
		}
		if len(problems) == 0 {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return nil
}

func (t *trial) compare(ctx context.Context) (problems []string, err error) {
	for _, id := range slices.Sorted(maps.Keys(filters)) {
		sum, samples, err := t.sum(ctx, id)
		if err != nil {
			return nil, err
		}
		if want := float64(t.corpus.truth[id]); sum != want || samples != want {
			problems = append(problems, fmt.Sprintf("metric %s: sum %v of %v samples, want %v", id, sum, samples, want))
		}
	}
	transitions, err := t.transitions(ctx)
	if err != nil {
		return nil, err
	}
	mails, err := t.mails()
	if err != nil {
		return nil, err
	}
	if len(transitions) < alarms {
		problems = append(problems, fmt.Sprintf("%d alarms rang, want at least %d", len(transitions), alarms))
	}
	for key := range transitions {
		if mails[key] == 0 {
			problems = append(problems, "no mail for "+key)
		}
	}
	repeats := 0
	for key, n := range mails {
		if !transitions[key] {
			problems = append(problems, "no transition for the mail "+key)
		}
		repeats += n - 1
	}
	if len(problems) == 0 {
		fmt.Printf("exact: %v; %d alarms rang, each with its mail (%d repeats)\n", t.corpus.truth, len(transitions), repeats)
	}
	return problems, nil
}

func (t *trial) sum(ctx context.Context, metric string) (sum, samples float64, err error) {
	out, err := t.cloudwatch().GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String(namespace), MetricName: aws.String(metric),
		StartTime: aws.Time(t.began.Add(-time.Hour).Truncate(time.Hour)), EndTime: aws.Time(time.Now().Add(time.Hour)), Period: aws.Int32(3600),
		Statistics: []types.Statistic{types.StatisticSum, types.StatisticSampleCount},
	})
	if err != nil {
		return 0, 0, err
	}
	for _, point := range out.Datapoints {
		sum += *point.Sum
		samples += *point.SampleCount
	}
	return sum, samples, nil
}

// transitions are the changes to ALARM that the history knows, by alarm and reason.
func (t *trial) transitions(ctx context.Context) (map[string]bool, error) {
	found := map[string]bool{}
	pages := cloudwatch.NewDescribeAlarmHistoryPaginator(t.cloudwatch(), &cloudwatch.DescribeAlarmHistoryInput{HistoryItemType: types.HistoryItemTypeStateUpdate})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, item := range page.AlarmHistoryItems {
			var data struct {
				NewState struct{ StateValue, StateReason string } `json:"newState"`
			}
			if err := json.Unmarshal([]byte(*item.HistoryData), &data); err != nil {
				return nil, errors.Join(errors.New("history of "+*item.AlarmName), err)
			}
			if data.NewState.StateValue == "ALARM" {
				found[*item.AlarmName+": "+data.NewState.StateReason] = true
			}
		}
	}
	return found, nil
}
