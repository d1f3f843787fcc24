package alarm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
)

// PutComposite creates a composite alarm, or replaces the definition of the one of
// the same name, and evaluates it. The state of an alarm that was there stays
// unless the new rule says otherwise; tags are for a new alarm only. The error of
// a definition that is refused is an *alarmeval.Error.
func (s *Service) PutComposite(ctx context.Context, scope arn.Scope, d Definition, tags map[string]string, now time.Time) error {
	rule, err := newRule(scope, d.AlarmRule)
	if err != nil {
		return &alarmeval.Error{Parameter: "AlarmRule", Message: fmt.Sprintf("Error in AlarmRule [%s]", err)}
	}
	now = clean(now)
	err = s.change(ctx, func() ([]Change, error) {
		if err := s.checkReferences(scope, rule, d); err != nil {
			return nil, err
		}
		a, what, err := s.redefine(scope, d, tags, now)
		if err != nil {
			return nil, err
		}
		return []Change{s.compose(a, rule, what, now)}, nil
	})
	if err != nil {
		return fmt.Errorf("put composite alarm %s: %w", d.Name, err)
	}
	return nil
}

// checkReferences refuses a definition that names alarms which do not exist in
// its scope.
func (s *Service) checkReferences(scope arn.Scope, r *rule, d Definition) error {
	exists := func(id name) bool { return id.scope == scope && s.index.find(scope, id.name) != nil }
	missing := slices.DeleteFunc(r.Children(), func(child string) bool { return exists(r.children[child]) })
	if len(missing) > 0 {
		return &alarmeval.Error{Parameter: "AlarmRule", Message: fmt.Sprintf(
			"Could not save the composite alarm as alarms [%s] in the alarm rule do not exist", strings.Join(missing, ", "))}
	}
	if d.Suppressor.Alarm != "" && !exists(resolve(scope, d.Suppressor.Alarm)) {
		return &alarmeval.Error{Parameter: "ActionsSuppressor", Message: fmt.Sprintf(
			"Could not save the composite alarm as the actions suppressor [%s] does not exist", d.Suppressor.Alarm)}
	}
	return nil
}

// compose is the change by which a composite alarm gets its definition.
func (s *Service) compose(a Alarm, r *rule, what string, now time.Time) Change {
	configured := a.configured(now, what)
	change := s.evaluateComposite(a, r, what, now)
	if change.moved == nil {
		change = s.reconsider(change.Alarm, now)
	}
	change.History = append([]HistoryItem{configured}, change.History...)
	return change
}

// evaluateComposite decides an alarm by a rule that it has just got. One that
// would depend on itself is not evaluated, as on AWS.
func (s *Service) evaluateComposite(a Alarm, r *rule, what string, now time.Time) Change {
	var triggers []alarmeval.Trigger
	for _, id := range r.ordered() {
		if id == a.id() || s.index.dependsOn(id, a.id()) {
			s.log.Warn("composite alarm depends on itself and is not evaluated", "alarm", a.ARN(), "through", id.name)
			return Change{Alarm: a}
		}
		child, _ := s.find(id.scope, id.name)
		triggers = append(triggers, child.asTrigger())
	}
	state := r.Eval(func(child string) alarmeval.State {
		a, _ := s.find(r.children[child].scope, r.children[child].name)
		return a.State
	})
	if state == a.State {
		return Change{Alarm: a}
	}
	reason := alarmeval.UpdatedReason(a.ARN(), state)
	if what == "created" {
		reason = alarmeval.CreatedReason(a.ARN(), state)
	}
	return a.turn(state, reason, triggers, now)
}

// turn is the change of a composite alarm to another state.
func (a Alarm) turn(state alarmeval.State, reason string, triggers []alarmeval.Trigger, at time.Time) Change {
	t := Transition{Children: []Child{}}
	for _, trigger := range triggers {
		t.Children = append(t.Children, Child{ARN: trigger.ARN, State: trigger.State, Updated: trigger.At})
	}
	return a.transition(Status{State: state, Reason: reason, ReasonData: alarmeval.TriggerData(triggers), Updated: at}, t)
}

// asTrigger is the alarm as it shows in the reasons of its parents.
func (a Alarm) asTrigger() alarmeval.Trigger {
	return alarmeval.Trigger{ARN: a.ARN(), State: a.State, At: a.Transitioned}
}

// compositeConfiguration is a composite alarm as history shows it.
type compositeConfiguration struct {
	AlarmName               string          `json:"alarmName"`
	AlarmDescription        string          `json:"alarmDescription,omitempty"`
	AlarmARN                string          `json:"alarmArn"`
	Configured              stamp           `json:"alarmConfigurationUpdatedTimestamp"`
	AlarmRule               string          `json:"alarmRule"`
	Suppressor              string          `json:"actionsSuppressor,omitempty"`
	WaitPeriod              *int            `json:"actionsSuppressorWaitPeriod,omitempty"`
	ExtensionPeriod         *int            `json:"actionsSuppressorExtensionPeriod,omitempty"`
	StateValue              alarmeval.State `json:"stateValue"`
	StateUpdated            stamp           `json:"stateUpdatedTimestamp"`
	ActionsEnabled          bool            `json:"actionsEnabled"`
	AlarmActions            []string        `json:"alarmActions"`
	InsufficientDataActions []string        `json:"insufficientDataActions"`
	OKActions               []string        `json:"okactions"`
}

func (a Alarm) compositeConfigurationWithin(render func(any) string) string {
	c := compositeConfiguration{
		AlarmName: a.Name, AlarmDescription: a.Description, AlarmARN: a.ARN(), Configured: stamp(a.Configured), AlarmRule: a.AlarmRule,
		StateValue: a.State, StateUpdated: stamp(a.Updated), ActionsEnabled: a.ActionsEnabled, AlarmActions: list(a.AlarmActions),
		InsufficientDataActions: list(a.InsufficientDataActions), OKActions: list(a.OKActions),
	}
	if a.Suppressor.Alarm != "" {
		wait, extension := seconds(a.Suppressor.WaitPeriod), seconds(a.Suppressor.ExtensionPeriod)
		c.Suppressor, c.WaitPeriod, c.ExtensionPeriod = a.Suppressor.Alarm, &wait, &extension
	}
	return within(func() string { return render(c) },
		func() { c.AlarmDescription = "" },
		func() { c.AlarmRule = clip(c.AlarmRule, summaryLimit) },
		func() { c.AlarmActions, c.InsufficientDataActions, c.OKActions = []string{}, []string{}, []string{} })
}
