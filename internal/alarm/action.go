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
	old := a.Status
	next.Transitioned = next.Updated
	if next.State == old.State {
		next.Transitioned = old.Transitioned
	}
	a.Status = next
	change := Change{Alarm: a}
	if next.State == old.State {
		return change
	}
	t := Transition{Alarm: a, Old: old, Windows: windows}
	change.History = []HistoryItem{t.item()}
	for _, target := range a.actions(old.State) {
		change.Actions = append(change.Actions, Action{ID: uuid.NewString(), Target: target, Transition: t})
	}
	return change
}
