package math

import "math"

// Result is what an expression is: one series, or an array of them.
type Result struct {
	Series []Series
	Array  bool
}

// maxSeries bounds arrays, as the API does.
const maxSeries = 500

func (ev *evaluation) eval(n node) (value, error) {
	switch n := n.(type) {
	case number:
		return scalar(n.value), nil
	case reference:
		return ev.lookup(n)
	case unary:
		operand, err := ev.eval(n.operand)
		if err != nil {
			return nil, err
		}
		return apply(scalar(-1), operand, n.position(), "*")
	case binary:
		return ev.binary(n)
	case list:
		return ev.list(n.elements)
	case call:
		return functions(n.function)(ev, n)
	}
	return nil, errorAt(n.position(), "a text or REPEAT or LINEAR is not a value")
}

func (ev *evaluation) lookup(n reference) (value, error) {
	found, err := ev.result(n.id, n.position())
	if err != nil {
		return nil, err
	}
	return found.value(), nil
}

func (r Result) value() value {
	if !r.Array && len(r.Series) == 1 {
		return r.Series[0]
	}
	return array(r.Series)
}

// list puts series and arrays of series together.
func (ev *evaluation) list(elements []node) (value, error) {
	var all array
	for _, element := range elements {
		v, err := ev.eval(element)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case Series:
			all = append(all, v)
		case array:
			all = append(all, v...)
		default:
			return nil, errorAt(element.position(), "an array holds time series only")
		}
		if len(all) > maxSeries {
			return nil, errorAt(element.position(), "an array holds at most %d time series", maxSeries)
		}
	}
	return all, nil
}

func (ev *evaluation) binary(n binary) (value, error) {
	left, err := ev.eval(n.left)
	if err != nil {
		return nil, err
	}
	right, err := ev.eval(n.right)
	if err != nil {
		return nil, err
	}
	return apply(left, right, n.position(), n.operator)
}

// apply computes left operator right for every pair of kinds but two arrays.
func apply(left, right value, position int, operator string) (value, error) {
	f := operators(operator)
	switch l := left.(type) {
	case scalar:
		switch r := right.(type) {
		case scalar:
			return scalar(finite(f(float64(l), float64(r)))), nil
		case Series:
			return r.mapped(func(b float64) float64 { return f(float64(l), b) }), nil
		case array:
			return each(r, func(s Series) Series { return s.mapped(func(b float64) float64 { return f(float64(l), b) }) }), nil
		}
	case Series:
		switch r := right.(type) {
		case scalar:
			return l.mapped(func(a float64) float64 { return f(a, float64(r)) }), nil
		case Series:
			return l.joined(r, f), nil
		case array:
			return each(r, func(s Series) Series { return relabelled(l.joined(s, f), s.Label) }), nil
		}
	case array:
		switch r := right.(type) {
		case scalar:
			return each(l, func(s Series) Series { return s.mapped(func(a float64) float64 { return f(a, float64(r)) }) }), nil
		case Series:
			return each(l, func(s Series) Series { return s.joined(r, f) }), nil
		}
	}
	return nil, errorAt(position, "Unsupported operand type(s) for %s: '[%s, %s]'", operator, left.kind(), right.kind())
}

func each(a array, f func(Series) Series) array {
	out := make(array, len(a))
	for i, s := range a {
		out[i] = f(s)
	}
	return out
}

func relabelled(s Series, label string) Series {
	s.Label = label
	return s
}

func operators(operator string) func(a, b float64) float64 {
	switch operator {
	case "+":
		return func(a, b float64) float64 { return a + b }
	case "-":
		return func(a, b float64) float64 { return a - b }
	case "*":
		return func(a, b float64) float64 { return a * b }
	case "/":
		return func(a, b float64) float64 { return a / b }
	case "^":
		return math.Pow
	}
	truth := truths(operator)
	return func(a, b float64) float64 {
		if truth(a, b) {
			return 1
		}
		return 0
	}
}

func truths(operator string) func(a, b float64) bool {
	switch operator {
	case "==":
		return func(a, b float64) bool { return a == b }
	case "!=":
		return func(a, b float64) bool { return a != b }
	case "<":
		return func(a, b float64) bool { return a < b }
	case "<=":
		return func(a, b float64) bool { return a <= b }
	case ">":
		return func(a, b float64) bool { return a > b }
	case ">=":
		return func(a, b float64) bool { return a >= b }
	case "AND":
		return func(a, b float64) bool { return a != 0 && b != 0 }
	default: // OR
		return func(a, b float64) bool { return a != 0 || b != 0 }
	}
}
