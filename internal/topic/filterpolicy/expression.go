package filterpolicy

import (
	"slices"
	"strconv"
	"strings"
)

// addExpression compiles one match expression, {"operator": operand}.
func (c *condition) addExpression(e *value) error {
	if len(e.keys) == 0 {
		return e.refuse(e.end, "Match expression name not found")
	}
	operator, operand := e.keys[0], e.items[0]
	var p pattern
	var err error
	tooMany := "Only one key allowed in match expression"
	switch operator {
	case "prefix":
		p, err = ofString(operator, operand, func(s string) pattern { return hasPrefix(s) })
	case "suffix":
		p, err = ofString(operator, operand, func(s string) pattern { return hasSuffix(s) })
	case "equals-ignore-case":
		p, err = ofString(operator, operand, func(s string) pattern { return equalsFold(s) })
	case "cidr":
		p, err = cidr(operand)
	case "exists":
		if operand.kind != aLiteral || operand.text == "null" {
			return operand.refuse(operand.at, "exists match pattern must be either true or false.")
		}
		if operand.text == "false" {
			c.absent = true
		} else {
			p = anything
		}
	case "numeric":
		tooMany = "Too many elements in numeric expression"
		p, err = numeric(operand)
	case "anything-but":
		tooMany = "Too many elements in numeric expression" // AWS's text for this one too
		p, err = anythingBut(operand)
	default:
		return operand.refuse(operand.at, "Unrecognized match type %s", operator)
	}
	if err != nil {
		return err
	}
	if len(e.keys) > 1 {
		return e.refuse(e.items[1].at, "%s", tooMany)
	}
	if p != nil {
		c.patterns = append(c.patterns, p)
	}
	return nil
}

func ofString(operator string, operand *value, make func(string) pattern) (pattern, error) {
	if operand.kind != aString {
		return nil, operand.refuse(operand.at, "%s match pattern must be a string", operator)
	}
	return make(operand.text), nil
}

// anythingBut takes one value, a list, or the operator prefix. Newer pages of
// AWS name suffix too, which SNS was seen to refuse.
func anythingBut(operand *value) (pattern, error) {
	switch operand.kind {
	case aString, aNumber:
		p, err := listed(operand)
		return not(p), err
	case aArray:
		return anythingButList(operand)
	case aObject:
		return anythingButPrefix(operand)
	}
	return nil, operand.refuse(operand.at, "Value of anything-but must be an array or single string/number value.")
}

func anythingButList(list *value) (pattern, error) {
	var patterns []pattern
	kinds := map[kind]bool{}
	for _, item := range list.items {
		p, err := listed(item)
		if err != nil {
			return nil, err
		}
		kinds[item.kind] = true
		patterns = append(patterns, p)
	}
	if len(kinds) != 1 {
		return nil, list.refuse(list.end, "Inside anything but list, either all values are number or string, mixed type is not supported")
	}
	return func(s scalar) bool {
		return !slices.ContainsFunc(patterns, func(p pattern) bool { return p(s) })
	}, nil
}

// listed is a value that anything-but leaves out.
func listed(item *value) (pattern, error) {
	switch item.kind {
	case aString:
		return equals(item), nil
	case aNumber:
		_, err := number(item, item.end)
		return equals(item), err
	}
	return nil, item.refuse(item.at, "Inside anything but list, start|null|boolean is not supported.")
}

func anythingButPrefix(e *value) (pattern, error) {
	if len(e.keys) == 0 {
		return nil, e.refuse(e.end, "Anything-But expression name not found")
	}
	operand := e.items[0]
	switch {
	case e.keys[0] != "prefix":
		return nil, operand.refuse(operand.at, "Unsupported anything-but pattern: %s", e.keys[0])
	case operand.kind != aString:
		return nil, operand.refuse(operand.at, "prefix match pattern must be a string")
	case operand.text == "":
		return nil, operand.refuse(operand.end, "Null prefix not allowed")
	case len(e.keys) > 1:
		return nil, e.refuse(e.items[1].at, "Only one key allowed in match expression")
	}
	return not(hasPrefix(operand.text)), nil
}

// numeric compiles ["=", n], one bound, or two of which the lower comes first.
func numeric(list *value) (pattern, error) {
	if list.kind != aArray {
		return nil, list.refuse(list.at, "Value of numeric must be an array.")
	}
	first := list.token(0)
	if first.kind != aString {
		return nil, list.refuse(first.at, "Invalid member in numeric match: %s", first.text)
	}
	if !slices.Contains([]string{"=", "<", "<=", ">", ">="}, first.text) {
		return nil, list.refuse(list.token(1).at, "Unrecognized numeric range operator: %s", first.text)
	}
	bound, err := list.bound(0)
	if err != nil {
		return nil, err
	}
	if len(list.items) == 2 {
		return compares(first.text, bound), nil
	}
	if !strings.HasPrefix(first.text, ">") {
		return nil, list.refuse(list.token(2).at, "Too many elements in numeric expression")
	}
	second := list.token(2)
	switch {
	case second.kind != aString:
		return nil, list.refuse(second.at, "Bad value in numeric range: %s", second.text)
	case second.text != "<" && second.text != "<=":
		return nil, list.refuse(second.end, "Bad numeric range operator: %s", second.text)
	}
	top, err := list.bound(2)
	switch {
	case err != nil:
		return nil, err
	case len(list.items) > 4:
		return nil, list.refuse(list.token(4).at, "Too many terms in numeric range expression")
	case bound >= top:
		return nil, list.refuse(list.end, "Bottom must be less than top")
	}
	return both(compares(first.text, bound), compares(second.text, top)), nil
}

// token is an item of a list or, behind the last, its closing bracket.
func (v *value) token(i int) *value {
	if i < len(v.items) {
		return v.items[i]
	}
	return &value{kind: aLiteral, text: "]", at: v.end, end: v.end, all: v.all}
}

// bound is the number behind the operator at i.
func (v *value) bound(i int) (float64, error) {
	operator, operand := v.items[i].text, v.token(i+1)
	if operator == "=" {
		operator = "equals"
	}
	if operand.kind != aNumber {
		return 0, v.refuse(operand.at, "Value of %s must be numeric", operator)
	}
	return number(operand, v.end)
}

const largestNumber = 1e9

// number is a number to compare with.
func number(v *value, at int) (float64, error) {
	n, err := strconv.ParseFloat(v.text, 64)
	if err != nil || n < -largestNumber || n > largestNumber {
		return 0, v.refuse(at, "Value must be between -1.0E9 and 1.0E9, inclusive")
	}
	return n, nil
}
