package rehearse

import (
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// MaxSpan bounds how long a time is simulated.
const MaxSpan = 100 * 24 * time.Hour

// Options say how an alarm is rehearsed.
type Options struct {
	// Start and End bound the evaluations, both included. Zero means from the
	// minute of the first datapoint, and until no window holds the last one.
	Start, End time.Time
	// Second is the second of the minute at which the alarm is evaluated. One with
	// a period below a minute is evaluated every ten seconds.
	Second int
	// Initial is the state at Start; empty is that of a new alarm, INSUFFICIENT_DATA.
	Initial alarmeval.State
	// AtOnce evaluates each datapoint as it comes, too, as Tocsin does and AWS
	// does not.
	AtOnce bool
}

// Change is a change of state.
type Change struct {
	At       time.Time
	From, To alarmeval.State
	Reason   string
	// AtOnce is true if a datapoint made it before the minute was over.
	AtOnce bool

	evidence int // datapoints that the decision rests on
}

// Ring is the time from a change to ALARM to the next change.
type Ring struct {
	At time.Time
	// Until is when the alarm returned, zero if it has not.
	Until time.Time
	To    alarmeval.State
}

// Timeline is what an alarm did.
type Timeline struct {
	Start, End     time.Time
	Initial, Final alarmeval.State
	Evaluations    int
	Changes        []Change

	seen sightings
}

// Rings are the times at which the alarm rang.
func (t Timeline) Rings() []Ring {
	var rings []Ring
	for _, c := range t.Changes {
		switch {
		case c.To == alarmeval.InAlarm:
			rings = append(rings, Ring{At: c.At})
		case c.From == alarmeval.InAlarm && len(rings) > 0:
			rings[len(rings)-1].Until, rings[len(rings)-1].To = c.At, c.To
		}
	}
	return rings
}

// Simulate runs the alarm over the data. It fails if the rule is not valid
// (*alarmeval.Error), if there is no or too much time to simulate, or with
// ErrPercentile.
func Simulate(a Alarm, points []Datapoint, o Options) (Timeline, error) {
	rule := a.Rule()
	if err := rule.Validate(); err != nil {
		return Timeline{}, err
	}
	data := newSeries(rule, points)
	if err := o.complete(data); err != nil {
		return Timeline{}, err
	}
	s := simulation{series: data, Timeline: Timeline{Start: o.Start, End: o.End, Initial: o.Initial, Final: o.Initial}}
	return s.run(o)
}

// complete fills in what was not given, from the data.
func (o *Options) complete(s series) error {
	if len(s.points) == 0 && (o.Start.IsZero() || o.End.IsZero()) {
		return fmt.Errorf("there are no datapoints: say from when to when to evaluate")
	}
	if o.Start.IsZero() {
		o.Start = s.points[0].Time.Truncate(time.Minute)
	}
	if o.End.IsZero() {
		o.End = s.points[len(s.points)-1].Time.Truncate(time.Minute).Add(reach(s.rule) + 2*time.Minute)
	}
	if o.Initial == "" {
		o.Initial = alarmeval.InsufficientData
	}
	switch span := o.End.Sub(o.Start); {
	case span < 0:
		return fmt.Errorf("the end %s is before the start %s", o.End.Format(time.RFC3339), o.Start.Format(time.RFC3339))
	case span > MaxSpan:
		return fmt.Errorf("%s to %s is longer than %d days: say from when to when to evaluate",
			o.Start.Format(time.RFC3339), o.End.Format(time.RFC3339), MaxSpan/(24*time.Hour))
	}
	return nil
}

// simulation is an alarm in the course of time.
type simulation struct {
	series
	Timeline
	acted time.Time // end of the newest windows that were acted on
}

// look is one evaluation.
type look struct {
	at     time.Time
	atOnce bool
}

func (s *simulation) run(o Options) (Timeline, error) {
	for _, l := range s.looks(o) {
		if err := s.evaluate(l); err != nil {
			return Timeline{}, err
		}
	}
	return s.Timeline, nil
}

// looks are the evaluations in order. What lands at an alarm's second lands
// before the evaluation.
func (s *simulation) looks(o Options) []look {
	var looks []look
	if o.AtOnce {
		for _, d := range s.points {
			if at := d.available(); !at.Before(o.Start) && !at.After(o.End) && s.rule.NextEnd(d.Time).Equal(s.rule.NextEnd(at)) {
				looks = append(looks, look{at: at, atOnce: true})
			}
		}
	}
	step := s.rule.NextEnd(o.Start).Sub(s.rule.LastEnd(o.Start))
	offset := time.Duration(o.Second) * time.Second % step
	for at := s.rule.LastEnd(o.Start).Add(offset); !at.After(o.End); at = at.Add(step) {
		if !at.Before(o.Start) {
			looks = append(looks, look{at: at})
		}
	}
	slices.SortStableFunc(looks, func(a, b look) int { return a.at.Compare(b.at) })
	return looks
}

// evaluate looks at the alarm once, as the server does: a decision about later
// windows is not taken back by one about earlier ones.
func (s *simulation) evaluate(l look) error {
	end := s.rule.LastEnd(l.at)
	if l.atOnce {
		end = s.rule.NextEnd(l.at)
	}
	if end.Before(s.acted) {
		return nil
	}
	points, err := s.windows(end, l.at)
	if err != nil {
		return err
	}
	s.Evaluations++
	var result alarmeval.Result
	acts := true
	if l.atOnce {
		result, acts = alarmeval.Early(s.rule, points, s.Final, l.at)
	} else {
		result = alarmeval.Evaluate(s.rule, points, s.Final, l.at)
		s.seen.note(s.rule, points, result)
	}
	if acts && !result.Kept {
		s.become(result, l)
	}
	return nil
}

func (s *simulation) become(r alarmeval.Result, l look) {
	if r.State == s.Final && !l.atOnce {
		return
	}
	s.acted = r.End
	if r.State == s.Final {
		return
	}
	s.Changes = append(s.Changes, Change{At: l.at, From: s.Final, To: r.State, Reason: r.Reason(), AtOnce: l.atOnce, evidence: len(r.Supporting)})
	s.Final = r.State
}
