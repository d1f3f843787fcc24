package alarmeval

import (
	"slices"
	"time"
)

// Point is the alarm's statistic over one window that has data.
type Point struct {
	Start       time.Time // of the window
	Value       float64
	SampleCount float64
	// Minimum is the smallest sample of the window. Only Early looks at it, and
	// only for the Sum statistic.
	Minimum float64
}

// Result is the outcome of an evaluation.
type Result struct {
	State State
	// Kept says that the data did not decide and State is the previous state:
	// missing data were ignored, or a percentile had too few samples.
	Kept bool
	// End is the end of the newest window that was looked at.
	End time.Time
	// Used are the points that the decision rests on, oldest first.
	Used []Point
	// Supporting are those of Used that speak for State, oldest first: breaching
	// ones for ALARM, others for OK.
	Supporting []Point

	alarm     Alarm
	queryDate time.Time
	evaluated []slot // oldest first, at most N
}

// slot is a window of the range with its point, nil when there are no data.
type slot struct {
	start time.Time
	point *Point
}

// Evaluate decides the state of the alarm at now, from the windows that end
// with the last full minute. Points are in any order; those that do not start
// with a window of the range are passed over. The alarm must be valid (see
// [Alarm.Validate]); one without periods keeps its state.
func Evaluate(a Alarm, points []Point, previous State, now time.Time) Result {
	return evaluate(a, points, previous, a.LastEnd(now), now)
}

func evaluate(a Alarm, points []Point, previous State, end, now time.Time) Result {
	r := Result{State: previous, Kept: true, End: end, alarm: a, queryDate: now}
	if a.Period <= 0 || a.EvaluationPeriods <= 0 {
		return r
	}
	r.evaluated = newest(place(points, a.Windows(end)), a.EvaluationPeriods)
	r.Used = usedPoints(r.evaluated)
	if !a.lowSample(r.Used) {
		r.decide()
	}
	r.Supporting = slices.DeleteFunc(slices.Clone(r.Used), func(p Point) bool {
		return r.State == InsufficientData || a.Breaches(p.Value) != (r.State == InAlarm)
	})
	return r
}

// place puts each point into its window.
func place(points []Point, windows []Window) []slot {
	slots := make([]slot, len(windows))
	index := make(map[int64]int, len(windows))
	for i, w := range windows {
		slots[i].start = w.Start
		index[w.Start.UnixNano()] = i
	}
	for i := range points {
		if at, ok := index[points[i].Start.UnixNano()]; ok {
			slots[at].point = &points[i]
		}
	}
	return slots
}

// newest chooses the n slots that are evaluated: the newest with data, holes
// skipped, and where these are fewer than n, the newest holes besides.
func newest(slots []slot, n int) []slot {
	holes := max(0, n-len(usedPoints(slots)))
	chosen := make([]slot, 0, n)
	for i := len(slots) - 1; i >= 0 && len(chosen) < n; i-- {
		if slots[i].point == nil {
			if holes == 0 {
				continue
			}
			holes--
		}
		chosen = append(chosen, slots[i])
	}
	slices.Reverse(chosen)
	return chosen
}

func usedPoints(slots []slot) []Point {
	var points []Point
	for _, s := range slots {
		if s.point != nil {
			points = append(points, *s.point)
		}
	}
	return points
}

// decide sets State and Kept from Used.
func (r *Result) decide() {
	m, breaching, missing := r.alarm.required(), r.breaching(), r.missing()
	treat := r.alarm.missing()
	switch {
	case missing == 0 || treat == NotBreaching:
		r.set(breaching >= m)
	case treat == Breaching:
		r.set(breaching+missing >= m)
	case breaching >= m:
		r.set(true)
	case breaching < len(r.Used):
		r.set(false)
	case treat == Ignore: // no data, or too few and all of them breaching
	case len(r.Used) > 0 && r.age(r.Used[0]) >= m:
		r.set(true)
	default:
		r.State, r.Kept = InsufficientData, false
	}
}

func (r *Result) set(alarm bool) {
	r.State, r.Kept = OK, false
	if alarm {
		r.State = InAlarm
	}
}

func (r *Result) breaching() int {
	n := 0
	for _, p := range r.Used {
		if r.alarm.Breaches(p.Value) {
			n++
		}
	}
	return n
}

// missing is how many of the N evaluated windows have no data.
func (r *Result) missing() int { return r.alarm.EvaluationPeriods - len(r.Used) }

// age is a point's place counted from the newest window, which is 1.
func (r *Result) age(p Point) int { return int(r.End.Sub(p.Start) / r.alarm.Period) }
