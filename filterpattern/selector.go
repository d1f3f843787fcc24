package filterpattern

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Selector is a path into a JSON object, such as $.userIdentity.arn.
type Selector struct {
	position
	Steps []Step // at least one
}

// Step goes one level down.
type Step struct {
	Kind  StepKind
	Key   string // of a Property
	Index int    // of an Index, from 0
}

// StepKind is the kind of a Step.
type StepKind int

// The steps. Nothing is flattened: a Property of an array and an Index of an
// object select nothing.
const (
	Property StepKind = iota // .key or .['key']
	Index                    // [0]
	Wildcard                 // .* or [*]: all elements of an array, all values of an object
)

// wildcard returns the place of the first wildcard in Steps, or -1.
func (s *Selector) wildcard() int {
	for i, step := range s.Steps {
		if step.Kind == Wildcard {
			return i
		}
	}
	return -1
}

func (s *Selector) wildcards() int {
	n := 0
	for _, step := range s.Steps {
		if step.Kind == Wildcard {
			n++
		}
	}
	return n
}

// scanSelector reads the longest selector that begins with the dollar sign at
// start. A selector without any step is an error, and then end is the offset of
// the character that does not fit.
func scanSelector(s string, start int) (steps []Step, end int, ok bool) {
	end = start + 1
	for {
		step, next, ok := scanStep(s, end, len(steps) == 0)
		if !ok && len(steps) == 0 {
			return nil, next, false
		}
		if !ok {
			return steps, end, true
		}
		steps, end = append(steps, step), next
	}
}

// scanStep reads a step at p and returns the offset after it, or if there is
// none the offset of the character that does not fit.
func scanStep(s string, p int, first bool) (Step, int, bool) {
	switch {
	case at(s, p) == '[' && !first:
		return scanBracket(s, p)
	case at(s, p) != '.':
		return Step{}, p, false
	case at(s, p+1) == '*':
		return Step{Kind: Wildcard}, p + 2, true
	case at(s, p+1) == '[':
		return scanBracket(s, p+1)
	}
	end := scanWhile(s, p+1, isNameRune)
	return Step{Key: s[p+1 : end]}, end, end > p+1
}

// scanBracket reads [0], [*] or ['key'].
func scanBracket(s string, p int) (Step, int, bool) {
	step, end := Step{}, p+1
	switch c := at(s, end); {
	case c == '*':
		step.Kind = Wildcard
		end++
	case c == '\'':
		end = scanWhile(s, p+2, func(r rune) bool { return r != '\'' })
		if at(s, end) != '\'' || end == p+2 {
			return step, end, false
		}
		step.Key = s[p+2 : end]
		end++
	default:
		step.Kind = Index
		end = scanWhile(s, end, isASCIIDigit)
		if end == p+1 {
			return step, end, false
		}
		step.Index, _ = strconv.Atoi(s[p+1 : end]) // MaxInt if out of range, which selects nothing either
	}
	if at(s, end) != ']' {
		return step, end, false
	}
	return step, end + 1, true
}

// at returns the byte at p, or 0 after the end.
func at(s string, p int) byte {
	if p < len(s) {
		return s[p]
	}
	return 0
}

// scanWhile returns the offset after the run of characters at p that satisfy f.
func scanWhile(s string, p int, f func(rune) bool) int {
	for p < len(s) {
		r, size := utf8.DecodeRuneInString(s[p:])
		if !f(r) {
			break
		}
		p += size
	}
	return p
}

func (s *Selector) String() string {
	var b strings.Builder
	b.WriteByte('$')
	for i, step := range s.Steps {
		b.WriteString(step.text(i == 0))
	}
	return b.String()
}

// prefix is the path that the first n steps make.
func (s *Selector) prefix(n int) string {
	return (&Selector{Steps: s.Steps[:n]}).String()
}

func (s Step) text(first bool) string {
	dot := ""
	if first {
		dot = "."
	}
	switch {
	case s.Kind == Index:
		return dot + "[" + strconv.Itoa(s.Index) + "]"
	case s.Kind == Wildcard && first:
		return ".*"
	case s.Kind == Wildcard:
		return "[*]"
	case s.Key != "" && scanWhile(s.Key, 0, isNameRune) == len(s.Key):
		return "." + s.Key
	}
	return ".['" + s.Key + "']"
}
