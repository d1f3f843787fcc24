package rehearse

import (
	"fmt"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// treatMissing finds treatments of missing data that hide silence or hold a
// state, where data are missing whenever nothing happens.
func treatMissing(a Alarm) Finding {
	const rule = "missing-data"
	rings := above(a.Rule())
	switch {
	case a.TreatMissingData == alarmeval.NotBreaching && !rings:
		return Finding{rule, "The alarm waits for low values and takes missing data for fine ones: a source that falls silent never rings.",
			"If silence is what it watches for, set TreatMissingData to breaching."}
	case a.TreatMissingData == alarmeval.Breaching && rings && counts(a):
		return Finding{rule, "A metric filter without a default value publishes nothing while nothing matches, and that counts as breaching: the alarm rings when nothing happens, and is in ALARM already when something does.",
			"Set TreatMissingData to notBreaching."}
	case a.TreatMissingData == alarmeval.Ignore && rings && counts(a):
		return Finding{rule, "Missing data leave the state as it is. A metric filter without a default value publishes nothing while nothing matches: once the alarm has rung it stays in ALARM, and no later event makes a notification.",
			"Set TreatMissingData to notBreaching."}
	}
	return Finding{}
}

// okNeverRuns finds OK actions of alarms that return to INSUFFICIENT_DATA.
func okNeverRuns(a Alarm) Finding {
	missing := a.TreatMissingData == "" && a.Namespace != "AWS/DynamoDB" || a.TreatMissingData == alarmeval.Missing
	if !missing || !above(a.Rule()) || !counts(a) || len(a.OKActions) == 0 {
		return Finding{}
	}
	return Finding{"ok-actions-never-run", "A metric filter without a default value publishes nothing while nothing matches, and without data the alarm goes from ALARM to INSUFFICIENT_DATA: OKActions do not run.",
		"Set TreatMissingData to notBreaching."}
}

// spreadOut finds alarms that one burst of events does not ring.
func spreadOut(a Alarm) Finding {
	rule := a.Rule()
	m := required(rule)
	if m < 2 || !counts(a) || !above(rule) {
		return Finding{}
	}
	effect := "a burst within one of them does not ring at once, if it rings at all."
	if a.TreatMissingData == alarmeval.NotBreaching || a.TreatMissingData == alarmeval.Ignore {
		effect = "a burst within one of them never rings, however large it is."
	}
	return Finding{"burst-does-not-ring", fmt.Sprintf("%d of %d windows of %s have to breach: %s", m, rule.EvaluationPeriods, span(rule.Period), effect),
		"For events that matter one by one set EvaluationPeriods to 1 and choose period and threshold for the burst."}
}

func anyOfMany(a Alarm) Finding {
	rule := a.Rule()
	if rule.DatapointsToAlarm != 1 || rule.EvaluationPeriods < 2 {
		return Finding{}
	}
	return Finding{"one-of-many", fmt.Sprintf("1 of %d windows rings, as 1 of 1 would, but it takes up to %s instead of %s to return, and until then later events make no notification.",
		rule.EvaluationPeriods, span(reach(rule)), span(reach(single(rule)))),
		"Set EvaluationPeriods to 1, unless the alarm should stay long."}
}

func single(rule alarmeval.Alarm) alarmeval.Alarm {
	rule.EvaluationPeriods, rule.DatapointsToAlarm = 1, 1
	return rule
}
