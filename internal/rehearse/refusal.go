package rehearse

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// Refusals are what PutMetricAlarm would answer, each a finding "refused" with
// AWS's text. AWS itself reports the first ones only.
func Refusals(a Alarm) []Finding {
	messages := append(missing(a), misfit(a)...)
	if len(messages) == 0 {
		var err *alarmeval.Error
		if errors.As(a.Rule().Validate(), &err) {
			messages = []string{err.Message}
		}
	}
	var refused []Finding
	for _, message := range messages {
		refused = append(refused, Finding{"refused", "AWS refuses the alarm: " + message, "Correct it: there will be no such alarm, and nothing rings."})
	}
	return refused
}

// Unfit says why an alarm cannot be simulated; it is empty if it can be.
func Unfit(a Alarm) string {
	if f := unsupported(a); f.found() {
		return f.Consequence
	}
	if refused := Refusals(a); len(refused) > 0 {
		return refused[0].Consequence
	}
	return ""
}

// missing are the parameters that an alarm on one metric needs.
func missing(a Alarm) (messages []string) {
	for _, p := range []struct {
		name  string
		given bool
	}{
		{"MetricName", a.MetricName != ""}, {"Namespace", a.Namespace != ""}, {"Period", a.Period != nil}, {"EvaluationPeriods", a.EvaluationPeriods != nil},
		{"ComparisonOperator", a.ComparisonOperator != ""}, {"Threshold", a.Threshold != nil}, {"Statistic", a.statistic() != ""},
	} {
		if !p.given {
			messages = append(messages, p.name+" must not be null")
		}
	}
	return messages
}

// misfit are parameters that the model of the API does not allow.
func misfit(a Alarm) (messages []string) {
	const invalid = "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have "
	if a.DatapointsToAlarm != nil && *a.DatapointsToAlarm == 0 { // to the rule 0 is not set
		messages = append(messages, fmt.Sprintf(invalid+"value greater than or equal to 1", "0", "datapointsToAlarm"))
	}
	switch length := utf8.RuneCountInString(a.AlarmName); {
	case length == 0:
		messages = append(messages, fmt.Sprintf(invalid+"length greater than or equal to 1", "", "alarmName"))
	case length > 255:
		messages = append(messages, fmt.Sprintf(invalid+"length less than or equal to 255", a.AlarmName, "alarmName"))
	}
	for _, list := range []struct {
		name string
		arns []string
	}{{"alarmActions", a.AlarmActions}, {"oKActions", a.OKActions}, {"insufficientDataActions", a.InsufficientDataActions}} {
		if len(list.arns) > 5 {
			messages = append(messages, fmt.Sprintf(invalid+"length less than or equal to 5", "["+strings.Join(list.arns, ", ")+"]", list.name))
		}
		for _, arn := range list.arns {
			if !strings.HasPrefix(arn, "arn:") || strings.Count(arn, ":") < 5 {
				messages = append(messages, "Invalid arn syntax: "+arn)
			}
		}
	}
	return messages
}
