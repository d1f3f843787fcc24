package alarmeval_test

import (
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

func ExampleEvaluate() {
	alarm := alarmeval.Alarm{
		Statistic:          "Sum",
		Period:             5 * time.Minute,
		EvaluationPeriods:  1,
		Threshold:          1,
		ComparisonOperator: alarmeval.GreaterThanOrEqualToThreshold,
	}
	now := time.Date(2026, 3, 2, 10, 15, 17, 0, time.UTC)
	points := []alarmeval.Point{{Start: time.Date(2026, 3, 2, 10, 10, 0, 0, time.UTC), Value: 2, SampleCount: 2}}

	result := alarmeval.Evaluate(alarm, points, alarmeval.OK, now)
	fmt.Println(result.State)
	fmt.Println(result.Reason())
	// Output:
	// ALARM
	// Threshold Crossed: 1 datapoint [2.0 (02/03/26 10:10:00)] was greater than or equal to the threshold (1.0).
}

func ExampleEarly() {
	alarm := alarmeval.Alarm{
		Statistic:          "Sum",
		Period:             5 * time.Minute,
		EvaluationPeriods:  1,
		Threshold:          1,
		ComparisonOperator: alarmeval.GreaterThanOrEqualToThreshold,
	}
	now := time.Date(2026, 3, 2, 10, 15, 17, 0, time.UTC)
	windows := alarm.Windows(alarm.NextEnd(now))
	newest := windows[len(windows)-1]
	fmt.Println("newest window:", newest.Start.Format(time.TimeOnly), "to", newest.End.Format(time.TimeOnly))

	point := alarmeval.Point{Start: newest.Start, Value: 1, SampleCount: 1, Minimum: 1}
	result, ring := alarmeval.Early(alarm, []alarmeval.Point{point}, alarmeval.OK, now)
	fmt.Println(result.State, ring)
	// Output:
	// newest window: 10:11:00 to 10:16:00
	// ALARM true
}

func ExampleRange() {
	fmt.Println(alarmeval.Range(alarmeval.Alarm{Period: 5 * time.Minute, EvaluationPeriods: 3}))
	fmt.Println(alarmeval.Range(alarmeval.Alarm{Period: time.Minute, EvaluationPeriods: 1}))
	// Output:
	// 5
	// 6
}

func ExampleParseRule() {
	rule, err := alarmeval.ParseRule(`ALARM(cpu) AND NOT ALARM("deployment running")`)
	if err != nil {
		fmt.Println(err)
		return
	}
	states := map[string]alarmeval.State{"cpu": alarmeval.InAlarm, "deployment running": alarmeval.OK}
	fmt.Println(rule.Eval(func(child string) alarmeval.State { return states[child] }))
	// Output: ALARM
}
