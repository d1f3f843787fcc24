package math

import "slices"

// Set is the queries of one request or alarm: metrics and the expressions over
// them and over each other.
type Set struct {
	Metrics     []string // IDs, in the order of the request
	Expressions map[string]*Expression
}

// Reads are the metrics that an expression reads, directly or through others, sorted.
func (s Set) Reads(id string) []string {
	var reads []string
	seen := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		if seen[id] {
			return
		}
		seen[id] = true
		if e, ok := s.Expressions[id]; ok {
			for _, needed := range e.Needs(s.Metrics) {
				visit(needed)
			}
		} else if slices.Contains(s.Metrics, id) {
			reads = append(reads, id)
		}
	}
	visit(id)
	slices.Sort(reads)
	return reads
}

// Eval computes an expression over series of the given length. The error is an
// *Error; it does not depend on the values, so that a set is checked by
// evaluating it over series of length 0.
func (s Set) Eval(id string, length int, metric func(id string) Series) (Result, error) {
	ev := &evaluation{set: s, length: length, metric: metric, done: map[string]Result{}, busy: map[string]bool{}}
	return ev.result(id, 0)
}

// evaluation computes each query once.
type evaluation struct {
	set    Set
	length int
	metric func(id string) Series
	done   map[string]Result
	busy   map[string]bool // expressions that wait for others: meeting one again is a circle
}

func (ev *evaluation) result(id string, position int) (Result, error) {
	if r, ok := ev.done[id]; ok {
		return r, nil
	}
	if ev.busy[id] {
		return Result{}, errorAt(position, "%s refers to itself", id)
	}
	if slices.Contains(ev.set.Metrics, id) {
		ev.done[id] = Result{Series: []Series{ev.metric(id)}}
		return ev.done[id], nil
	}
	e, ok := ev.set.Expressions[id]
	if !ok {
		return Result{}, errorAt(position, "%s is not the ID of a query", id)
	}
	ev.busy[id] = true
	r, err := ev.expression(e)
	ev.busy[id] = false
	if err == nil {
		ev.done[id] = r
	}
	return r, err
}

func (ev *evaluation) expression(e *Expression) (Result, error) {
	computed, err := ev.eval(e.root)
	if err != nil {
		return Result{}, err
	}
	switch c := computed.(type) {
	case Series:
		return Result{Series: []Series{c}}, nil
	case array:
		return Result{Series: c, Array: true}, nil
	}
	return Result{}, errorAt(0, "the result of an expression must be a time series")
}
