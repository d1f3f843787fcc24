package rehearse

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// longReach is from where on an alarm that has rung is deaf for too long.
const longReach = 3 * time.Hour

// Lint says what is wrong with an alarm whatever its data are. An alarm that AWS
// refuses has the refusals for findings and nothing else, and one of a kind that
// is not rehearsed has the finding "unsupported".
func Lint(a Alarm) []Finding {
	if f := unsupported(a); f.found() {
		return []Finding{f}
	}
	if refused := Refusals(a); len(refused) > 0 {
		return refused
	}
	return findings(
		averageOfOnes(a), neverBreaches(a), alwaysBreaches(a), greaterThanOne(a), sampleCount(a),
		treatMissing(a), okNeverRuns(a), spreadOut(a), anyOfMany(a), deaf(a), noActions(a), actionsDisabled(a),
	)
}

func unsupported(a Alarm) Finding {
	kind := ""
	switch {
	case a.AlarmRule != "":
		kind = "a composite alarm"
	case a.ThresholdMetricId != nil || strings.Contains(a.ComparisonOperator, "UpperThreshold") || a.ComparisonOperator == "LessThanLowerThreshold":
		kind = "an anomaly detection alarm"
	case a.EvaluationCriteria != nil:
		kind = "a query alarm"
	case len(a.Metrics) > 0:
		kind = "an alarm on metric math"
	default:
		return Finding{}
	}
	return Finding{"unsupported", "This is " + kind + ": it was not checked.", "Check the alarms on single metrics that stand behind it."}
}

// measured are words in the names of metrics that hold quantities and not counts.
var measured = regexp.MustCompile(`\b(latency|duration|time|utili[sz]ation|percent|percentage|ratio|rate|usage|used|memory|size|bytes|age|temperature|depth|length|free|load|lag)\b`)

var (
	wordStart = regexp.MustCompile(`([a-z])([A-Z])`)
	noLetter  = regexp.MustCompile(`[^A-Za-z]+`)
)

// counts is true if the metric is likely to count events, one by one, as metric
// filters do.
func counts(a Alarm) bool {
	switch a.Unit {
	case "", "None", "Count":
	default:
		return false
	}
	words := strings.ToLower(noLetter.ReplaceAllString(wordStart.ReplaceAllString(a.MetricName, "$1 $2"), " "))
	return !strings.HasPrefix(a.Namespace, "AWS/") && a.Namespace != "CWAgent" && !measured.MatchString(words)
}

// sums is true if the statistic grows with the number of events.
func sums(a Alarm) bool { return a.Statistic == "Sum" || a.Statistic == "SampleCount" }

// middles is true of the statistics that are 1 whatever number of ones there is.
func middles(a Alarm) bool {
	return a.Statistic != "" && !sums(a) || strings.HasPrefix(a.ExtendedStatistic, "p")
}

func averageOfOnes(a Alarm) Finding {
	if !counts(a) || !above(a.Rule()) || !middles(a) {
		return Finding{}
	}
	f := Finding{"statistic-of-ones", "", "Use the statistic Sum."}
	switch {
	case a.Rule().Breaches(1) && a.Statistic == "Maximum":
		return Finding{} // it rings on any event, which may be what is wanted
	case a.Rule().Breaches(1):
		f.Consequence = fmt.Sprintf("The %s of a count does not say how many events there were: it is 1 after one event and after a thousand, and less where a filter publishes a default value of 0.", a.statistic())
	default:
		f.Consequence = fmt.Sprintf("If each event counts 1, the %s is never above 1, however many events there are: a threshold of %s %s is never reached.",
			a.statistic(), sign[a.ComparisonOperator], number(*a.Threshold))
	}
	return f
}

// nonNegative is true if the statistic cannot be below 0.
func nonNegative(a Alarm) bool { return a.Statistic == "SampleCount" || counts(a) }

func neverBreaches(a Alarm) Finding {
	rule := a.Rule()
	if above(rule) || !nonNegative(a) || rule.Threshold > 0 || rule.Breaches(0) {
		return Finding{}
	}
	return Finding{"unreachable-threshold",
		fmt.Sprintf("A %s is never negative, so it is never %s %s: the alarm rings on missing data at most.", a.statistic(), sign[a.ComparisonOperator], number(rule.Threshold)),
		"Raise the threshold, or turn the comparison round."}
}

func alwaysBreaches(a Alarm) Finding {
	rule := a.Rule()
	if !above(rule) || !nonNegative(a) || !rule.Breaches(0) {
		return Finding{}
	}
	return Finding{"always-breaching",
		fmt.Sprintf("A %s is never negative, so every datapoint is %s %s, a filter's default value of 0 too: the alarm rings at the first one and never says anything again.", a.statistic(), sign[a.ComparisonOperator], number(rule.Threshold)),
		"Ring from the first event on: GreaterThanOrEqualToThreshold with a threshold of 1."}
}

func greaterThanOne(a Alarm) Finding {
	if !counts(a) || !sums(a) || a.ComparisonOperator != alarmeval.GreaterThanThreshold || *a.Threshold != 1 {
		return Finding{}
	}
	return Finding{"greater-than-one", fmt.Sprintf("A single event within %s does not ring: 1 is not greater than 1.", span(a.Rule().Period)),
		"If one event should ring, use GreaterThanOrEqualToThreshold with a threshold of 1."}
}

func sampleCount(a Alarm) Finding {
	if !counts(a) || a.Statistic != "SampleCount" || !above(a.Rule()) {
		return Finding{}
	}
	return Finding{"sample-count", "SampleCount counts datapoints and not their values: where the metric filter has a default value, every log event counts, the ones that do not match too.",
		"Use the statistic Sum."}
}

// deaf finds alarms that ring once and then not again for hours: a change of
// state notifies, and there is none while events follow each other.
func deaf(a Alarm) Finding {
	rule := a.Rule()
	if !above(rule) || reach(rule) < longReach {
		return Finding{}
	}
	return Finding{"deaf-after-ringing",
		fmt.Sprintf("Only a change of state notifies. An evaluation looks back %s, so an event may keep the alarm in ALARM that long, and what happens meanwhile makes no notification and prolongs it.", span(reach(rule))),
		"Use a short period, such as 300 seconds. For a limit a day or an hour keep a second alarm beside it."}
}
