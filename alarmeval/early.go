package alarmeval

import "time"

// Early tells whether the alarm may ring at now, before the minute is over. Its
// windows end at the end of the unfinished minute, so that the newest one is
// incomplete. The answer is true only if the outcome is ALARM, the newest
// window breaches on its own, and no further data of the minute can take that
// back:
//
//   - Sum above a threshold, if the window has no negative sample (Point.Minimum);
//   - SampleCount or Maximum above a threshold;
//   - Minimum below a threshold.
//
// It is not what AWS does, which waits for the minute to end; the decision is
// the one that AWS comes to then.
func Early(a Alarm, points []Point, previous State, now time.Time) (Result, bool) {
	r := evaluate(a, points, previous, a.NextEnd(now), now)
	if r.State != InAlarm || r.Kept || len(r.Used) == 0 {
		return r, false
	}
	last := r.Used[len(r.Used)-1]
	return r, r.age(last) == 1 && a.Breaches(last.Value) && a.onlyGrows(last)
}

// onlyGrows is true if more data in the point's window cannot undo its breach.
func (a Alarm) onlyGrows(p Point) bool {
	switch a.ComparisonOperator {
	case GreaterThanThreshold, GreaterThanOrEqualToThreshold:
		return a.Statistic == "SampleCount" || a.Statistic == "Maximum" || a.Statistic == "Sum" && p.Minimum >= 0
	case LessThanThreshold, LessThanOrEqualToThreshold:
		return a.Statistic == "Minimum"
	}
	return false
}
