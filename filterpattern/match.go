package filterpattern

import "slices"

// Match reports whether the pattern matches a message.
func (p *Pattern) Match(message []byte) bool { return p.MatchEvent(NewEvent(message)) }

// MatchEvent reports whether the pattern matches an event.
func (p *Pattern) MatchEvent(e *Event) bool {
	switch root := p.root.(type) {
	case *TermList:
		return root.match(e.message)
	case *Regexp:
		return root.program.Match(e.message)
	case *Object:
		d := e.document()
		return d != nil && d.holds(root.Condition)
	case *FieldList:
		return root.match(e)
	}
	return true
}

// holds evaluates a condition of a JSON pattern.
func (d *document) holds(c Condition) bool {
	switch c := c.(type) {
	case *And:
		return !slices.ContainsFunc(c.Operands, func(c Condition) bool { return !d.holds(c) })
	case *Or:
		return slices.ContainsFunc(c.Operands, d.holds)
	case *Comparison:
		return d.compares(d.selectNodes(c.Selector), c.Op, c.Value)
	case *Is:
		return d.is(d.selectNodes(c.Selector), c.What)
	case *NotExists:
		return len(d.selectNodes(c.Selector).nodes) == 0
	}
	return false
}

// compares asks whether any selected node satisfies the comparison. With a
// wildcard != is different: no node may be equal, and none need be there.
func (d *document) compares(s selection, op Op, value Literal) bool {
	if op == NotEqual && s.wildcard {
		return s.base && !d.compares(s, Equal, value)
	}
	return slices.ContainsFunc(s.nodes, func(i int) bool { return d.compare(i, op, value) })
}

// compare compares one node. Whatever is not a string or a number compares
// false, by != too.
func (d *document) compare(i int, op Op, value Literal) bool {
	if n, ok := value.(*Number); ok && d.kind(i) == NumberValue {
		number, finite := d.number(i)
		return finite && op.accepts(number.compare(n.decimal))
	}
	text, ok := d.scalar(i)
	if !ok || op != Equal && op != NotEqual {
		return false
	}
	return equalText(text, value) == (op == Equal)
}

// equalText compares a text with a literal: a number with its spelling.
func equalText(text []byte, value Literal) bool {
	switch value := value.(type) {
	case *Number:
		return string(text) == value.Source
	case *Text:
		return value.glob.match(text)
	case *Regexp:
		return value.program.Match(text)
	}
	return false
}

// accepts reports whether the outcome of a three-way comparison satisfies o.
func (o Op) accepts(c int) bool {
	switch o {
	case Equal:
		return c == 0
	case NotEqual:
		return c != 0
	case Less:
		return c < 0
	case LessEqual:
		return c <= 0
	case Greater:
		return c > 0
	case GreaterEqual:
		return c >= 0
	}
	return false
}

func (d *document) is(s selection, what Constant) bool {
	return slices.ContainsFunc(s.nodes, func(i int) bool {
		switch what {
		case IsTrue:
			return string(d.raw(i)) == "true"
		case IsFalse:
			return string(d.raw(i)) == "false"
		}
		return d.kind(i) == NullValue || !s.wildcard && d.hasNull(i)
	})
}

// hasNull reports whether a node is an array with a null among its elements:
// AWS takes such an array for null.
func (d *document) hasNull(i int) bool {
	if d.kind(i) != ArrayValue {
		return false
	}
	for element := range d.elements(i) {
		if d.kind(element) == NullValue {
			return true
		}
	}
	return false
}
