package alarmeval

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TimeFormat is how CloudWatch writes times in JSON: milliseconds, zone +0000.
const TimeFormat = "2006-01-02T15:04:05.000-0700"

// dataLimit is the longest StateReasonData that the API carries.
const dataLimit = 4000

// Data is the alarm's StateReasonData, a JSON object. It is empty when the
// previous state was kept. If the windows are too many for the 4000 characters
// that AWS allows, the oldest are left out.
func (r Result) Data() string {
	if r.Kept {
		return ""
	}
	for limit := len(r.evaluated); ; {
		text := r.data(limit)
		if len(text) <= dataLimit || limit == 0 {
			return text
		}
		limit = min(limit-1, limit*dataLimit/len(text))
	}
}

// data renders the newest limit of the evaluated windows.
func (r Result) data(limit int) string {
	evaluated := r.evaluated[len(r.evaluated)-limit:]
	object := []string{member("version", quote("1.0")), member("queryDate", stamp(r.queryDate))}
	if len(r.Used) > 0 {
		object = append(object, member("startDate", stamp(r.Used[0].Start)))
	}
	if r.alarm.Unit != "" {
		object = append(object, member("unit", quote(r.alarm.Unit)))
	}
	if statistic := r.alarm.Statistic + r.alarm.ExtendedStatistic; statistic != "" {
		object = append(object, member("statistic", quote(statistic)))
	}
	object = append(object,
		member("period", strconv.Itoa(int(r.alarm.Period/time.Second))),
		member("recentDatapoints", recent(evaluated)),
		member("threshold", FormatDouble(r.alarm.Threshold)),
		member("evaluatedDatapoints", r.windows(evaluated)))
	return "{" + strings.Join(object, ",") + "}"
}

// recent is the list of values, oldest first.
func recent(evaluated []slot) string {
	var values []string
	for _, p := range usedPoints(evaluated) {
		values = append(values, FormatDouble(p.Value))
	}
	return "[" + strings.Join(values, ",") + "]"
}

// windows is the list of evaluated windows, newest first. A window without data
// has only its time; an expression has no sample count.
func (r Result) windows(evaluated []slot) string {
	var items []string
	for _, s := range slices.Backward(evaluated) {
		item := []string{member("timestamp", stamp(s.start))}
		if s.point != nil && r.alarm.Statistic+r.alarm.ExtendedStatistic != "" {
			item = append(item, member("sampleCount", FormatDouble(s.point.SampleCount)))
		}
		if s.point != nil {
			item = append(item, member("value", FormatDouble(s.point.Value)))
		}
		items = append(items, "{"+strings.Join(item, ",")+"}")
	}
	return "[" + strings.Join(items, ",") + "]"
}

func member(name, value string) string { return `"` + name + `":` + value }

func stamp(t time.Time) string { return quote(t.UTC().Format(TimeFormat)) }

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil { // a string always marshals
		return `""`
	}
	return string(quoted)
}
