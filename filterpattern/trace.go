package filterpattern

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Trace is a verdict on an event with its reasons: a tree with a node for
// every condition of the pattern.
type Trace struct {
	Text     string  `json:"text"` // the pattern, condition or term in canonical form
	Matched  bool    `json:"matched"`
	Reason   string  `json:"reason"` // what was found, in plain words
	Children []Trace `json:"children,omitempty"`
}

// Trace judges an event as MatchEvent does, and says why. It evaluates every
// condition, also those that could not change the verdict. Pieces of the
// message that it quotes are shortened, and escaped as Go strings.
func (p *Pattern) Trace(e *Event) Trace {
	t := Trace{Text: p.String(), Matched: p.MatchEvent(e)}
	switch root := p.Root().(type) {
	case *Everything:
		t.Reason = "the empty pattern matches every message"
	case *TermList:
		t.Reason, t.Children = root.trace(e)
	case *Regexp:
		t.Reason = found(root.program.Match(e.message), "the expression matches a part of the message", "the expression matches no part of the message")
	case *Object:
		t.Reason, t.Children = root.trace(e)
	case *FieldList:
		t.Reason, t.Children = root.trace(e)
	}
	return t
}

// String renders the tree, a line for each node.
func (t Trace) String() string {
	var b strings.Builder
	t.write(&b, 0)
	return b.String()
}

func (t Trace) write(b *strings.Builder, depth int) {
	fmt.Fprintf(b, "%s%s %s: %s\n", strings.Repeat("  ", depth), found(t.Matched, "✓", "✗"), t.Text, t.Reason)
	for _, child := range t.Children {
		child.write(b, depth+1)
	}
}

func found(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}

func (l *TermList) trace(e *Event) (string, []Trace) {
	var children []Trace
	for _, t := range l.Terms {
		child := Trace{Text: t.String(), Matched: t.holds(e.message)}
		child.Reason = found(child.Matched == (t.Mode != Exclude), "the message contains it", "the message does not contain it")
		if l.ignored(t) {
			child.Reason += "; ignored beside terms that are not optional"
		}
		children = append(children, child)
	}
	if l.onlyOptional() {
		return "one optional term is enough", children
	}
	return "all terms must hold", children
}

func (o *Object) trace(e *Event) (string, []Trace) {
	if d := e.document(); d != nil {
		return "the message is one JSON object", []Trace{d.trace(o.Condition)}
	}
	if json.Valid(e.message) {
		return "the message is JSON but not an object", nil
	}
	return "the message is not JSON, or not JSON alone", nil
}

func (d *document) trace(c Condition) Trace {
	t := Trace{Text: c.String(), Matched: d.holds(c)}
	switch c := c.(type) {
	case *And:
		t.Reason, t.Children = junction("all", c.Operands, d.trace)
	case *Or:
		t.Reason, t.Children = junction("one", c.Operands, d.trace)
	case *Comparison:
		t.Reason = d.comparisonReason(c)
	case *Is:
		t.Reason = d.finding(c.Selector)
	case *NotExists:
		t.Reason = d.finding(c.Selector)
	}
	return t
}

// junction traces the operands of an *And or *Or.
func junction(needed string, operands []Condition, trace func(Condition) Trace) (string, []Trace) {
	var children []Trace
	matched := 0
	for _, c := range operands {
		child := trace(c)
		if child.Matched {
			matched++
		}
		children = append(children, child)
	}
	return fmt.Sprintf("%d of %d are true, %s must be", matched, len(operands), needed), children
}

func (l *FieldList) trace(e *Event) (string, []Trace) {
	if have, need := len(e.tokens()), l.needs(); have < need {
		return fmt.Sprintf("the message has too few fields: %d, the pattern needs %d", have, need), nil
	}
	var children []Trace
	for i, f := range l.Fields {
		if f.Condition != nil {
			children = append(children, fieldTrace(f.Condition, l.text(e, l.place(e, i))))
		}
	}
	return fmt.Sprintf("the message has %d fields, the pattern needs %d", len(e.tokens()), l.needs()), children
}

func fieldTrace(c Condition, text []byte) Trace {
	t := Trace{Text: c.String(), Matched: fieldHolds(c, text)}
	trace := func(c Condition) Trace { return fieldTrace(c, text) }
	switch c := c.(type) {
	case *And:
		t.Reason, t.Children = junction("all", c.Operands, trace)
	case *Or:
		t.Reason, t.Children = junction("one", c.Operands, trace)
	case *FieldComparison:
		t.Reason = c.reason(text)
	}
	return t
}
