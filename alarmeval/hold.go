package alarmeval

import "time"

// HeldBy is what keeps the actions of a composite alarm waiting.
type HeldBy string

// The values of ActionsSuppressedBy.
const (
	HeldByWaitPeriod      HeldBy = "WaitPeriod"
	HeldByExtensionPeriod HeldBy = "ExtensionPeriod"
	HeldByAlarm           HeldBy = "Alarm"
)

// Hold is the state of a composite alarm's actions with respect to its
// suppressor. The zero Hold is that nothing waits.
type Hold struct {
	By    HeldBy    `json:",omitempty"`
	Until time.Time `json:",omitzero"` // the end of a period; zero while held by the suppressor itself
}

// Due is true when a period is over: the actions of the present state run.
func (h Hold) Due(now time.Time) bool {
	return h.By != "" && h.By != HeldByAlarm && !now.Before(h.Until)
}

// Suppression is how a suppressor holds the actions of a composite alarm back.
// Its methods decide, from what happens at now, what the actions wait for from
// then on. Whoever calls them sees to holds that are due first.
type Suppression struct {
	Wait      time.Duration // for the suppressor to enter ALARM
	Extension time.Duration // after it has left
}

// Changed is the hold when the composite alarm changes its state. It forgets
// what was waiting: a suppressor in ALARM holds the actions, another has the wait
// period to enter it.
func (s Suppression) Changed(suppressor State, now time.Time) Hold {
	if suppressor == InAlarm {
		return Hold{By: HeldByAlarm}
	}
	return Hold{HeldByWaitPeriod, now.Add(s.Wait)}
}

// SuppressorChanged is the hold after h when the suppressor changes its state.
// Entering ALARM holds whatever waits; leaving it starts the extension period.
func (s Suppression) SuppressorChanged(h Hold, suppressor State, now time.Time) Hold {
	switch {
	case h.By == "":
		return h
	case suppressor == InAlarm:
		return Hold{By: HeldByAlarm}
	case h.By == HeldByAlarm:
		return Hold{HeldByExtensionPeriod, now.Add(s.Extension)}
	}
	return h
}
