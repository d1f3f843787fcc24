package rehearse

import (
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// longRing is from where on a ring that swallows datapoints is worth a word.
const longRing = time.Hour

// Warn says what was wrong with what an alarm did on data. The timeline is that
// of the alarm and the data.
func Warn(a Alarm, points []Datapoint, t Timeline) []Finding {
	return findings(
		silent(a, t), quiet(a, points, t), flapping(a, t), swallowed(a, points, t), heldWithoutData(t), rangWithoutData(t), hidden(a, t), tooFew(a, t), coarse(points),
	)
}

// silent finds rings that nobody is told of.
func silent(a Alarm, t Timeline) Finding {
	n := len(t.Rings())
	if n == 0 || a.Notifies(alarmeval.InAlarm) {
		return Finding{}
	}
	return Finding{"nobody-told", fmt.Sprintf("It goes to ALARM %s and tells nobody: AlarmActions is empty, or ActionsEnabled is false.", times(n)), "Set AlarmActions to the ARN of an SNS topic."}
}

// quiet says why an alarm never rang.
func quiet(a Alarm, points []Datapoint, t Timeline) Finding {
	rule := a.Rule()
	f := Finding{Rule: "never-rings", Suggestion: "Choose a threshold that data of a bad day reach, and try it on such data."}
	switch {
	case len(t.Rings()) > 0:
		return Finding{}
	case t.Initial == alarmeval.InAlarm:
		f.Consequence, f.Suggestion = "It is in ALARM from the start, and only a change of state notifies.", "Start with --initial-state OK to see it ring."
	case t.seen.windows == 0:
		f.Consequence, f.Suggestion = "No window had data.", "Compare namespace, metric name and dimensions with those of the metric filter, and the times with those of the data."
	case t.seen.breaching > 0:
		f.Consequence = fmt.Sprintf("Windows breached, but never %d of %d as it takes to ring.", required(rule), rule.EvaluationPeriods)
		f.Suggestion = "Set EvaluationPeriods and DatapointsToAlarm to 1, or set TreatMissingData to what missing data mean."
	case above(rule) && middles(a) && ones(points):
		f.Consequence = fmt.Sprintf("Each datapoint is 1 at most, so the %s is never above 1, however many there are.", a.statistic())
		f.Suggestion = "Use the statistic Sum."
	case neverBreaches(a).found():
		return neverBreaches(a)
	case above(rule):
		if counts(a) && middles(a) {
			f.Suggestion = "If the metric counts events, use the statistic Sum."
		}
		f.Consequence = fmt.Sprintf("The highest %s of %s was %s; the threshold is %s %s.", a.statistic(), span(rule.Period), number(t.seen.highest), sign[rule.ComparisonOperator], number(rule.Threshold))
	default:
		f.Consequence = fmt.Sprintf("The lowest %s of %s was %s; the threshold is %s %s.", a.statistic(), span(rule.Period), number(t.seen.lowest), sign[rule.ComparisonOperator], number(rule.Threshold))
	}
	return f
}

// ones is true if no datapoint is above 1.
func ones(points []Datapoint) bool {
	for _, d := range points {
		if d.Value > 1 {
			return false
		}
	}
	return true
}

// flapping counts rings that follow so soon on a return that the windows of the
// two share data.
func flapping(a Alarm, t Timeline) Finding {
	within, again := reach(a.Rule()), 0
	rings := t.Rings()
	for i := 1; i < len(rings); i++ {
		if rings[i].At.Sub(rings[i-1].Until) < within {
			again++
		}
	}
	if again == 0 {
		return Finding{}
	}
	return Finding{"flapping", fmt.Sprintf("It rings again %s within %s of having returned, as far as an evaluation looks back: one incident makes several notifications.", times(again), span(within)),
		"Windows slide by the minute and cut events anew each time. Lower the threshold, or take a period that is long compared with the gaps between the events."}
}

// swallowed counts breaching datapoints that came long after a ring that went on.
func swallowed(a Alarm, points []Datapoint, t Timeline) Finding {
	rule, n := a.Rule(), 0
	for _, ring := range t.Rings() {
		until := ring.Until
		if until.IsZero() {
			until = t.End
		}
		for _, d := range points {
			if rule.Breaches(d.Value) && d.Time.After(ring.At.Add(longRing)) && d.Time.Before(until) {
				n++
			}
		}
	}
	if n == 0 {
		return Finding{}
	}
	return Finding{"deaf-after-ringing", fmt.Sprintf("%d breaching datapoints came more than %s after it rang and made no notification: it was still in ALARM.", n, span(longRing)),
		"Use a shorter period, fewer EvaluationPeriods, or TreatMissingData notBreaching, so that it returns between events."}
}

func heldWithoutData(t Timeline) Finding {
	if t.seen.held == 0 {
		return Finding{}
	}
	return Finding{"held-without-data", fmt.Sprintf("%s it stayed in ALARM without any data, because TreatMissingData is ignore.", evaluations(t.seen.held)),
		"Set TreatMissingData to notBreaching if no data mean that nothing happened."}
}

func rangWithoutData(t Timeline) Finding {
	n := 0
	for _, c := range t.Changes {
		if c.To == alarmeval.InAlarm && c.evidence == 0 {
			n++
		}
	}
	if n == 0 {
		return Finding{}
	}
	return Finding{"rings-on-silence", fmt.Sprintf("It rings %s without a breaching datapoint, because TreatMissingData is breaching.", times(n)),
		"Set TreatMissingData to notBreaching if no data mean that nothing happened."}
}

// hidden finds silence that an alarm on low values takes for fine.
func hidden(a Alarm, t Timeline) Finding {
	if t.seen.blind == 0 || above(a.Rule()) {
		return Finding{}
	}
	return Finding{"hidden-silence", fmt.Sprintf("%s there were no data and it said OK, because TreatMissingData is notBreaching.", evaluations(t.seen.blind)),
		"Set TreatMissingData to breaching if a source that falls silent should ring."}
}

// tooFew finds breaching data that missing data kept from ringing.
func tooFew(a Alarm, t Timeline) Finding {
	if t.seen.withheld == 0 || required(a.Rule()) < 2 {
		return Finding{}
	}
	return Finding{"withheld", fmt.Sprintf("%s all data that there were breached, and it did not ring, because the other windows had no data.", evaluations(t.seen.withheld)),
		"Set DatapointsToAlarm lower, or TreatMissingData to breaching if no data are as bad."}
}

// coarse finds data that look like the answer to a question for five minutes or
// more: windows that slide by the minute cannot be cut from them.
func coarse(points []Datapoint) Finding {
	if len(points) < 3 {
		return Finding{}
	}
	for _, d := range points {
		if !d.Time.Truncate(5 * time.Minute).Equal(d.Time) {
			return Finding{}
		}
	}
	return Finding{"coarse-data", "All datapoints lie on full five minutes. If each stands for more than a minute, the windows, which slide by the minute, are not those of AWS.",
		"Fetch the data again with a period of 60 seconds."}
}

// evaluations is "At 3 evaluations".
func evaluations(n int) string {
	if n == 1 {
		return "At 1 evaluation"
	}
	return fmt.Sprintf("At %d evaluations", n)
}
