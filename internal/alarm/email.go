package alarm

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// Widths of the label columns of a mail.
const (
	detailWidth = 28
	metricWidth = 37
)

// email is the mail that people get, line by line as AWS writes it. What users
// named cannot add lines to it.
func (t Transition) email() string {
	var b strings.Builder
	b.WriteString(t.opening())
	fmt.Fprintf(&b, "\n\nView this alarm in the AWS Management Console:\n%s\n\n", t.consoleLink())
	t.details(&b)
	if t.Alarm.AlarmRule != "" {
		t.triggeringChildren(&b)
	} else {
		t.threshold(&b)
		t.monitored(&b)
	}
	fmt.Fprintf(&b, "\n\nState Change Actions:\n%s\n%s\n%s\n",
		actionLine("OK", t.Alarm.OKActions), actionLine("ALARM", t.Alarm.AlarmActions), actionLine("INSUFFICIENT_DATA", t.Alarm.InsufficientDataActions))
	return b.String()
}

func (t Transition) opening() string {
	a, at := t.Alarm, longTime(t.At())
	start := fmt.Sprintf(`You are receiving this email because your Amazon CloudWatch Alarm "%s" in the %s region has`, plain(a.Name), RegionName(a.Scope.Region))
	if a.AlarmRule != "" {
		return fmt.Sprintf(`%s transitioned to %s state on %s, because "%s".`, start, a.State, at, plain(a.Reason))
	}
	return fmt.Sprintf(`%s entered the %s state, because "%s" at "%s".`, start, a.State, plain(a.Reason), at)
}

func (t Transition) consoleLink() string {
	region := t.Alarm.Scope.Region
	return fmt.Sprintf("https://%s.console.aws.amazon.com/cloudwatch/deeplink.js?region=%s#alarmsV2:alarm/%s",
		region, region, url.PathEscape(t.Alarm.Name))
}

func (t Transition) details(b *strings.Builder) {
	a := t.Alarm
	b.WriteString("Alarm Details:\n")
	row(b, detailWidth, "Name", a.Name)
	row(b, detailWidth, "Description", a.Description)
	row(b, detailWidth, "State Change", fmt.Sprintf("%s -> %s", t.Old.State, a.State))
	if a.AlarmRule != "" {
		row(b, detailWidth, "Alarm Rule", a.AlarmRule)
	}
	row(b, detailWidth, "Reason for State Change", a.Reason)
	row(b, detailWidth, "Timestamp", longTime(t.At()))
	row(b, detailWidth, "AWS Account", a.Scope.Account)
	row(b, detailWidth, "Alarm Arn", a.ARN())
}

func (t Transition) threshold(b *strings.Builder) {
	rule := t.Alarm.Rule
	m := rule.DatapointsToAlarm
	if m == 0 {
		m = rule.EvaluationPeriods
	}
	fmt.Fprintf(b, "\nThreshold:\n- The alarm is in the ALARM state when the metric is %s %s for at least %d of the last %d period(s) of %d seconds.\n",
		rule.ComparisonOperator, alarmeval.FormatDouble(rule.Threshold), m, rule.EvaluationPeriods, seconds(rule.Period))
}

func (t Transition) monitored(b *strings.Builder) {
	rule := t.Alarm.Rule
	var pairs []string
	for _, d := range t.Alarm.Metric.Dimensions {
		pairs = append(pairs, fmt.Sprintf("[%s = %s]", d.Name, d.Value))
	}
	b.WriteString("\nMonitored Metric:\n")
	row(b, metricWidth, "MetricNamespace", t.Alarm.Metric.Namespace)
	row(b, metricWidth, "MetricName", t.Alarm.Metric.Name)
	row(b, metricWidth, "Dimensions", strings.Join(pairs, " "))
	row(b, metricWidth, "Period", strconv.Itoa(seconds(rule.Period))+" seconds")
	row(b, metricWidth, "Statistic", rule.Statistic+rule.ExtendedStatistic)
	row(b, metricWidth, "Unit", or(rule.Unit, "not specified"))
	row(b, metricWidth, "TreatMissingData", or(rule.TreatMissingData, alarmeval.Missing))
}

// triggeringChildren stands in the mail of a composite alarm instead of
// threshold and metric.
func (t Transition) triggeringChildren(b *strings.Builder) {
	b.WriteString("\nTriggering children (max. 10):\n")
	for i, c := range t.Children {
		if i == 10 {
			break
		}
		fmt.Fprintf(b, "- %s is in the %s state since %s\n", plain(c.ARN), c.State, longTime(c.Updated))
	}
}

// row writes a label, padded to its column, and a value.
func row(b *strings.Builder, width int, label, value string) {
	fmt.Fprintf(b, "- %-*s%s\n", width, label+":", plain(value))
}

// actionLine lists the ARNs of a state; without any it ends with the colon.
func actionLine(state string, arns []string) string {
	var b strings.Builder
	b.WriteString("- " + state + ":")
	for _, name := range arns {
		b.WriteString(" [" + plain(name) + "]")
	}
	return b.String()
}

func longTime(t time.Time) string { return t.UTC().Format("Monday 02 January, 2006 15:04:05 UTC") }

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
