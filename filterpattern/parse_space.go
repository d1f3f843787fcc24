package filterpattern

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

func parseFieldList(src string, start int) (Node, error) {
	p := &parser{lexer: lexer{src: src, pos: start, space: true}}
	p.condition = p.fieldComparison
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("["); err != nil {
		return nil, err
	}
	fields, err := p.fields()
	if err != nil {
		return nil, err
	}
	if err := p.expectEnd("]"); err != nil {
		return nil, err
	}
	list := newFieldList(start, fields)
	return list, checkFields(list)
}

func (p *parser) fields() ([]*Field, error) {
	if p.tok.is("]") {
		return nil, nil
	}
	var fields []*Field
	for {
		f, err := p.field()
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
		if !p.tok.is(",") {
			return fields, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

// field parses one slot: nothing, "...", a name, or conditions on a name.
func (p *parser) field() (*Field, error) {
	f := &Field{position: position(p.tok.pos)}
	switch {
	case p.tok.is(","), p.tok.is("]"):
		return f, nil
	case p.tok.kind == tokWord && p.tok.text == "...":
		f.Ellipsis = true
		return f, p.advance()
	case p.tok.is("("):
		return p.conditions(f)
	}
	name := p.tok
	if err := p.fieldName(); err != nil {
		return nil, err
	}
	if p.tok.is(",") || p.tok.is("]") {
		f.Name = name.text
		return f, nil
	}
	p.tok, p.pos = name, name.pos+len(name.text) // the name again, as part of a condition
	return p.conditions(f)
}

func (p *parser) conditions(f *Field) (*Field, error) {
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	f.Condition = c
	f.Name = firstComparison(c).Field
	return f, nil
}

// fieldName passes over a name.
func (p *parser) fieldName() error {
	if p.tok.kind != tokWord && p.tok.kind != tokNumber {
		return p.unexpected()
	}
	if err := checkName(p.tok); err != nil {
		return err
	}
	return p.advance()
}

// checkName quotes a name that begins with a digit whole, and of others the
// character that no name has.
func checkName(t token) error {
	if r, _ := utf8.DecodeRuneInString(t.text); unicode.IsDigit(r) {
		return invalidTerm(t.pos, t.text)
	}
	end := scanWhile(t.text, 0, isIdentRune)
	if end == len(t.text) {
		return nil
	}
	_, size := utf8.DecodeRuneInString(t.text[end:])
	return invalidTerm(t.pos+end, t.text[end:end+size])
}

func (p *parser) fieldComparison() (Condition, error) {
	name := p.tok
	if err := p.fieldName(); err != nil {
		return nil, err
	}
	op, ok, err := p.operator()
	if err != nil {
		return nil, err
	}
	if ordered := op != Equal && op != NotEqual; !ok || ordered && p.tok.kind != tokNumber {
		return nil, p.unexpected()
	}
	value, err := p.literal()
	return &FieldComparison{position(name.pos), name.text, op, value}, err
}

// checkFields refuses a second name in a slot, and a second slot of the same name.
func checkFields(list *FieldList) error {
	seen := map[string]bool{}
	for _, f := range list.Fields {
		if err := checkOneName(f); err != nil {
			return err
		}
		name := f.Name
		if f.Ellipsis {
			name = "..."
		}
		if name != "" && seen[name] {
			return &SyntaxError{f.Pos(), fmt.Sprintf("Duplicate field '%s'", name)}
		}
		seen[name] = true
	}
	return nil
}

func checkOneName(f *Field) (err error) {
	Walk(f, func(n Node) {
		if c, ok := n.(*FieldComparison); ok && c.Field != f.Name && err == nil {
			err = &SyntaxError{c.Pos(), fmt.Sprintf("Multiple variables used in a single filter. Var1 : %s, Var2 : %s", f.Name, c.Field)}
		}
	})
	return err
}

func firstComparison(c Condition) *FieldComparison {
	switch c := c.(type) {
	case *And:
		return firstComparison(c.Operands[0])
	case *Or:
		return firstComparison(c.Operands[0])
	case *FieldComparison:
		return c
	}
	panic(fmt.Sprintf("filterpattern: %T in a field", c)) // the grammar has no other
}
