package filterpattern

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reference names a value of an event, as a metric filter's metricValue and
// dimensions do: $.path in JSON, $name or $N in space-delimited messages.
type Reference struct {
	text     string
	selector *Selector // of $.path
	name     string    // of $name
	place    int       // of $N, from 1
}

// ParseReference parses $.path, $name or $N. A path with a wildcard is an
// error, because it names more than one value. The error is a *SyntaxError.
func ParseReference(text string) (Reference, error) {
	if strings.HasPrefix(text, "$.") {
		return parsePath(text)
	}
	name, dollar := strings.CutPrefix(text, "$")
	first, _ := utf8.DecodeRuneInString(name)
	switch {
	case !dollar || name == "" || scanWhile(name, 0, isIdentRune) != len(name):
		return Reference{}, invalidTerm(0, text)
	case !unicode.IsDigit(first):
		return Reference{text: text, name: name}, nil
	}
	place, err := strconv.Atoi(name)
	if err != nil || place < 1 {
		return Reference{}, invalidTerm(0, text)
	}
	return Reference{text: text, place: place}, nil
}

func parsePath(text string) (Reference, error) {
	steps, end, ok := scanSelector(text, 0)
	if !ok || end != len(text) {
		return Reference{}, invalidTerm(end, text)
	}
	s := &Selector{Steps: steps}
	if s.wildcard() >= 0 {
		return Reference{}, &SyntaxError{0, text + " has a wildcard and may name several values"}
	}
	return Reference{text: text, selector: s}, nil
}

// String is the reference as given to ParseReference.
func (r Reference) String() string { return r.text }

// ValidFor reports whether the pattern is of the kind that the reference can
// refer to: JSON for $.path, Space for $name and $N. The reference need not
// occur in the pattern.
func (r Reference) ValidFor(p *Pattern) bool {
	switch p.Kind() {
	case JSON:
		return r.selector != nil
	case Space:
		return r.name != "" || r.place > 0
	}
	return false
}

// Value is what a Reference names in an event.
type Value struct {
	Kind ValueKind
	// Text is the text of a string, a number as patterns see it (1e3 is
	// "1000.0"), and JSON as it stands in the message for anything else.
	Text string
}

// ValueKind is the kind of a Value. Fields of space-delimited messages are
// always strings.
type ValueKind uint8

// The kinds of values.
const (
	NullValue ValueKind = iota
	BooleanValue
	NumberValue
	StringValue
	ArrayValue
	ObjectValue
)

// String is the name of the kind, such as "an array".
func (k ValueKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// Float64 is the value of a number, or of a string that is spelled like one.
// It is not ok for other values and for numbers that no finite float64 is near to.
func (v Value) Float64() (f float64, ok bool) {
	if v.Kind != NumberValue && v.Kind != StringValue || v.Text == "" || scanNumber(v.Text, 0) != len(v.Text) {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// Resolve returns what the reference names in an event. It is not ok if the
// event has no such value. Whether the pattern matches does not matter, but a
// field is found only in a message that has as many as the pattern asks for.
func (p *Pattern) Resolve(r Reference, e *Event) (Value, bool) {
	switch root := p.root.(type) {
	case *Object:
		if d := e.document(); d != nil && r.selector != nil {
			return d.resolve(r.selector)
		}
	case *FieldList:
		return root.resolve(r, e)
	}
	return Value{}, false
}

func (d *document) resolve(s *Selector) (Value, bool) {
	nodes := d.selectNodes(s).nodes
	if len(nodes) == 0 {
		return Value{}, false
	}
	return d.value(nodes[0]), true
}

func (d *document) value(i int) Value {
	if text, ok := d.scalar(i); ok {
		return Value{d.kind(i), string(text)}
	}
	return Value{d.kind(i), string(d.raw(i))}
}

func (l *FieldList) resolve(r Reference, e *Event) (Value, bool) {
	if len(e.tokens()) < l.needs() {
		return Value{}, false
	}
	place := r.place - 1
	for at, name := range l.names(e) {
		if r.name != "" && name == r.name {
			place = at
		}
	}
	if place < 0 || place >= l.places(e) {
		return Value{}, false
	}
	return Value{StringValue, string(l.text(e, place))}, true
}
