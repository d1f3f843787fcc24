package filterpattern

import (
	"regexp"
	"strings"
)

// compiled hides the expression's program from users of Regexp.
type compiled struct{ program *regexp.Regexp }

// newRegexp compiles an expression whose characters have been checked. AWS's
// dialect behaves as RE2 does, so Go's is used without any flag.
func newRegexp(pos int, expr string) (*Regexp, error) {
	program, err := regexp.Compile(goSyntax(expr))
	if err != nil {
		return nil, &SyntaxError{pos, "Failed to compile regular expression."}
	}
	return &Regexp{position(pos), expr, compiled{program}}, nil
}

// goSyntax writes {,n}, which AWS documents and RE2 takes literally, as {0,n}.
func goSyntax(expr string) string {
	var b strings.Builder
	for i := 0; i < len(expr); {
		if isOpenRepeat(expr[i:]) {
			b.WriteString("{0")
			i++
			continue
		}
		end := i + 1
		switch expr[i] {
		case '\\':
			end = min(i+2, len(expr))
		case '[':
			end = classEnd(expr, i)
		}
		b.WriteString(expr[i:end])
		i = end
	}
	return b.String()
}

// isOpenRepeat reports whether s begins with {,n}.
func isOpenRepeat(s string) bool {
	if !strings.HasPrefix(s, "{,") {
		return false
	}
	end := scanWhile(s, 2, isASCIIDigit)
	return end > 2 && at(s, end) == '}'
}

// classEnd returns the offset after the character class that begins at p, in
// which a leading bracket and a class like [:alpha:] do not end it.
func classEnd(s string, p int) int {
	p++
	if at(s, p) == '^' {
		p++
	}
	if at(s, p) == ']' {
		p++
	}
	for p < len(s) && s[p] != ']' {
		if named := strings.Index(s[p:], ":]"); strings.HasPrefix(s[p:], "[:") && named > 0 {
			p += named + 1
		} else if s[p] == '\\' {
			p++
		}
		p++
	}
	return min(p+1, len(s))
}
