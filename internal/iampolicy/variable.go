package iampolicy

import "strings"

// expand makes a pattern of a text with policy variables: ${aws:username},
// ${aws:username, 'nobody'} with a default, and ${*}, ${?}, ${$} for the
// characters themselves. It fails when a variable has no value, or more than
// one: the text then matches nothing. A nil context leaves variables as text.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func expand(text string, ctx Context, toPattern func(string) pattern) (pattern, bool) {
	if ctx == nil {
		return toPattern(text), true
	}
	var p pattern
	for {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return append(p, toPattern(text)...), true
		}
		value, ok := ctx.variable(name)
		if !ok {
			return nil, false
		}
		p = append(append(p, toPattern(before)...), literal(value)...)
		text = after
	}
}

// variable is the value of what stands between the braces.
func (c Context) variable(inner string) (string, bool) {
	if inner == "*" || inner == "?" || inner == "$" {
		return inner, true
	}
	name, fallback, hasFallback := strings.Cut(inner, ",")
	values := c.values(strings.TrimSpace(name))
	if len(values) == 1 {
		return values[0], true
	}
	fallback = strings.TrimSpace(fallback)
	if len(values) > 1 || !hasFallback || len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
		return "", false
	}
	return fallback[1 : len(fallback)-1], true
}

// literal is a pattern without wildcards.
func literal(text string) pattern { return pattern([]rune(text)) }
