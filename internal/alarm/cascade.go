package alarm

import "github.com/tocsin-dev/tocsin/alarmeval"

// cascade is changes of one transaction, growing by what they do to composite
// alarms: those whose child or suppressor has changed. Changes that are given
// must be to different alarms, and not to one above another of them.
type cascade struct {
	index   *index
	changes []Change
	at      map[name]int // where an alarm's change is
}

// cascade is the given changes and those that follow from them, so that they are
// committed together and a crash parts no composite alarm from its children.
func (s *Service) cascade(changes []Change) []Change {
	c := &cascade{index: s.index, at: make(map[name]int, len(changes))}
	for _, change := range changes {
		c.add(change)
		if change.moved != nil {
			c.rise(change.Alarm.id())
		}
	}
	return c.changes
}

// add joins a change to those that the alarm has undergone before.
func (c *cascade) add(change Change) {
	if change.moved != nil {
		change = c.hold(change)
	}
	id := change.Alarm.id()
	i, ok := c.at[id]
	if !ok {
		c.at[id] = len(c.changes)
		c.changes = append(c.changes, change)
		return
	}
	change.History = append(c.changes[i].History, change.History...)
	change.Actions = append(c.changes[i].Actions, change.Actions...)
	c.changes[i] = change
}

// alarm is an alarm as it is after the changes so far.
func (c *cascade) alarm(id name) (Alarm, bool) {
	if i, ok := c.at[id]; ok {
		return c.changes[i].Alarm, true
	}
	if e := c.index.find(id.scope, id.name); e != nil {
		return *e.alarm, true
	}
	return Alarm{}, false
}

// state is an alarm's state, empty if there is no such alarm.
func (c *cascade) state(id name) alarmeval.State {
	a, _ := c.alarm(id)
	return a.State
}

// rise evaluates what is above an alarm that has changed. Each composite alarm
// has its turn once, behind those that it depends on, so that none shows a state
// that the next one takes back. Those that depend on themselves are not evaluated.
func (c *cascade) rise(id name) {
	c.suppress(id)
	moved := map[name]bool{id: true}
	for _, e := range c.index.above(id) {
		trigger, ok := c.trigger(e, moved)
		if !ok || c.index.dependsOn(e.id(), e.id()) {
			continue
		}
		a, _ := c.alarm(e.id())
		state := e.rule.Eval(func(child string) alarmeval.State { return c.state(e.rule.children[child]) })
		if state == a.State {
			continue
		}
		c.add(a.turn(state, trigger.Reason(), []alarmeval.Trigger{trigger}, trigger.At))
		moved[e.id()] = true
		c.suppress(e.id())
	}
}

// trigger is a child that has moved; the last one in the rule.
func (c *cascade) trigger(e entry, moved map[name]bool) (t alarmeval.Trigger, ok bool) {
	for _, id := range e.rule.ordered() {
		if moved[id] {
			child, _ := c.alarm(id)
			t, ok = child.asTrigger(), true
		}
	}
	return t, ok
}
