package filterpattern

import "strings"

// Canonical form: single spaces, texts quoted, keywords in capitals, no
// parentheses that precedence makes unnecessary. Numbers keep their spelling,
// because comparison with a string goes by it.

func (*Everything) String() string { return "" }

func (l *TermList) String() string { return join(l.Terms, " ") }

func (t *Term) String() string {
	sign := [...]string{Include: "", Exclude: "-", Optional: "?"}[t.Mode]
	if t.Text != "" && scanWhile(t.Text, 0, isWordRune) == len(t.Text) {
		return sign + t.Text
	}
	return sign + quote(t.Text)
}

func (r *Regexp) String() string { return "%" + r.Expr + "%" }

func (o *Object) String() string { return "{ " + o.Condition.String() + " }" }

func (l *FieldList) String() string { return "[" + join(l.Fields, ", ") + "]" }

func (f *Field) String() string {
	switch {
	case f.Ellipsis:
		return "..."
	case f.Condition != nil:
		return f.Condition.String()
	}
	return f.Name
}

func (o *Or) String() string { return join(o.Operands, " || ") }

func (a *And) String() string {
	parts := make([]string, len(a.Operands))
	for i, c := range a.Operands {
		parts[i] = c.String()
		if _, ok := c.(*Or); ok {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, " && ")
}

func (c *Comparison) String() string {
	return c.Selector.String() + " " + c.Op.String() + " " + c.Value.String()
}

func (c *FieldComparison) String() string {
	return c.Field + " " + c.Op.String() + " " + c.Value.String()
}

func (i *Is) String() string { return i.Selector.String() + " IS " + i.What.String() }

func (n *NotExists) String() string { return n.Selector.String() + " NOT EXISTS" }

func (n *Number) String() string { return n.Source }

func (t *Text) String() string { return quote(t.Value) }

// String is the operator's symbol.
func (o Op) String() string {
	return [...]string{Equal: "=", NotEqual: "!=", Less: "<", LessEqual: "<=", Greater: ">", GreaterEqual: ">="}[o]
}

var constants = [...]string{IsNull: "NULL", IsTrue: "TRUE", IsFalse: "FALSE"}

// String is the keyword.
func (c Constant) String() string { return constants[c] }

func join[N Node](nodes []N, separator string) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = n.String()
	}
	return strings.Join(parts, separator)
}
