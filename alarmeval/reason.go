package alarmeval

import (
	"fmt"
	"slices"
	"strings"
)

// inlinePoints is up to how many points stand inside the sentence; more go
// behind it, and then only the newest trailingPoints.
const (
	inlinePoints   = 4
	trailingPoints = 5
)

// Reason is the alarm's StateReason: why State, and on which datapoints. It is
// empty when the previous state was kept.
func (r Result) Reason() string {
	switch {
	case r.Kept:
		return ""
	case r.State == InsufficientData:
		return fmt.Sprintf("Insufficient Data: %s unknown.", datapoints(r.alarm.EvaluationPeriods))
	case len(r.Used) == 0:
		n := r.alarm.EvaluationPeriods
		return fmt.Sprintf("Threshold Crossed: no datapoints were received for %s and %s.", count(n, "period"), r.filled())
	case len(r.Supporting) == 0:
		return fmt.Sprintf("Threshold Crossed: %s received for %s and %s.",
			datapoints(len(r.Used)), count(r.alarm.EvaluationPeriods, "period"), r.filled())
	}
	return r.crossed()
}

// crossed is the reason that lists datapoints.
func (r Result) crossed() string {
	k := len(r.Supporting)
	var b strings.Builder
	b.WriteString("Threshold Crossed: " + r.howMany(k))
	if k <= inlinePoints {
		b.WriteString(" " + r.list(k))
	}
	fmt.Fprintf(&b, " %s %s the threshold (%s)", was(k), r.comparison(), FormatDouble(r.alarm.Threshold))
	if filled := r.filled(); filled != "" {
		b.WriteString(" and " + filled)
	}
	if k > inlinePoints {
		b.WriteString(". The most recent datapoints which crossed the threshold: " + r.list(trailingPoints))
	}
	b.WriteString(r.minimum() + ".")
	return b.String()
}

// howMany is "2 datapoints", or "2 out of the last 3 datapoints" if the request
// set DatapointsToAlarm; there the plural stays even for 1 of 1.
func (r Result) howMany(k int) string {
	if r.alarm.DatapointsToAlarm == 0 {
		return count(k, "datapoint")
	}
	return fmt.Sprintf("%d out of the last %d datapoints", k, r.alarm.EvaluationPeriods)
}

// list shows the newest limit of the supporting points, newest first.
func (r Result) list(limit int) string {
	var items []string
	for _, p := range slices.Backward(r.Supporting) {
		if len(items) == limit {
			break
		}
		items = append(items, fmt.Sprintf("%s (%s)", FormatDouble(p.Value), p.Start.UTC().Format("02/01/06 15:04:05")))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (r Result) comparison() string {
	phrase := map[string]string{
		GreaterThanThreshold:          "greater than",
		GreaterThanOrEqualToThreshold: "greater than or equal to",
		LessThanThreshold:             "less than",
		LessThanOrEqualToThreshold:    "less than or equal to",
	}[r.alarm.ComparisonOperator]
	if r.State == OK {
		return "not " + phrase
	}
	return phrase
}

// filled says how many missing windows were counted, and as what; it is empty
// when none was.
func (r Result) filled() string {
	kind := map[string]string{Breaching: "[Breaching]", NotBreaching: "[NonBreaching]"}[r.alarm.missing()]
	if kind == "" || r.missing() == 0 {
		return ""
	}
	return fmt.Sprintf("%s %s treated as %s", count(r.missing(), "missing datapoint"), was(r.missing()), kind)
}

// minimum is the clause of M-of-N alarms. The transition it names is the nominal
// one, also when the alarm came from INSUFFICIENT_DATA.
func (r Result) minimum() string {
	n, m := r.alarm.EvaluationPeriods, r.alarm.DatapointsToAlarm
	switch {
	case m == 0:
		return ""
	case r.State == InAlarm:
		return fmt.Sprintf(" (minimum %s for OK -> ALARM transition)", count(m, "datapoint"))
	}
	return fmt.Sprintf(" (minimum %s for ALARM -> OK transition)", count(n-m+1, "datapoint"))
}

// datapoints is "1 datapoint was" or "3 datapoints were".
func datapoints(n int) string { return count(n, "datapoint") + " " + was(n) }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
