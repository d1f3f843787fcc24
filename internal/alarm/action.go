package alarm

import (
	"github.com/google/uuid"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// actions are the ARNs that run when the alarm goes from old to its present
// state: the list of that state, once, and only when the value has changed.
func (a Alarm) actions(old alarmeval.State) []string {
	if !a.ActionsEnabled || a.State == old {
		return nil
	}
	switch a.State {
	case alarmeval.OK:
		return a.OKActions
	case alarmeval.InAlarm:
		return a.AlarmActions
	}
	return a.InsufficientDataActions
}

// become is the change of an alarm to a new status. The same value again, set by
// hand, is neither history nor a reason to act.
func (a Alarm) become(next Status, windows []alarmeval.Window) Change {
	return a.transition(next, Transition{Windows: windows})
}

// transition is the change of an alarm to a new status, for the reasons in t.
func (a Alarm) transition(next Status, t Transition) Change {
	t.Old = a.Status
	next.Transitioned = next.Updated
	if next.State == t.Old.State {
		next.Transitioned = t.Old.Transitioned
	}
	a.Status = next
	if next.State == t.Old.State {
		return Change{Alarm: a}
	}
	t.Alarm = a
	return Change{Alarm: a, History: []HistoryItem{t.item()}, Actions: t.owed(), moved: &t}
}

// owed are the actions that a transition has to run.
func (t Transition) owed() []Action {
	var actions []Action
	for _, target := range t.Alarm.actions(t.Old.State) {
		actions = append(actions, Action{ID: uuid.NewString(), Target: target, Transition: t})
	}
	return actions
}
