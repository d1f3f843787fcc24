package filterpattern

import "strings"

// parseRoot looks at the first character and hands over to the grammar it
// stands for.
func parseRoot(text string) (Node, error) {
	start := scanWhile(text, 0, isSpace)
	src := strings.TrimRight(text, " \t\n\r")
	if start >= len(src) {
		return &Everything{position(start)}, nil
	}
	switch src[start] {
	case '{':
		return parseBetween(src, start, '}', parseObject)
	case '[':
		return parseBetween(src, start, ']', parseFieldList)
	case '%':
		return parseBetween(src, start, '%', parseRegex)
	}
	return parseTerms(src, start)
}

// parseBetween checks the last character before it looks at any other.
func parseBetween(src string, start int, last byte, parse func(string, int) (Node, error)) (Node, error) {
	if src[len(src)-1] == last {
		return parse(src, start)
	}
	return nil, &SyntaxError{start, "If a filter pattern starts with '" + src[start:start+1] + "' it must end with '" + string(last) + "'"}
}

func parseRegex(src string, start int) (Node, error) {
	l := &lexer{src: src, pos: start}
	t, err := l.regex()
	if err != nil {
		return nil, err
	}
	if l.pos < len(src) {
		return nil, l.fail(l.pos)
	}
	return newRegexp(t.pos, t.value)
}

// parser is what JSON and space-delimited patterns have in common: conditions
// joined by && and ||, and values. One token is read ahead.
type parser struct {
	lexer
	tok       token
	condition func() (Condition, error) // a single comparison or test
}

func (p *parser) advance() (err error) {
	p.tok, err = p.next()
	return err
}

// expect passes over a symbol.
func (p *parser) expect(symbol string) error {
	if !p.tok.is(symbol) {
		return p.unexpected()
	}
	return p.advance()
}

// expectEnd passes over the closing bracket of the pattern.
func (p *parser) expectEnd(symbol string) error {
	if err := p.expect(symbol); err != nil {
		return err
	}
	if p.tok.kind != tokEnd {
		return p.unexpected()
	}
	return nil
}

func (p *parser) unexpected() error { return invalid(p.tok.pos) }

// unexpectedTerm quotes the token, which the service does where only one kind
// of token could have stood.
func (p *parser) unexpectedTerm() error { return invalidTerm(p.tok.pos, p.tok.text) }

func (p *parser) or() (Condition, error) {
	pos := position(p.tok.pos)
	operands, err := p.operands("||", p.and)
	if err != nil || len(operands) == 1 {
		return first(operands), err
	}
	or := &Or{position: pos}
	for _, c := range operands {
		if inner, ok := c.(*Or); ok {
			or.Operands = append(or.Operands, inner.Operands...)
		} else {
			or.Operands = append(or.Operands, c)
		}
	}
	return or, nil
}

func (p *parser) and() (Condition, error) {
	pos := position(p.tok.pos)
	operands, err := p.operands("&&", p.primary)
	if err != nil || len(operands) == 1 {
		return first(operands), err
	}
	and := &And{position: pos}
	for _, c := range operands {
		if inner, ok := c.(*And); ok {
			and.Operands = append(and.Operands, inner.Operands...)
		} else {
			and.Operands = append(and.Operands, c)
		}
	}
	return and, nil
}

// operands parses one or more conditions with symbol between them.
func (p *parser) operands(symbol string, operand func() (Condition, error)) ([]Condition, error) {
	var list []Condition
	for {
		c, err := operand()
		if err != nil {
			return nil, err
		}
		list = append(list, c)
		if !p.tok.is(symbol) {
			return list, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

func first(list []Condition) Condition {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func (p *parser) primary() (Condition, error) {
	if !p.tok.is("(") {
		return p.condition()
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	return c, p.expect(")")
}

var operators = map[string]Op{"=": Equal, "!=": NotEqual, "<": Less, "<=": LessEqual, ">": Greater, ">=": GreaterEqual}

// operator passes over a comparison operator, if there is one.
func (p *parser) operator() (Op, bool, error) {
	op, ok := operators[p.tok.text]
	if !ok || p.tok.kind != tokSymbol {
		return 0, false, nil
	}
	return op, true, p.advance()
}

// literal passes over the value of a comparison.
func (p *parser) literal() (Literal, error) {
	l, err := newLiteral(p.tok)
	if err != nil {
		return nil, err
	}
	return l, p.advance()
}

func newLiteral(t token) (Literal, error) {
	pos := position(t.pos)
	switch {
	case t.kind == tokNumber:
		d, ok := parseDecimal(t.text)
		if !ok {
			return nil, invalid(t.pos)
		}
		return &Number{pos, t.text, d}, nil
	case t.kind == tokWord && !t.word("null"):
		return &Text{pos, t.text, newGlob(t.text)}, nil
	case t.kind == tokQuoted:
		return &Text{pos, t.value, newGlob(t.value)}, nil
	case t.kind == tokRegex:
		return newRegexp(t.pos, t.value)
	}
	return nil, invalid(t.pos)
}
