package filterpattern

func parseObject(src string, start int) (Node, error) {
	p := &parser{lexer: lexer{src: src, pos: start}}
	p.condition = p.jsonCondition
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	return &Object{position(start), c}, p.expectEnd("}")
}

// jsonCondition parses a selector and what is said about it.
func (p *parser) jsonCondition() (Condition, error) {
	pos := position(p.tok.pos)
	if p.tok.kind != tokSelector {
		return nil, p.unexpected()
	}
	selector := &Selector{pos, p.tok.steps}
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch {
	case p.tok.word("IS"):
		what, err := p.constant()
		return &Is{pos, selector, what}, err
	case p.tok.word("NOT"):
		return &NotExists{pos, selector}, p.exists()
	}
	return p.comparison(selector)
}

// constant passes over IS and the constant after it.
func (p *parser) constant() (Constant, error) {
	if err := p.advance(); err != nil {
		return 0, err
	}
	for c, word := range constants {
		if p.tok.word(word) {
			return Constant(c), p.advance()
		}
	}
	if p.tok.kind == tokWord {
		return 0, p.unexpectedTerm()
	}
	return 0, p.unexpected()
}

// exists passes over NOT EXISTS.
func (p *parser) exists() error {
	if err := p.advance(); err != nil {
		return err
	}
	if !p.tok.word("EXISTS") {
		return p.unexpected()
	}
	return p.advance()
}

func (p *parser) comparison(s *Selector) (Condition, error) {
	op, ok, err := p.operator()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.unexpected()
	}
	if ordered := op != Equal && op != NotEqual; ordered && p.tok.kind != tokNumber {
		if _, err := newLiteral(p.tok); err == nil {
			return nil, p.unexpectedTerm()
		}
		return nil, p.unexpected()
	}
	value, err := p.literal()
	return &Comparison{s.position, s, op, value}, err
}
