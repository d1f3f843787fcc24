package alarmeval

import "time"

// Window is one period of an evaluation: [Start, End).
type Window struct{ Start, End time.Time }

// highResolution is true for periods below a minute, which are evaluated every
// ten seconds.
func (a Alarm) highResolution() bool { return a.Period < time.Minute }

// step is the time between two evaluations of the alarm.
func (a Alarm) step() time.Duration {
	if a.highResolution() {
		return 10 * time.Second
	}
	return time.Minute
}

// Range is how many windows an evaluation looks at. AWS documents one example
// only (5 for 3 periods of 300 seconds); the rule was measured at 60, 300 and
// 900 seconds and is inferred between them and below a minute.
func Range(a Alarm) int {
	if a.highResolution() {
		return a.EvaluationPeriods + 5
	}
	fiveMinutes := int((5*time.Minute + a.Period - 1) / a.Period)
	return a.EvaluationPeriods + max(2, fiveMinutes)
}

// LastEnd is where the newest window of an evaluation at now ends: the last
// full minute, or ten seconds for periods below a minute.
func (a Alarm) LastEnd(now time.Time) time.Time {
	return now.UTC().Truncate(a.step())
}

// NextEnd is where the newest window of [Early] ends: the end of the minute
// (or ten seconds) that now lies in.
func (a Alarm) NextEnd(now time.Time) time.Time {
	return a.LastEnd(now).Add(a.step())
}

// Windows are the windows of the range whose newest ends at end, oldest first.
func (a Alarm) Windows(end time.Time) []Window {
	windows := make([]Window, max(0, Range(a)))
	for i := len(windows) - 1; i >= 0; i-- {
		start := end.Add(-a.Period)
		windows[i] = Window{Start: start, End: end}
		end = start
	}
	return windows
}
