package alarm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
)

// rule is a composite alarm's rule with the alarms that it names.
type rule struct {
	*alarmeval.Rule
	children map[string]name // by how the rule names them
}

func newRule(scope arn.Scope, text string) (*rule, error) {
	parsed, err := alarmeval.ParseRule(text)
	if err != nil {
		return nil, err
	}
	r := &rule{parsed, map[string]name{}}
	for _, child := range parsed.Children() {
		r.children[child] = resolve(scope, child)
	}
	return r, nil
}

// ordered are the children in the order of the text, each once.
func (r *rule) ordered() []name {
	var ids []name
	for _, child := range r.Children() {
		if id := r.children[child]; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// resolve is the alarm that a rule or a suppressor of a scope names by name or
// ARN.
func resolve(scope arn.Scope, reference string) name {
	parsed, err := arn.Parse(reference)
	if alarm, ok := strings.CutPrefix(parsed.Resource, "alarm:"); ok && err == nil && parsed.Service == "cloudwatch" {
		return name{parsed.Scope(), alarm}
	}
	return name{scope, reference}
}

// graph is which alarms depend on which.
type graph struct {
	parents    map[name]map[*entry]struct{} // composite alarms by child
	suppressed map[name]map[*entry]struct{} // composite alarms by suppressor
	held       map[*entry]struct{}          // composite alarms whose actions wait
}

func newGraph() graph {
	return graph{parents: map[name]map[*entry]struct{}{}, suppressed: map[name]map[*entry]struct{}{}, held: map[*entry]struct{}{}}
}

func (g graph) link(e *entry) {
	for _, child := range e.rule.children {
		link(g.parents, child, e)
	}
	if id, ok := e.alarm.suppressor(); ok {
		link(g.suppressed, id, e)
	}
	if e.alarm.Held != nil {
		g.held[e] = struct{}{}
	}
}

func (g graph) unlink(e *entry) {
	for _, child := range e.rule.children {
		unlink(g.parents, child, e)
	}
	if id, ok := e.alarm.suppressor(); ok {
		unlink(g.suppressed, id, e)
	}
	delete(g.held, e)
}

// suppressor is the alarm's suppressor, if it has one.
func (a Alarm) suppressor() (id name, ok bool) {
	return resolve(a.Scope, a.Suppressor.Alarm), a.Suppressor.Alarm != ""
}

// sorted are copies of entries in order of name.
func sorted(set map[*entry]struct{}) []entry {
	entries := make([]entry, 0, len(set))
	for e := range set {
		entries = append(entries, *e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.alarm.Name, b.alarm.Name) })
	return entries
}

// parentsOf are the composite alarms whose rules name an alarm.
func (x *index) parentsOf(id name) []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return sorted(x.parents[id])
}

// suppressedBy are the composite alarms whose suppressor an alarm is.
func (x *index) suppressedBy(id name) []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return sorted(x.suppressed[id])
}

// waiting are the composite alarms whose actions are held.
func (x *index) waiting() []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return sorted(x.held)
}

// above are the alarms that depend on an alarm, each behind those that it
// depends on itself. An alarm in a cycle is above itself.
func (x *index) above(id name) []entry {
	seen := map[name]bool{}
	var order []entry
	var visit func(name)
	visit = func(id name) {
		for _, parent := range x.parentsOf(id) {
			if parentID := parent.id(); !seen[parentID] {
				seen[parentID] = true
				visit(parentID)
				order = append(order, parent)
			}
		}
	}
	visit(id)
	slices.Reverse(order)
	return order
}

// dependsOn is true if an alarm is among those above another.
func (x *index) dependsOn(id, other name) bool {
	return slices.ContainsFunc(x.above(other), func(e entry) bool { return e.id() == id })
}

func (e entry) id() name { return e.alarm.id() }

func (a Alarm) id() name { return name{a.Scope, a.Name} }

// relatives are the names of an alarm's children or of its parents.
func (x *index) relatives(scope arn.Scope, childrenOf, parentsOf string) []string {
	names := map[string]bool{}
	if e := x.find(scope, childrenOf); e != nil && e.rule != nil {
		for _, child := range e.rule.children {
			names[child.name] = true
		}
	}
	if parentsOf != "" {
		for _, parent := range x.parentsOf(name{scope, parentsOf}) {
			names[parent.alarm.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// deletable is AWS's refusal of deletions that others depend on. An alarm in a
// cycle depends on itself.
func (x *index) deletable(alarms []Alarm) error {
	going, composites := map[name]bool{}, 0
	for _, a := range alarms {
		going[a.id()] = true
		if a.AlarmRule != "" {
			composites++
		}
	}
	if composites > 1 {
		return &alarmeval.Error{Parameter: "AlarmNames", Message: "Only one composite alarm can be deleted at a time."}
	}
	var needed []string
	for _, a := range alarms {
		stays := func(e entry) bool { return !going[e.id()] }
		if slices.ContainsFunc(x.parentsOf(a.id()), stays) || slices.ContainsFunc(x.suppressedBy(a.id()), stays) || x.dependsOn(a.id(), a.id()) {
			needed = append(needed, a.Name)
		}
	}
	if len(needed) == 0 {
		return nil
	}
	them := "it"
	if len(needed) > 1 {
		them = "them"
	}
	return &alarmeval.Error{Parameter: "AlarmNames", Message: fmt.Sprintf("Cannot delete %s as there are composite alarm(s) depending on %s.", strings.Join(needed, ","), them)}
}
