package filterpattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What conditions found in a message, in plain words.

// comparisonReason adds to what was found the rule that makes a comparison
// false whatever its literal is.
func (d *document) comparisonReason(c *Comparison) string {
	reason := d.finding(c.Selector)
	s := d.selectNodes(c.Selector)
	switch {
	case s.wildcard && c.Op == NotEqual && s.base:
		return reason + "; != asks that none be equal"
	case s.wildcard:
		return reason
	case len(s.nodes) == 0:
		return fmt.Sprintf("%s; %s is false on a missing field", reason, c.Op)
	}
	return reason + d.rule(s.nodes[0], c)
}

func (d *document) rule(i int, c *Comparison) string {
	_, number := c.Value.(*Number)
	ordered := c.Op != Equal && c.Op != NotEqual
	switch kind := d.kind(i); {
	case kind == NumberValue && number:
		if _, finite := d.number(i); !finite {
			return "; comparisons with a number are false on it"
		}
	case kind == StringValue && ordered:
		return fmt.Sprintf("; %s is false on a string, also on one that looks like a number", c.Op)
	case kind != StringValue && kind != NumberValue:
		return fmt.Sprintf("; %s is false on anything but a string or number", c.Op)
	}
	return ""
}

// finding says what a selector selects.
func (d *document) finding(s *Selector) string {
	selected := d.selectNodes(s)
	switch {
	case selected.wildcard && !selected.base:
		return d.missing(s, s.wildcard()+1)
	case selected.wildcard:
		return s.String() + " selects " + d.list(selected.nodes)
	case len(selected.nodes) == 0:
		return d.missing(s, len(s.Steps))
	}
	return s.String() + " is " + d.describe(selected.nodes[0])
}

// missing says which step of the first n leads nowhere.
func (d *document) missing(s *Selector, n int) string {
	const root = 0
	reason := s.String() + " is missing"
	for i := 1; i < n; i++ {
		if d.follow(root, s.Steps[:i]) == none {
			return fmt.Sprintf("%s: there is no %s", reason, s.prefix(i))
		}
	}
	return reason
}

func (d *document) list(nodes []int) string {
	const shown = 3
	if len(nodes) == 0 {
		return "nothing"
	}
	var parts []string
	for _, i := range nodes[:min(len(nodes), shown)] {
		parts = append(parts, d.describe(i))
	}
	if more := len(nodes) - shown; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

func (d *document) describe(i int) string {
	switch kind := d.kind(i); kind {
	case StringValue:
		return excerpt(d.str(i))
	case NumberValue:
		text := d.numberText(i)
		return text[:min(len(text), maxExcerpt)]
	case BooleanValue:
		return string(d.raw(i))
	case ArrayValue:
		if d.hasNull(i) {
			return "an array with null in it"
		}
		return kind.String()
	default:
		return kind.String()
	}
}

const maxExcerpt = 80 // bytes of a message in a reason

func excerpt(text []byte) string {
	if len(text) <= maxExcerpt {
		return strconv.Quote(string(text))
	}
	end := maxExcerpt
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strconv.Quote(string(text[:end])) + "..."
}

func (c *FieldComparison) reason(text []byte) string {
	reason := c.Field + " is " + excerpt(text)
	if _, number := c.Value.(*Number); number {
		if _, ok := parseDecimal(string(text)); !ok {
			return reason + ", which is not a number"
		}
	}
	return reason
}
