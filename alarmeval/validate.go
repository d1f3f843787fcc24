package alarmeval

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Error says which parameter of an alarm is wrong. Message is AWS's where it is
// known.
type Error struct{ Parameter, Message string }

func (e *Error) Error() string { return e.Message }

var (
	statistics  = []string{"SampleCount", "Average", "Sum", "Minimum", "Maximum"}
	comparisons = []string{GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold}
	treatments  = []string{Breaching, NotBreaching, Ignore, Missing}
)

const day = 24 * time.Hour

// Validate checks the alarm against the rules of PutMetricAlarm that concern its
// evaluation. The error is an *Error.
func (a Alarm) Validate() error {
	for _, check := range []func(Alarm) *Error{
		statistic, period, periods, comparison, treatment, lowSampleOption, total,
	} {
		if err := check(a); err != nil {
			return err
		}
	}
	return nil
}

func statistic(a Alarm) *Error {
	switch {
	case a.Statistic != "" && a.ExtendedStatistic != "":
		return &Error{"Statistic", "The parameters Statistic and ExtendedStatistic are mutually exclusive and you have specified both."}
	case a.Statistic != "" && !slices.Contains(statistics, a.Statistic):
		return notOneOf("statistic", a.Statistic, statistics)
	case a.ExtendedStatistic != "" && !validExtended(a.ExtendedStatistic):
		return &Error{"ExtendedStatistic", fmt.Sprintf("The value %s for parameter ExtendedStatistic is not supported.", a.ExtendedStatistic)}
	}
	return nil
}

func period(a Alarm) *Error {
	switch {
	case a.Period == 10*time.Second || a.Period == 20*time.Second || a.Period == 30*time.Second:
	case a.Period < time.Minute || a.Period%time.Minute != 0:
		return &Error{"Period", "Period must be 10, 20, 30 or a multiple of 60"}
	}
	return nil
}

func periods(a Alarm) *Error {
	switch {
	case a.EvaluationPeriods < 1:
		return atLeastOne("evaluationPeriods", a.EvaluationPeriods)
	case a.DatapointsToAlarm < 0:
		return atLeastOne("datapointsToAlarm", a.DatapointsToAlarm)
	case a.DatapointsToAlarm > a.EvaluationPeriods:
		return &Error{"DatapointsToAlarm", "DatapointsToAlarm must be less than or equal to EvaluationPeriods"}
	}
	return nil
}

func comparison(a Alarm) *Error {
	switch {
	case !slices.Contains(comparisons, a.ComparisonOperator):
		return notOneOf("comparisonOperator", a.ComparisonOperator, comparisons)
	case math.IsNaN(a.Threshold) || math.IsInf(a.Threshold, 0):
		return &Error{"Threshold", fmt.Sprintf("The value %s for parameter Threshold is invalid.", FormatDouble(a.Threshold))}
	}
	return nil
}

func treatment(a Alarm) *Error {
	if a.TreatMissingData == "" || slices.Contains(treatments, a.TreatMissingData) {
		return nil
	}
	return &Error{"TreatMissingData", fmt.Sprintf("The value %s is not supported for TreatMissingData parameter. Supported values are [%s].",
		a.TreatMissingData, strings.Join(treatments, ", "))}
}

func lowSampleOption(a Alarm) *Error {
	switch a.EvaluateLowSampleCountPercentile {
	case "", "evaluate", "ignore":
		return nil
	}
	return &Error{"EvaluateLowSampleCountPercentile", fmt.Sprintf("Option %s is not supported. "+
		"Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.", a.EvaluateLowSampleCountPercentile)}
}

// total limits how far back an alarm looks. The product is taken in seconds so
// that no input overflows it.
func total(a Alarm) *Error {
	seconds := float64(a.Period/time.Second) * float64(a.EvaluationPeriods)
	switch {
	case a.Period < time.Hour && seconds > day.Seconds():
		return &Error{"EvaluationPeriods", "Metrics cannot be checked across more than a day " +
			"(EvaluationPeriods * Period must be <= 86400) for alarms using period < 3600"}
	case seconds > 7*day.Seconds():
		return &Error{"EvaluationPeriods", "Metrics cannot be checked across more than a week " +
			"(EvaluationPeriods * Period must be <= 604800) for alarms using period >= 3600"}
	}
	return nil
}

func notOneOf(member, value string, set []string) *Error {
	return &Error{strings.ToUpper(member[:1]) + member[1:], fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "+
		"Member must satisfy enum value set: [%s]", value, member, strings.Join(set, ", "))}
}

func atLeastOne(member string, value int) *Error {
	return &Error{strings.ToUpper(member[:1]) + member[1:], fmt.Sprintf("1 validation error detected: Value '%d' at '%s' failed to satisfy constraint: "+
		"Member must have value greater than or equal to 1", value, member)}
}

var (
	plain   = regexp.MustCompile(`^(?:p|tm|tc|ts|wm)(\d{1,3}(?:\.\d{1,10})?)$`)
	between = regexp.MustCompile(`^(?:PR|TM|TC|TS|WM)\((?:\d*(?:\.\d*)?%?):(?:\d*(?:\.\d*)?%?)\)$`)
)

// validExtended accepts p99.9, tm90 and their kin, IQM, and the range forms
// such as TM(10%:90%) and PR(:300).
func validExtended(text string) bool {
	if strings.EqualFold(text, "IQM") {
		return true
	}
	if match := plain.FindStringSubmatch(text); match != nil {
		return isDecimal(match[1]) && withinHundred(match[1])
	}
	return between.MatchString(text) && strings.ContainsAny(text, "0123456789")
}

func withinHundred(digits string) bool {
	whole, fraction, _ := strings.Cut(digits, ".")
	whole = strings.TrimLeft(whole, "0")
	return len(whole) < 3 || whole == "100" && strings.Trim(fraction, "0") == ""
}

// isDecimal is true for digits with at most one point, such as 99 and 99.9.
func isDecimal(digits string) bool {
	whole, fraction, _ := strings.Cut(digits, ".")
	return whole != "" && strings.Trim(whole+fraction, "0123456789") == ""
}
