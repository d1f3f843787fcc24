package filterpattern

import (
	"bytes"
	"slices"
	"strconv"
)

// field is one field of a space-delimited message.
type field struct {
	from       int // where it begins, its delimiter included
	start, end int // its text
}

// splitFields splits at white space. Text in quotation marks or brackets is
// one field, and ends at the closing mark even if no space follows. A mark
// without its counterpart is an ordinary character.
func splitFields(message []byte) []field {
	lastQuote := bytes.LastIndexByte(message, '"')
	lastBracket := bytes.LastIndexByte(message, ']')
	var fields []field
	for p := 0; ; {
		for p < len(message) && isMessageSpace(message[p]) {
			p++
		}
		if p == len(message) {
			return fields
		}
		f := field{from: p, start: p}
		switch {
		case message[p] == '"' && p < lastQuote:
			p = f.enclosed(message, '"')
		case message[p] == '[' && p < lastBracket:
			p = f.enclosed(message, ']')
		default:
			for p < len(message) && !isMessageSpace(message[p]) {
				p++
			}
			f.end = p
		}
		fields = append(fields, f)
	}
}

// enclosed sets the text to what is between the marks and returns the offset
// after the closing one.
func (f *field) enclosed(message []byte, closing byte) int {
	f.start = f.from + 1
	f.end = f.start + bytes.IndexByte(message[f.start:], closing)
	return f.end + 1
}

func isMessageSpace(c byte) bool {
	return c == ' ' || '\t' <= c && c <= '\r'
}

func newFieldList(pos int, fields []*Field) *FieldList {
	ellipsis := slices.IndexFunc(fields, func(f *Field) bool { return f.Ellipsis })
	if len(fields) == 0 {
		ellipsis = 0
	}
	return &FieldList{position(pos), fields, ellipsis}
}

// needs is the least number of fields a message must have.
func (l *FieldList) needs() int {
	if len(l.Fields) > 0 && l.ellipsis >= 0 {
		return len(l.Fields) - 1
	}
	return len(l.Fields)
}

// place returns where in the message slot i of the list lies. Slots after
// "..." are counted from the end.
func (l *FieldList) place(e *Event, i int) int {
	if l.ellipsis < 0 || i < l.ellipsis {
		return i
	}
	return len(e.tokens()) - len(l.Fields) + i
}

// text is the text at a place of the message. Without "..." the last slot
// takes the rest of the line as it is, unless it is one field anyway.
func (l *FieldList) text(e *Event, place int) []byte {
	tokens := e.tokens()
	f := tokens[place]
	if l.ellipsis < 0 && place == len(l.Fields)-1 && len(tokens) > len(l.Fields) {
		return e.message[f.from:]
	}
	return e.message[f.start:f.end]
}

func (l *FieldList) match(e *Event) bool {
	if len(e.tokens()) < l.needs() {
		return false
	}
	for i, f := range l.Fields {
		if f.Condition != nil && !fieldHolds(f.Condition, l.text(e, l.place(e, i))) {
			return false
		}
	}
	return true
}

// fieldHolds evaluates a condition of a slot.
func fieldHolds(c Condition, text []byte) bool {
	switch c := c.(type) {
	case *And:
		return !slices.ContainsFunc(c.Operands, func(c Condition) bool { return !fieldHolds(c, text) })
	case *Or:
		return slices.ContainsFunc(c.Operands, func(c Condition) bool { return fieldHolds(c, text) })
	case *FieldComparison:
		return c.holds(text)
	}
	return false
}

// holds compares numbers by value where the field is a number too. A field
// that is none is not equal to any number, nor less or greater.
func (c *FieldComparison) holds(text []byte) bool {
	n, ok := c.Value.(*Number)
	if !ok {
		return equalText(text, c.Value) == (c.Op == Equal)
	}
	number, ok := parseDecimal(string(text))
	if !ok {
		return c.Op == NotEqual
	}
	return c.Op.accepts(number.compare(n.decimal))
}

// Extract returns the fields that a space-delimited pattern finds in an event
// that it matches, as TestMetricFilter does: "$name" for named slots and "$N",
// counted from 1, for the others. Patterns of other kinds extract nothing. It
// returns nil if the pattern does not match.
func (p *Pattern) Extract(e *Event) map[string]string {
	if !p.MatchEvent(e) {
		return nil
	}
	values := map[string]string{}
	list, ok := p.root.(*FieldList)
	if !ok {
		return values
	}
	names := list.names(e)
	for place := range list.places(e) {
		name := names[place]
		if name == "" {
			name = strconv.Itoa(place + 1)
		}
		values["$"+name] = string(list.text(e, place))
	}
	return values
}

// places is the number of values that the list finds in an event.
func (l *FieldList) places(e *Event) int {
	if l.ellipsis < 0 {
		return len(l.Fields)
	}
	return len(e.tokens())
}

// names maps places to the names of their slots.
func (l *FieldList) names(e *Event) map[int]string {
	names := map[int]string{}
	for i, f := range l.Fields {
		if f.Name != "" {
			names[l.place(e, i)] = f.Name
		}
	}
	return names
}
