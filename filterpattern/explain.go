package filterpattern

import (
	"fmt"
	"strings"
)

// Explain says in plain words which messages the pattern matches, in one or
// more lines with a line end each.
func (p *Pattern) Explain() string {
	var e explanation
	switch root := p.Root().(type) {
	case *Everything:
		e.line("Matches every message.")
	case *TermList:
		e.terms(root)
	case *Regexp:
		e.line("Matches a message in any part of which the regular expression %s matches.", root)
	case *Object:
		e.line("Matches a message that is one JSON object, if")
		e.condition(root.Condition)
	case *FieldList:
		e.fields(root)
	}
	return e.String()
}

// explanation collects lines.
type explanation struct {
	strings.Builder
	indent int
}

func (e *explanation) line(format string, args ...any) {
	e.WriteString(strings.Repeat("  ", e.indent))
	fmt.Fprintf(e, format, args...)
	e.WriteByte('\n')
}

func (e *explanation) condition(c Condition) {
	e.indent++
	defer func() { e.indent-- }()
	switch c := c.(type) {
	case *And:
		e.line("all of these are true:")
		e.conditions(c.Operands)
	case *Or:
		e.line("any of these is true:")
		e.conditions(c.Operands)
	case interface{ words() string }:
		e.line("%s", c.words())
	}
}

func (e *explanation) conditions(list []Condition) {
	for _, c := range list {
		e.condition(c)
	}
}

func (e *explanation) terms(l *TermList) {
	if l.onlyOptional() {
		e.line("Matches a message if any of these is true (case matters, parts of words count):")
	} else {
		e.line("Matches a message if all of these are true (case matters, parts of words count):")
	}
	for _, t := range l.Terms {
		if l.ignored(t) {
			e.line("  (%s is ignored: optional terms count only in a pattern without others)", t)
		} else {
			e.line("  %s", t.words())
		}
	}
}

func (e *explanation) fields(l *FieldList) {
	const splitting = `(fields are separated by white space; "..." and [...] are one field each)`
	if l.ellipsis >= 0 {
		e.line("Matches a message of %d fields or more %s", l.needs(), splitting)
	} else {
		e.line("Matches a message of %d fields or more, of which the last takes the rest of the line %s", l.needs(), splitting)
	}
	for _, f := range l.Fields {
		if f.Condition != nil {
			e.line("in which")
			e.condition(f.Condition)
		}
	}
}
