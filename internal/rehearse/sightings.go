package rehearse

import "github.com/tocsin-dev/tocsin/alarmeval"

// sightings are what the scheduled evaluations came across besides states.
type sightings struct {
	windows         int // that had data
	breaching       int
	lowest, highest float64
	held            int // evaluations without data that left the alarm in ALARM
	blind           int // evaluations without data that said OK
	withheld        int // evaluations that had breaching data only, and too few
}

func (s *sightings) note(rule alarmeval.Alarm, points []alarmeval.Point, r alarmeval.Result) {
	for _, p := range points {
		if s.windows == 0 {
			s.lowest, s.highest = p.Value, p.Value
		}
		s.windows++
		s.lowest, s.highest = min(s.lowest, p.Value), max(s.highest, p.Value)
		if rule.Breaches(p.Value) {
			s.breaching++
		}
	}
	switch empty := len(r.Used) == 0; {
	case empty && r.Kept && r.State == alarmeval.InAlarm:
		s.held++
	case empty && !r.Kept && r.State == alarmeval.OK:
		s.blind++
	case !empty && r.State != alarmeval.InAlarm && (r.Kept || r.State == alarmeval.InsufficientData):
		s.withheld++
	}
}
