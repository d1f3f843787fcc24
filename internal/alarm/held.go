package alarm

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// Held is a change of a composite alarm whose actions wait for its suppressor.
// It is stored with the alarm, so that the wait goes on over a restart.
type Held struct {
	alarmeval.Hold
	Old      Status
	Children []Child
}

func (s Suppressor) suppression() alarmeval.Suppression {
	return alarmeval.Suppression{Wait: s.WaitPeriod, Extension: s.ExtensionPeriod}
}

// hold lets the actions of a change of state wait if the alarm has a suppressor.
// It forgets what has waited before, unless that was due.
func (c *cascade) hold(change Change) Change {
	t := change.moved
	before, _ := c.alarm(t.Alarm.id())
	change.Alarm.Held = nil
	if id, ok := t.Alarm.suppressor(); ok {
		hold := t.Alarm.Suppressor.suppression().Changed(c.state(id), t.At())
		if !hold.Due(t.At()) {
			change.Alarm.Held = &Held{Hold: hold, Old: t.Old, Children: t.Children}
			change.Actions = nil
		}
	}
	if before.Held != nil && before.Held.Due(t.At()) {
		change.Actions = append(before.letGo(t.At()).Actions, change.Actions...)
	}
	return change
}

// suppress tells the alarms that an alarm suppresses that it has changed.
func (c *cascade) suppress(id name) {
	suppressor, _ := c.alarm(id)
	for _, e := range c.index.suppressedBy(id) {
		a, ok := c.alarm(e.id())
		if !ok || a.Held == nil {
			continue
		}
		c.add(a.suppress(suppressor.State, suppressor.Updated))
	}
}

// suppress is the change when the suppressor of an alarm whose actions wait is in
// a state from now on.
func (a Alarm) suppress(suppressor alarmeval.State, now time.Time) Change {
	if a.Held.Due(now) {
		return a.letGo(now)
	}
	held := *a.Held
	held.Hold = a.Suppressor.suppression().SuppressorChanged(held.Hold, suppressor, now)
	a.Held = &held
	if held.Due(now) {
		return a.letGo(now)
	}
	return Change{Alarm: a}
}

// letGo runs the actions that have waited.
func (a Alarm) letGo(now time.Time) Change {
	t := Transition{Old: a.Held.Old, Children: a.Held.Children, Released: now}
	a.Held = nil
	t.Alarm = a
	return Change{Alarm: a, Actions: t.owed()}
}

// reconsider is the change when an alarm has got a new definition, and maybe
// another suppressor.
func (s *Service) reconsider(a Alarm, now time.Time) Change {
	if a.Held == nil {
		return Change{Alarm: a}
	}
	id, ok := a.suppressor()
	if !ok {
		return a.letGo(now)
	}
	suppressor, _ := s.find(id.scope, id.name)
	return a.suppress(suppressor.State, now)
}

// Release runs the actions whose wait or extension period is over.
func (s *Service) Release(ctx context.Context, now time.Time) error {
	if len(s.index.waiting()) == 0 {
		return nil
	}
	now = clean(now)
	err := s.change(ctx, func() ([]Change, error) {
		var changes []Change
		for _, e := range s.index.waiting() {
			if e.alarm.Held.Due(now) {
				changes = append(changes, e.alarm.letGo(now))
			}
		}
		return changes, nil
	})
	if err != nil {
		return fmt.Errorf("release held actions: %w", err)
	}
	return nil
}

// release looks every second for actions to release.
func (s *Service) release(ctx context.Context) error {
	for {
		pause := time.Second
		if err := s.Release(ctx, time.Now()); err != nil {
			s.report(ctx, "release held actions", err)
			pause = retryAfter
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}
