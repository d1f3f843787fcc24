package iampolicy

import (
	"encoding/json"
	"strings"
)

// test is an operator, understood.
type test struct {
	quantifier quantifier
	ifExists   bool
	negated    bool // ...NotEquals and its like: no value may compare
	compare    comparison
}

type quantifier int

const (
	single quantifier = iota
	forAny
	forAll
)

// comparison tells whether a value of the context compares with a value of the
// policy. ctx is nil where the policy's version knows no variables.
type comparison func(want, got string, ctx Context) bool

// parseConditions reads {operator: {key: value or values}}.
func parseConditions(path string, raw json.RawMessage) ([]Condition, error) {
	operators, err := object(path, raw)
	if err != nil {
		return nil, err
	}
	var conditions []Condition
	for _, operator := range operators {
		at := path + "." + operator.name
		test, ok := parseOperator(operator.name)
		if !ok {
			return nil, wrong(at, "Invalid Condition type : %s.", operator.name)
		}
		keys, err := object(at, operator.value)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			values, err := some(at+"."+key.name, key.value, scalar)
			if err != nil {
				return nil, err
			}
			if err := checkKey(at, key.name); err != nil {
				return nil, err
			}
			conditions = append(conditions, Condition{Operator: operator.name, Key: key.name, Values: values, test: test})
		}
	}
	return conditions, nil
}

func checkKey(path, key string) error {
	if !strings.Contains(key, ":") {
		return wrong(path, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
	}
	return nil
}

// parseOperator reads [ForAnyValue:|ForAllValues:]Name[IfExists].
func parseOperator(text string) (t test, ok bool) {
	name := text
	if rest, ok := strings.CutPrefix(text, "ForAnyValue:"); ok {
		t.quantifier, name = forAny, rest
	} else if rest, ok := strings.CutPrefix(text, "ForAllValues:"); ok {
		t.quantifier, name = forAll, rest
	}
	name, t.ifExists = strings.CutSuffix(name, "IfExists")
	if name == "Null" {
		return t, !t.ifExists
	}
	if t.compare, ok = comparisons[name]; ok {
		return t, true
	}
	positive := strings.Replace(name, "Not", "", 1)
	t.negated = true
	t.compare, ok = comparisons[positive]
	ok = ok && positive != name && negatable(positive)
	return t, ok
}

// holds tells whether the condition is true in a context.
func (c *Condition) holds(ctx Context, variables bool) bool {
	got := ctx.values(c.Key)
	if c.test.compare == nil {
		return c.isNull(len(got) == 0)
	}
	if len(got) == 0 {
		return c.test.ifExists || c.test.quantifier == forAll || c.test.negated && c.test.quantifier != forAny
	}
	if !variables {
		ctx = nil
	}
	// A plain operator on a key with several values asks as ForAnyValue does,
	// and when negated as ForAllValues does: none of them may compare.
	all := c.test.quantifier == forAll || c.test.quantifier == single && c.test.negated
	for _, value := range got {
		if c.accepts(value, ctx) != all {
			return !all
		}
	}
	return all
}

// accepts compares one value of the context with all values of the policy.
func (c *Condition) accepts(got string, ctx Context) bool {
	for _, want := range c.Values {
		if c.test.compare(want, got, ctx) {
			return !c.test.negated
		}
	}
	return c.test.negated
}

// isNull is the operator Null: "true" asks that the key be absent.
func (c *Condition) isNull(absent bool) bool {
	for _, want := range c.Values {
		if strings.EqualFold(want, "true") == absent {
			return true
		}
	}
	return false
}
