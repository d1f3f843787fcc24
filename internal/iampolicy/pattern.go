package iampolicy

import "unicode"

// pattern is a text with wildcards. What came out of a policy variable is
// literal even if it has an asterisk in it, so wildcards are values that no
// character has.
type pattern []rune

const (
	anything  rune = -1 - iota // * : any run of characters
	inSegment                  // * in the middle of an ARN's segment: any run without a colon
	oneRune                    // ?
)

// wildcards makes a pattern of a text.
func wildcards(text string) pattern {
	p := make(pattern, 0, len(text))
	for _, c := range text {
		switch c {
		case '*':
			c = anything
		case '?':
			c = oneRune
		}
		p = append(p, c)
	}
	return p
}

// segmented keeps the asterisks of an ARN within their segment, as AWS does,
// but those at a segment's end, which reach beyond it.
func (p pattern) segmented() pattern {
	for i, c := range p {
		if c == anything && i+1 < len(p) && p[i+1] != ':' {
			p[i] = inSegment
		}
	}
	return p
}

// fold makes a pattern for matching without regard to case.
func (p pattern) fold() pattern {
	for i, c := range p {
		if c >= 0 {
			p[i] = unicode.ToLower(c)
		}
	}
	return p
}

// match tells whether the whole text fits, in time bounded by the product of
// the lengths.
func (p pattern) match(text string) bool {
	t := []rune(text)
	reach := make([]bool, len(t)+1) // reach[j]: p[:i] matches t[:j]
	reach[0] = true
	for _, c := range p {
		reach = step(c, t, reach)
	}
	return reach[len(t)]
}

// step is reach with one more element of the pattern.
func step(c rune, t []rune, reach []bool) []bool {
	next := make([]bool, len(reach))
	for j := range next {
		switch {
		case c == anything:
			next[j] = reach[j] || j > 0 && next[j-1]
		case c == inSegment:
			next[j] = reach[j] || j > 0 && next[j-1] && t[j-1] != ':'
		default:
			next[j] = j > 0 && reach[j-1] && (c == oneRune || c == t[j-1])
		}
	}
	return next
}
