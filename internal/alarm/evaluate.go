package alarm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// together is how many alarms are read and committed at once.
const together = 500

// look is one evaluation that is to be made.
type look struct {
	entry
	// at is when the alarm is looked at: it fixes the windows.
	at time.Time
	// early looks at the unfinished minute, where only a ring counts.
	early bool
}

// end is where the newest window ends.
func (l look) end() time.Time {
	if l.early {
		return l.alarm.Rule.NextEnd(l.at)
	}
	return l.alarm.Rule.LastEnd(l.at)
}

func (l look) query() metric.Query {
	rule, end := l.alarm.Rule, l.end()
	back := time.Duration(alarmeval.Range(rule)) * rule.Period
	return metric.Query{Series: l.alarm.Series(), Unit: rule.Unit, Statistic: l.statistic, Start: end.Add(-back), End: end, Period: rule.Period}
}

// Landing is the news that data of a time were added to a metric.
type Landing struct {
	Series metric.Series
	Time   time.Time
}

// Landed evaluates the alarms that watch the given metrics, now that the data
// are committed: what lands in the unfinished minute and cannot be taken back by
// more of it rings at once, not at the alarm's second of the next minute. A
// minute that ended between the datapoint and this call counts as unfinished.
// Other data wait for the next evaluation, as on AWS.
func (s *Service) Landed(ctx context.Context, now time.Time, landings []Landing) error {
	var finished, unfinished []look
	for _, landing := range landings {
		for _, e := range s.index.watching(landing.Series) {
			switch end := e.alarm.Rule.NextEnd(landing.Time); {
			case end.Equal(e.alarm.Rule.LastEnd(now)):
				finished = append(finished, look{entry: e, at: landing.Time, early: true})
			case end.Equal(e.alarm.Rule.NextEnd(now)):
				unfinished = append(unfinished, look{entry: e, at: now, early: true})
			}
		}
	}
	for _, looks := range [][]look{finished, unfinished} {
		if err := s.evaluate(ctx, now, looks); err != nil {
			return fmt.Errorf("evaluate alarms on new data: %w", err)
		}
	}
	return nil
}

// evaluate looks at alarms, each once, and commits what changes.
func (s *Service) evaluate(ctx context.Context, now time.Time, looks []look) error {
	for chunk := range slices.Chunk(once(looks), together) {
		for len(chunk) > 0 {
			again, err := s.evaluateChunk(ctx, clean(now), chunk)
			if err != nil {
				return err
			}
			chunk = again
		}
	}
	return nil
}

// once drops all but one look at an alarm: they are for the same windows.
func once(looks []look) []look {
	seen := make(map[name]bool, len(looks))
	kept := looks[:0]
	for _, l := range looks {
		id := name{l.alarm.Scope, l.alarm.Name}
		if !seen[id] {
			seen[id] = true
			kept = append(kept, l)
		}
	}
	return kept
}

// evaluateChunk reads without holding anybody up, and decides and commits in
// its turn. Alarms that changed in between are returned, to be read again.
func (s *Service) evaluateChunk(ctx context.Context, now time.Time, looks []look) (again []look, err error) {
	queries := make([]metric.Query, len(looks))
	for i, l := range looks {
		queries[i] = l.query()
	}
	points, err := s.metrics.PointsOf(ctx, queries)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func() ([]Change, error) {
		var changes []Change
		again = nil
		for i, l := range looks {
			current := s.index.find(l.alarm.Scope, l.alarm.Name)
			switch {
			case current == nil: // deleted
			case current.alarm.Revision != l.alarm.Revision:
				again = append(again, look{entry: *current, at: l.at, early: l.early})
			default:
				changes = append(changes, l.decide(points[i], now)...)
			}
		}
		return changes, nil
	})
	return again, err
}

// decide is the change, if any, that an evaluation makes.
func (l look) decide(points []metric.Point, now time.Time) []Change {
	if l.tooLate(now) {
		return nil
	}
	a, result, acted := *l.alarm, alarmeval.Result{}, true
	if l.early {
		result, acted = alarmeval.Early(a.Rule, evalPoints(points), a.State, l.at)
	} else {
		result = alarmeval.Evaluate(a.Rule, evalPoints(points), a.State, l.at)
	}
	if !acted || result.Kept {
		return nil
	}
	if result.State == a.State {
		return l.mark(result.End)
	}
	a.Seen = result.End
	next := Status{State: result.State, Reason: result.Reason(), ReasonData: result.Data(), Updated: now}
	return []Change{a.become(next, breaching(result, a.Rule))}
}

// mark notes that an alarm that rings already would have rung within the minute.
func (l look) mark(end time.Time) []Change {
	if !l.early || !end.After(l.alarm.Seen) {
		return nil
	}
	a := *l.alarm
	a.Seen = end
	return []Change{{Alarm: a}}
}

// tooLate is true if later windows have been acted on. A mark that the clock has
// not come near yet was set before the clock was put back, and does not count.
func (l look) tooLate(now time.Time) bool {
	seen := l.alarm.Seen
	return l.end().Before(seen) && !seen.After(l.alarm.Rule.NextEnd(now).Add(clockJump))
}

func evalPoints(points []metric.Point) []alarmeval.Point {
	out := make([]alarmeval.Point, len(points))
	for i, p := range points {
		out[i] = alarmeval.Point{Start: p.Start, Value: p.Value, SampleCount: p.SampleCount, Minimum: p.Minimum}
	}
	return out
}
