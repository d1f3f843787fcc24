package math

import (
	"math"
	"slices"
	"strconv"
)

// maxLength is the longest expression of the API.
const maxLength = 2048

// Parse reads an expression. The error is an *Error; functions that CloudWatch
// has and this package has not are refused by name.
func Parse(input string) (*Expression, error) {
	if len(input) > maxLength {
		return nil, errorAt(maxLength, "the expression is longer than %d characters", maxLength)
	}
	tokens, err := lex(input)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	root, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != endToken {
		return nil, errorAt(t.offset, "unexpected %q", t.text)
	}
	return &Expression{text: input, root: root}, nil
}

type parser struct {
	tokens []token
	next   int
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != endToken {
		p.next++
	}
	return t
}

// accept takes the symbol if it is next.
func (p *parser) accept(symbol string) bool {
	if t := p.peek(); t.kind != symbolToken || t.text != symbol {
		return false
	}
	p.next++
	return true
}

func (p *parser) expect(symbol string) error {
	if !p.accept(symbol) {
		return unexpected(p.peek(), symbol)
	}
	return nil
}

func unexpected(t token, want string) error {
	if t.kind == endToken {
		return errorAt(t.offset, "the expression ends where %s was expected", want)
	}
	return errorAt(t.offset, "unexpected %q, expected %s", t.text, want)
}

// binding is how tightly an operator binds; 0 is no operator.
func binding(t token) int {
	switch t.text {
	case "OR", "||":
		return 1
	case "AND", "&&":
		return 2
	case "==", "!=", "<", "<=", ">", ">=":
		return 3
	case "+", "-":
		return 4
	case "*", "/":
		return 5
	case "^":
		return 7
	}
	return 0
}

// minusBinding lets -m1^2 be -(m1^2) and -m1*m2 be (-m1)*m2.
const minusBinding = 6

// expression reads operands joined by operators that bind tighter than least.
// All operators group to the left but ^.
func (p *parser) expression(least int) (node, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		power := binding(t)
		if t.kind != symbolToken && t.kind != nameToken || power <= least {
			return left, nil
		}
		p.take()
		if t.text == "^" {
			power--
		}
		right, err := p.expression(power)
		if err != nil {
			return nil, err
		}
		left = binary{at(t.offset), operator(t.text), left, right}
	}
}

// operator spells the logical operators one way.
func operator(text string) string {
	switch text {
	case "&&":
		return "AND"
	case "||":
		return "OR"
	}
	return text
}

func (p *parser) operand() (node, error) {
	t := p.take()
	switch {
	case t.kind == numberToken:
		value, err := strconv.ParseFloat(t.text, 64)
		if err != nil || math.IsInf(value, 0) {
			return nil, errorAt(t.offset, "%s is not a number", t.text)
		}
		return number{at(t.offset), value}, nil
	case t.kind == textToken:
		return text{at(t.offset), t.text}, nil
	case t.kind == nameToken:
		return p.named(t)
	case t.kind == symbolToken && t.text == "-":
		operand, err := p.expression(minusBinding)
		return unary{at(t.offset), operand}, err
	case t.kind == symbolToken && t.text == "(":
		inner, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	case t.kind == symbolToken && t.text == "[":
		elements, err := p.elements("]")
		return list{at(t.offset), elements}, err
	}
	return nil, unexpected(t, "a value")
}

// named reads what begins with a name: a reference, a function or a word.
func (p *parser) named(t token) (node, error) {
	if first := t.text[0]; 'a' <= first && first <= 'z' {
		return reference{at(t.offset), t.text}, nil
	}
	if slices.Contains(words[:], t.text) {
		return word{at(t.offset), t.text}, nil
	}
	if functions(t.text) == nil {
		return nil, errorAt(t.offset, "%s is not supported", t.text)
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	arguments, err := p.elements(")")
	return call{at(t.offset), t.text, arguments}, err
}

// words are what FILL fills with besides values.
var words = [...]string{"REPEAT", "LINEAR"}

// elements reads expressions between commas up to the closing bracket.
func (p *parser) elements(closing string) ([]node, error) {
	var elements []node
	if p.accept(closing) {
		return nil, nil
	}
	for {
		element, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
		if !p.accept(",") {
			return elements, p.expect(closing)
		}
	}
}
