package alarm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// ErrNotFound says that the scope has no alarm of the name.
var ErrNotFound = errors.New("no such alarm")

// ErrNotJSON says that reason data are not JSON.
var ErrNotJSON = errors.New("reason data are not JSON")

// Validate checks what PutMetricAlarm demands of an alarm on one metric. The
// error is an *alarmeval.Error.
func (d Definition) Validate() error {
	if err := d.Rule.Validate(); err != nil {
		return err
	}
	if _, err := d.statistic(); err != nil {
		return &alarmeval.Error{Parameter: "ExtendedStatistic", Message: fmt.Sprintf("The value %s for parameter ExtendedStatistic is not supported.", d.Rule.ExtendedStatistic)}
	}
	return nil
}

func (d Definition) statistic() (metric.Statistic, error) {
	return metric.ParseStatistic(d.Rule.Statistic + d.Rule.ExtendedStatistic)
}

// Put creates an alarm, or replaces the definition of the one of the same name.
// The state of an alarm that was there stays, and so do its tags: the given ones
// are for a new alarm only.
func (s *Service) Put(ctx context.Context, scope arn.Scope, d Definition, tags map[string]string, now time.Time) error {
	d.Rule.Namespace = d.Metric.Namespace
	if err := d.Validate(); err != nil {
		return err
	}
	now = clean(now)
	err := s.change(ctx, func() ([]Change, error) {
		a, what, err := s.redefine(scope, d, tags, now)
		if err != nil {
			return nil, err
		}
		return []Change{{Alarm: a, History: []HistoryItem{a.configured(now, what)}}}, nil
	})
	if err != nil {
		return fmt.Errorf("put alarm %s: %w", d.Name, err)
	}
	return nil
}

// redefine is an alarm with a new definition, and whether it was created or
// updated by that. Alarms of both kinds share their names.
func (s *Service) redefine(scope arn.Scope, d Definition, tags map[string]string, now time.Time) (a Alarm, what string, err error) {
	a, found := s.find(scope, d.Name)
	switch {
	case !found:
		what = "created"
		a = Alarm{Scope: scope, Definition: d, Status: initial(now), Tags: maps.Clone(tags)}
	case a.Type() != d.Type():
		return a, "", &alarmeval.Error{Parameter: "AlarmName", Message: fmt.Sprintf("Alarm %s already exists as a %s.", d.Name, a.Type())}
	default:
		what = "updated"
	}
	a.Definition, a.Configured = d, now
	return a, what, nil
}

// Delete removes alarms. Names that are unknown do not stop the others; history
// stays, and so do actions that are still owed. It fails with an *alarmeval.Error,
// and deletes none, if the names are those of two composite alarms, or if an alarm
// that stays depends on one of them.
func (s *Service) Delete(ctx context.Context, scope arn.Scope, names []string, now time.Time) error {
	err := s.change(ctx, func() ([]Change, error) {
		alarms := s.named(scope, names)
		if err := s.index.deletable(alarms); err != nil {
			return nil, err
		}
		var changes []Change
		for _, a := range alarms {
			changes = append(changes, Change{Alarm: a, Delete: true, History: []HistoryItem{a.configured(clean(now), "deleted")}})
		}
		return changes, nil
	})
	if err != nil {
		return fmt.Errorf("delete alarms: %w", err)
	}
	return nil
}

// named are the alarms of the names that exist, each once.
func (s *Service) named(scope arn.Scope, names []string) []Alarm {
	var alarms []Alarm
	seen := map[string]bool{}
	for _, name := range names {
		if a, ok := s.find(scope, name); ok && !seen[name] {
			seen[name] = true
			alarms = append(alarms, a)
		}
	}
	return alarms
}

// SetState sets an alarm's state until its next evaluation, which for a composite
// alarm is when a child changes or its definition is put again. reasonData may be
// empty. It fails with ErrNotFound or ErrNotJSON.
func (s *Service) SetState(ctx context.Context, scope arn.Scope, name string, state alarmeval.State, reason, reasonData string, now time.Time) error {
	if reasonData != "" && !json.Valid([]byte(reasonData)) {
		return ErrNotJSON
	}
	err := s.change(ctx, func() ([]Change, error) {
		a, ok := s.find(scope, name)
		if !ok {
			return nil, ErrNotFound
		}
		return []Change{a.become(Status{State: state, Reason: reason, ReasonData: reasonData, Updated: clean(now)}, nil)}, nil
	})
	if err != nil {
		return fmt.Errorf("set state of alarm %s: %w", name, err)
	}
	return nil
}

// EnableActions lets the alarms run their actions again, at their next change.
func (s *Service) EnableActions(ctx context.Context, scope arn.Scope, names []string, now time.Time) error {
	return s.setActionsEnabled(ctx, scope, names, true, now)
}

// DisableActions keeps the alarms from running actions. They are evaluated on.
func (s *Service) DisableActions(ctx context.Context, scope arn.Scope, names []string, now time.Time) error {
	return s.setActionsEnabled(ctx, scope, names, false, now)
}

func (s *Service) setActionsEnabled(ctx context.Context, scope arn.Scope, names []string, enabled bool, now time.Time) error {
	now = clean(now)
	err := s.change(ctx, func() ([]Change, error) {
		var changes []Change
		for _, a := range s.named(scope, names) {
			if a.ActionsEnabled == enabled {
				continue
			}
			a.ActionsEnabled, a.Configured = enabled, now
			changes = append(changes, Change{Alarm: a, History: []HistoryItem{a.configured(now, "updated")}})
		}
		return changes, nil
	})
	if err != nil {
		return fmt.Errorf("set actions enabled to %v: %w", enabled, err)
	}
	return nil
}

// Tags are the alarm's tags; ErrNotFound without the alarm.
func (s *Service) Tags(scope arn.Scope, name string) (map[string]string, error) {
	a, ok := s.find(scope, name)
	if !ok {
		return nil, ErrNotFound
	}
	return maps.Clone(a.Tags), nil
}

// Retag changes the alarm's tags as edit does; ErrNotFound without the alarm.
// An error of edit is returned and nothing changes.
func (s *Service) Retag(ctx context.Context, scope arn.Scope, name string, edit func(tags map[string]string) error) error {
	return s.change(ctx, func() ([]Change, error) {
		a, ok := s.find(scope, name)
		if !ok {
			return nil, ErrNotFound
		}
		tags := maps.Clone(a.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		if err := edit(tags); err != nil {
			return nil, err
		}
		a.Tags = tags
		return []Change{{Alarm: a}}, nil
	})
}
