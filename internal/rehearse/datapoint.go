package rehearse

import (
	"errors"
	"slices"
	"sort"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// Datapoint is what a metric got at a time. Value is the alarm's statistic of
// its samples: their sum, their average, and so on.
type Datapoint struct {
	Time        time.Time
	Value       float64
	SampleCount float64
	// Available is when it became known; zero means at Time.
	Available time.Time
}

func (d Datapoint) available() time.Time {
	if d.Available.IsZero() {
		return d.Time
	}
	return d.Available
}

// ErrPercentile says that a window holds several datapoints, of which no
// percentile can be made.
var ErrPercentile = errors.New("an extended statistic cannot be made of several datapoints in a window: give one datapoint for each period")

// series are the datapoints of a metric, oldest first.
type series struct {
	points  []Datapoint
	rule    alarmeval.Alarm
	grain   time.Duration // what times are cut to
	delayed bool          // not every datapoint is known from its time on
}

func newSeries(rule alarmeval.Alarm, points []Datapoint) series {
	s := series{points: slices.Clone(points), rule: rule, grain: time.Minute}
	if rule.Period < time.Minute {
		s.grain = time.Second
	}
	slices.SortStableFunc(s.points, func(a, b Datapoint) int { return a.Time.Compare(b.Time) })
	s.delayed = slices.ContainsFunc(points, func(d Datapoint) bool { return d.available().After(d.Time) })
	return s
}

// windows are the points of an evaluation whose newest window ends at end, made
// of what is known at now.
func (s series) windows(end, now time.Time) ([]alarmeval.Point, error) {
	var points []alarmeval.Point
	for _, w := range s.rule.Windows(end) {
		inside := s.between(w, now)
		switch {
		case len(inside) == 0:
			continue
		case len(inside) > 1 && s.rule.ExtendedStatistic != "":
			return nil, ErrPercentile
		}
		points = append(points, combine(s.rule.Statistic, w.Start, inside))
	}
	return points, nil
}

// between are the datapoints of a window. CloudWatch keeps a sample under its
// minute, and so a window holds whole minutes.
func (s series) between(w alarmeval.Window, now time.Time) []Datapoint {
	from := sort.Search(len(s.points), func(i int) bool { return !s.points[i].Time.Truncate(s.grain).Before(w.Start) })
	to := sort.Search(len(s.points), func(i int) bool { return !s.points[i].Time.Truncate(s.grain).Before(w.End) })
	inside := s.points[from:to]
	if !s.delayed && !w.End.After(now) {
		return inside
	}
	var known []Datapoint
	for _, d := range inside {
		if !d.available().After(now) {
			known = append(known, d)
		}
	}
	return known
}

// combine is the statistic of a window. inside is not empty.
func combine(statistic string, start time.Time, inside []Datapoint) alarmeval.Point {
	p := alarmeval.Point{Start: start, Minimum: inside[0].Value}
	sum, weighted, highest := 0.0, 0.0, inside[0].Value
	for _, d := range inside {
		p.SampleCount += d.SampleCount
		sum += d.Value
		weighted += d.Value * d.SampleCount
		p.Minimum = min(p.Minimum, d.Value)
		highest = max(highest, d.Value)
	}
	switch statistic {
	case "Sum":
		p.Value = sum
	case "Average":
		p.Value = weighted / p.SampleCount
	case "Minimum":
		p.Value = p.Minimum
	case "SampleCount":
		p.Value = p.SampleCount
	default: // Maximum, or the one extended statistic
		p.Value = highest
	}
	return p
}
