package alarmeval

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The limits of AWS on a rule: characters, different children, and elements.
// Elements are children, TRUE, FALSE and pairs of parentheses that group.
const (
	maxRuleLength   = 10240
	maxRuleChildren = 100
	maxRuleElements = 500
)

// RuleError says what is wrong with a rule, and where. The message is AWS's where
// it is known.
type RuleError struct {
	Position int // bytes from the beginning
	Message  string
}

func (e *RuleError) Error() string { return e.Message }

// ParseRule reads the rule of a composite alarm. The error is a *RuleError.
//
//	rule      = and { "OR" and }
//	and       = not { "AND" not }
//	not       = { "NOT" } primary
//	primary   = "TRUE" | "FALSE" | "(" rule ")" | state "(" name ")"
//	          | "AT_LEAST" "(" count [ "%" ] "," [ "NOT" ] state "," "(" name { "," name } ")" ")"
//	state     = "ALARM" | "OK" | "INSUFFICIENT_DATA"
//
// A name is an alarm's name or ARN. One with blanks, parentheses, commas or
// quotes stands in double quotes, where \" is a quote. Keywords are upper case.
func ParseRule(text string) (*Rule, error) {
	if n := utf8.RuneCountInString(text); n > maxRuleLength {
		return nil, &RuleError{0, fmt.Sprintf("Rule of %d characters, at most %d are allowed", n, maxRuleLength)}
	}
	tokens, err := lexRule(text)
	if err != nil {
		return nil, err
	}
	p := &ruleParser{tokens: tokens}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	if end := p.peek(); end.kind != endOfRule {
		return nil, end.unexpected("'AND', 'OR'")
	}
	return &Rule{root: root, children: p.children}, nil
}

// ruleParser reads tokens from left to right. The last is always endOfRule.
type ruleParser struct {
	tokens   []ruleToken
	children []string
	elements int
}

func (p *ruleParser) peek() ruleToken { return p.tokens[0] }

func (p *ruleParser) next() ruleToken {
	t := p.tokens[0]
	if t.kind != endOfRule {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token if it is this keyword or punctuation.
func (p *ruleParser) accept(text string) bool {
	if t := p.peek(); t.kind == quotedName || t.text != text {
		return false
	}
	p.next()
	return true
}

func (p *ruleParser) expect(text string) error {
	if !p.accept(text) {
		return p.peek().unexpected("'" + text + "'")
	}
	return nil
}

func (p *ruleParser) or() (condition, error) {
	operands, err := p.chain("OR", p.and)
	if err != nil || len(operands) == 1 {
		return first(operands), err
	}
	return or{operands}, nil
}

func (p *ruleParser) and() (condition, error) {
	operands, err := p.chain("AND", p.not)
	if err != nil || len(operands) == 1 {
		return first(operands), err
	}
	return and{operands}, nil
}

func (p *ruleParser) chain(operator string, operand func() (condition, error)) ([]condition, error) {
	var operands []condition
	for {
		c, err := operand()
		if err != nil {
			return nil, err
		}
		operands = append(operands, c)
		if !p.accept(operator) {
			return operands, nil
		}
	}
}

func first(operands []condition) condition {
	if len(operands) == 0 {
		return nil
	}
	return operands[0]
}

func (p *ruleParser) not() (condition, error) {
	if !p.accept("NOT") {
		return p.primary()
	}
	operand, err := p.not()
	return not{operand}, err
}

func (p *ruleParser) primary() (condition, error) {
	t := p.next()
	if err := p.count(t); err != nil {
		return nil, err
	}
	switch {
	case t.kind == punctuation && t.text == "(":
		return p.group()
	case t.kind != word:
	case t.text == "TRUE" || t.text == "FALSE":
		return constant(t.text == "TRUE"), nil
	case t.text == "AT_LEAST":
		return p.atLeast()
	case slices.Contains(states, State(t.text)):
		return p.in(State(t.text))
	}
	return nil, t.unexpected("")
}

var states = []State{InAlarm, OK, InsufficientData}

// count counts an element.
func (p *ruleParser) count(t ruleToken) error {
	if p.elements++; p.elements > maxRuleElements {
		return &RuleError{t.position, fmt.Sprintf("More than %d elements at char %d", maxRuleElements, t.position)}
	}
	return nil
}

func (p *ruleParser) group() (condition, error) {
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	return c, p.expect(")")
}

func (p *ruleParser) in(state State) (condition, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	child, err := p.name()
	if err != nil {
		return nil, err
	}
	return in{state, child}, p.expect(")")
}

// name takes an alarm's name, which may look like a keyword.
func (p *ruleParser) name() (string, error) {
	t := p.next()
	if t.kind != word && t.kind != quotedName || t.text == "" {
		return "", t.unexpected("an alarm name")
	}
	if !slices.Contains(p.children, t.text) {
		p.children = append(p.children, t.text)
	}
	if len(p.children) > maxRuleChildren {
		return "", &RuleError{t.position, fmt.Sprintf("More than %d alarms at char %d", maxRuleChildren, t.position)}
	}
	return t.text, nil
}

func (p *ruleParser) atLeast() (condition, error) {
	var c atLeast
	for _, part := range []func(*atLeast) error{
		p.punctuation("("), p.threshold, p.punctuation(","), p.operandState, p.punctuation(","),
		p.punctuation("("), p.names, p.punctuation(")"), p.punctuation(")"),
	} {
		if err := part(&c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (p *ruleParser) punctuation(text string) func(*atLeast) error {
	return func(*atLeast) error { return p.expect(text) }
}

// threshold is M or N%.
func (p *ruleParser) threshold(c *atLeast) error {
	t := p.next()
	digits, percent := strings.CutSuffix(t.text, "%")
	n, err := strconv.Atoi(digits)
	if t.kind != word || err != nil || digits[0] == '+' || n < 1 || percent && n > 100 {
		return t.unexpected("a count or a percentage of 1% to 100%")
	}
	c.many, c.percent = min(n, maxRuleElements), percent
	return nil
}

func (p *ruleParser) operandState(c *atLeast) error {
	c.not = p.accept("NOT")
	t := p.next()
	if t.kind != word || !slices.Contains(states, State(t.text)) {
		return t.unexpected("'ALARM', 'OK', 'INSUFFICIENT_DATA'")
	}
	c.state = State(t.text)
	return nil
}

func (p *ruleParser) names(c *atLeast) error {
	for {
		t := p.peek()
		child, err := p.name()
		if err != nil {
			return err
		}
		c.children = append(c.children, child)
		if err := p.count(t); err != nil {
			return err
		}
		if !p.accept(",") {
			return nil
		}
	}
}
