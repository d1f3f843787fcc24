package math

import (
	"math"
	"slices"
	"strings"
)

// function computes a call; it evaluates the arguments itself, for some take words or texts.
type function func(*evaluation, call) (value, error)

// functions is the function of a name, nil if there is none.
func functions(name string) function {
	switch name {
	case "SUM":
		return reduction(sum, 0)
	case "AVG":
		return reduction(func(values []float64, of int) float64 { return sum(values, of) / float64(of) }, math.NaN())
	case "MAX":
		return reduction(func(values []float64, _ int) float64 { return slices.Max(values) }, math.NaN())
	case "MIN":
		return reduction(func(values []float64, _ int) float64 { return slices.Min(values) }, math.NaN())
	case "METRICS":
		return metrics
	case "FILL":
		return fill
	case "IF":
		return choose
	}
	return nil
}

func sum(values []float64, _ int) float64 {
	var total float64
	for _, v := range values {
		total += v
	}
	return total
}

// reduction makes a number of a series, and of an array a series. reduce gets
// the values that are there, at least one, and how many series or points they
// came from; empty is the number of a series without values.
func reduction(reduce func(values []float64, of int) float64, empty float64) function {
	return func(ev *evaluation, c call) (value, error) {
		arguments, err := ev.arguments(c, 1, 1)
		if err != nil {
			return nil, err
		}
		switch v := arguments[0].(type) {
		case Series:
			present := v.present()
			if len(present) == 0 {
				return scalar(empty), nil
			}
			return scalar(finite(reduce(present, len(present)))), nil
		case array:
			return across(v, ev.length, reduce), nil
		}
		return nil, errorAt(c.position(), "%s takes a time series or an array of them", c.function)
	}
}

func across(a array, length int, reduce func(values []float64, of int) float64) Series {
	out := constant(math.NaN(), length)
	values := make([]float64, 0, len(a))
	for i := range out.Values {
		values = values[:0]
		for _, s := range a {
			if !IsMissing(s.Values[i]) {
				values = append(values, s.Values[i])
			}
		}
		if len(values) > 0 {
			out.Values[i] = finite(reduce(values, len(a)))
		}
	}
	return out
}

// arguments evaluates a call's arguments, of which there must be least to most.
func (ev *evaluation) arguments(c call, least, most int) ([]value, error) {
	if len(c.arguments) < least || len(c.arguments) > most {
		return nil, errorAt(c.position(), "%s does not take %d arguments", c.function, len(c.arguments))
	}
	values := make([]value, len(c.arguments))
	for i, argument := range c.arguments {
		var err error
		if values[i], err = ev.eval(argument); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// metrics is METRICS() or METRICS("part of an ID").
func metrics(ev *evaluation, c call) (value, error) {
	if len(c.arguments) > 1 {
		return nil, errorAt(c.position(), "METRICS takes at most one text")
	}
	if len(c.arguments) == 1 {
		if _, ok := c.arguments[0].(text); !ok {
			return nil, errorAt(c.position(), "METRICS takes at most one text")
		}
	}
	var all array
	for _, id := range ev.set.Metrics {
		if strings.Contains(id, c.filter()) {
			found, err := ev.result(id, c.position())
			if err != nil {
				return nil, err
			}
			all = append(all, found.Series...)
		}
	}
	return all, nil
}

// fill is FILL(series or array, number | series | REPEAT | LINEAR).
func fill(ev *evaluation, c call) (value, error) {
	if len(c.arguments) != 2 {
		return nil, errorAt(c.position(), "FILL does not take %d arguments", len(c.arguments))
	}
	filled, err := ev.eval(c.arguments[0])
	if err != nil {
		return nil, err
	}
	filler, err := ev.filler(c.arguments[1])
	if err != nil {
		return nil, err
	}
	switch v := filled.(type) {
	case Series:
		return filler(v), nil
	case array:
		return each(v, filler), nil
	}
	return nil, errorAt(c.position(), "FILL takes a time series or an array of them")
}

func (ev *evaluation) filler(n node) (func(Series) Series, error) {
	if w, ok := n.(word); ok {
		if w.name == "REPEAT" {
			return repeat, nil
		}
		return linear, nil
	}
	v, err := ev.eval(n)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case scalar:
		with := constant(float64(v), ev.length)
		return func(s Series) Series { return fillFrom(s, with) }, nil
	case Series:
		return func(s Series) Series { return fillFrom(s, v) }, nil
	}
	return nil, errorAt(n.position(), "FILL fills with a number, a time series, REPEAT or LINEAR")
}

func fillFrom(s, with Series) Series {
	out := Series{Label: s.Label, Values: slices.Clone(s.Values)}
	for i, v := range s.Values {
		if IsMissing(v) {
			out.Values[i] = with.Values[i]
		}
	}
	return out
}

// repeat fills with the last value before; the beginning stays missing.
func repeat(s Series) Series {
	out := Series{Label: s.Label, Values: slices.Clone(s.Values)}
	for i := 1; i < len(out.Values); i++ {
		if IsMissing(out.Values[i]) {
			out.Values[i] = out.Values[i-1]
		}
	}
	return out
}

// linear fills gaps with a straight line between their ends; beginning and end
// of the series stay missing.
func linear(s Series) Series {
	out := Series{Label: s.Label, Values: slices.Clone(s.Values)}
	last := -1
	for i, v := range s.Values {
		if IsMissing(v) {
			continue
		}
		for j := last + 1; last >= 0 && j < i; j++ {
			share := float64(j-last) / float64(i-last)
			out.Values[j] = finite(s.Values[last]*(1-share) + v*share)
		}
		last = i
	}
	return out
}

// choose is IF(condition, then[, otherwise]).
func choose(ev *evaluation, c call) (value, error) {
	arguments, err := ev.arguments(c, 2, 3)
	if err != nil {
		return nil, err
	}
	for _, v := range arguments {
		if _, ok := v.(array); ok {
			return nil, errorAt(c.position(), "IF does not take arrays of time series")
		}
	}
	otherwise := value(scalar(math.NaN()))
	if len(arguments) == 3 {
		otherwise = arguments[2]
	}
	switch condition := arguments[0].(type) {
	case Series:
		return chooseEach(condition, ev.series(arguments[1]), ev.series(otherwise)), nil
	case scalar:
		return chooseOne(ev, condition, arguments[1], otherwise), nil
	}
	return nil, errorAt(c.position(), "IF takes a number or a time series as its condition")
}

// chooseOne keeps the kind that the two values share, so that the kind of the
// result does not depend on the data.
func chooseOne(ev *evaluation, condition scalar, then, otherwise value) value {
	if condition == 0 || IsMissing(float64(condition)) {
		then, otherwise = otherwise, then
	}
	if then.kind() != otherwise.kind() {
		return ev.series(then)
	}
	return then
}

// chooseEach decides at each point of the condition; where there is none, there
// is no result. A missing value that was chosen by a true condition counts as 0.
func chooseEach(condition, then, otherwise Series) Series {
	out := Series{Label: condition.Label, Values: make([]float64, len(condition.Values))}
	for i, c := range condition.Values {
		switch {
		case IsMissing(c):
			out.Values[i] = math.NaN()
		case c != 0:
			out.Values[i] = orZero(then.Values[i])
		default:
			out.Values[i] = otherwise.Values[i]
		}
	}
	return out
}

// series is a number or a series as a series.
func (ev *evaluation) series(v value) Series {
	if s, ok := v.(Series); ok {
		return s
	}
	n, _ := v.(scalar)
	return constant(float64(n), ev.length)
}
