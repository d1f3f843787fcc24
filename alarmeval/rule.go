package alarmeval

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is the rule of a composite alarm: a condition on the states of other
// alarms, its children. It is immutable and safe for concurrent use.
type Rule struct {
	root     condition
	children []string
}

// Children are the alarms that the rule names, as it names them: by name or
// ARN, each once, in the order of the text.
func (r *Rule) Children() []string { return slices.Clone(r.children) }

// Eval decides the composite alarm: ALARM if the rule is true of the states that
// state tells of its children, else OK.
func (r *Rule) Eval(state func(child string) State) State {
	if r.root.holds(state) {
		return InAlarm
	}
	return OK
}

// String is the rule in one way of writing it: parentheses only where they
// matter, quotes only where a name needs them. It parses to an equal rule.
func (r *Rule) String() string { return r.root.text(loose) }

// condition is a node of a rule.
type condition interface {
	holds(state func(string) State) bool
	// text writes the node for a place that binds so tightly.
	text(binding) string
}

// binding is how tightly an operator holds its operands.
type binding int

const (
	loose  binding = iota // OR
	middle                // AND
	tight                 // NOT
)

type (
	constant bool
	// in is ALARM(x), OK(x) or INSUFFICIENT_DATA(x).
	in struct {
		state State
		child string
	}
	not struct{ operand condition }
	and struct{ operands []condition }
	or  struct{ operands []condition }
	// atLeast is AT_LEAST(M, STATE, (x, y)).
	atLeast struct {
		many     int
		percent  bool
		not      bool
		state    State
		children []string
	}
)

func (c constant) holds(func(string) State) bool { return bool(c) }

func (c constant) text(binding) string {
	if c {
		return "TRUE"
	}
	return "FALSE"
}

func (c in) holds(state func(string) State) bool { return state(c.child) == c.state }

func (c in) text(binding) string { return fmt.Sprintf("%s(%s)", c.state, quoteName(c.child)) }

func (c not) holds(state func(string) State) bool { return !c.operand.holds(state) }

func (c not) text(binding) string { return "NOT " + c.operand.text(tight) }

func (c and) holds(state func(string) State) bool {
	return !slices.ContainsFunc(c.operands, func(o condition) bool { return !o.holds(state) })
}

func (c and) text(outer binding) string { return joined(c.operands, " AND ", middle, outer) }

func (c or) holds(state func(string) State) bool {
	return slices.ContainsFunc(c.operands, func(o condition) bool { return o.holds(state) })
}

func (c or) text(outer binding) string { return joined(c.operands, " OR ", loose, outer) }

func joined(operands []condition, operator string, inner, outer binding) string {
	texts := make([]string, len(operands))
	for i, o := range operands {
		texts[i] = o.text(inner)
	}
	all := strings.Join(texts, operator)
	if inner < outer {
		return "(" + all + ")"
	}
	return all
}

func (c atLeast) holds(state func(string) State) bool {
	n := 0
	for _, child := range c.children {
		if (state(child) == c.state) != c.not {
			n++
		}
	}
	if c.percent {
		return n*100 >= c.many*len(c.children)
	}
	return n >= c.many
}

func (c atLeast) text(binding) string {
	sign, prefix := "", ""
	if c.percent {
		sign = "%"
	}
	if c.not {
		prefix = "NOT "
	}
	names := make([]string, len(c.children))
	for i, child := range c.children {
		names[i] = quoteName(child)
	}
	return fmt.Sprintf("AT_LEAST(%d%s, %s%s, (%s))", c.many, sign, prefix, c.state, strings.Join(names, ", "))
}

// quoteName quotes a name that could not stand alone.
func quoteName(name string) string {
	if !strings.ContainsFunc(name, delimits) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `\"`) + `"`
}
