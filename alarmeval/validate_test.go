package alarmeval_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name      string
		change    func(*alarmeval.Alarm)
		parameter string // empty: valid
		message   string // part of it
	}{
		{"as it is", func(*alarmeval.Alarm) {}, "", ""},
		{"upper case statistic", func(a *alarmeval.Alarm) { a.Statistic = "SUM" }, "Statistic",
			"Value 'SUM' at 'statistic' failed to satisfy constraint: Member must satisfy enum value set"},
		{"both statistics", func(a *alarmeval.Alarm) { a.ExtendedStatistic = "p99" }, "Statistic", "mutually exclusive"},
		{"percentile", func(a *alarmeval.Alarm) { a.Statistic, a.ExtendedStatistic = "", "p99.95" }, "", ""},
		{"p100", func(a *alarmeval.Alarm) { a.Statistic, a.ExtendedStatistic = "", "p100" }, "", ""},
		{"p101", func(a *alarmeval.Alarm) { a.Statistic, a.ExtendedStatistic = "", "p101" }, "ExtendedStatistic", "p101"},
		{"trimmed mean", func(a *alarmeval.Alarm) { a.Statistic, a.ExtendedStatistic = "", "tm90" }, "", ""},
		{"trimmed range", func(a *alarmeval.Alarm) { a.Statistic, a.ExtendedStatistic = "", "TM(10%:90%)" }, "", ""},
		{"nonsense", func(a *alarmeval.Alarm) { a.Statistic, a.ExtendedStatistic = "", "Sum" }, "ExtendedStatistic", "Sum"},
		{"20 seconds", func(a *alarmeval.Alarm) { a.Period = 20 * time.Second }, "", ""},
		{"40 seconds", func(a *alarmeval.Alarm) { a.Period = 40 * time.Second }, "Period", "multiple of 60"},
		{"90 seconds", func(a *alarmeval.Alarm) { a.Period = 90 * time.Second }, "Period", "multiple of 60"},
		{"no period", func(a *alarmeval.Alarm) { a.Period = 0 }, "Period", "multiple of 60"},
		{"no periods", func(a *alarmeval.Alarm) { a.EvaluationPeriods = 0 }, "EvaluationPeriods", "greater than or equal to 1"},
		{"more to alarm than periods", func(a *alarmeval.Alarm) { a.DatapointsToAlarm = 2 }, "DatapointsToAlarm", "less than or equal"},
		{"a day", func(a *alarmeval.Alarm) { a.EvaluationPeriods = 288 }, "", ""},
		{"more than a day", func(a *alarmeval.Alarm) { a.EvaluationPeriods = 289 }, "EvaluationPeriods", "<= 86400"},
		{"a week", func(a *alarmeval.Alarm) { a.Period, a.EvaluationPeriods = time.Hour, 168 }, "", ""},
		{"more than a week", func(a *alarmeval.Alarm) { a.Period, a.EvaluationPeriods = time.Hour, 169 }, "EvaluationPeriods", "<= 604800"},
		{"no overflow", func(a *alarmeval.Alarm) { a.EvaluationPeriods = math.MaxInt }, "EvaluationPeriods", "<= 86400"},
		{"band operator", func(a *alarmeval.Alarm) { a.ComparisonOperator = "GreaterThanUpperThreshold" }, "ComparisonOperator", "enum value set"},
		{"threshold", func(a *alarmeval.Alarm) { a.Threshold = math.NaN() }, "Threshold", "NaN"},
		{"treatment", func(a *alarmeval.Alarm) { a.TreatMissingData = "bogus" }, "TreatMissingData",
			"The value bogus is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing]."},
		{"low samples", func(a *alarmeval.Alarm) { a.EvaluateLowSampleCountPercentile = "bogus" }, "EvaluateLowSampleCountPercentile",
			"Option bogus is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore."},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := above10(1, 0, "")
			c.change(&a)
			err := a.Validate()
			var wrong *alarmeval.Error
			if c.parameter == "" {
				if err != nil {
					t.Errorf("Validate = %v, want nil", err)
				}
				return
			}
			if !errors.As(err, &wrong) || wrong.Parameter != c.parameter || !strings.Contains(wrong.Message, c.message) {
				t.Errorf("Validate = %v, want %s: %s", err, c.parameter, c.message)
			}
		})
	}
}
