package filterpattern

import (
	"fmt"
	"unicode/utf8"
)

// MaxLength is the number of characters that a pattern may have at most.
const MaxLength = 1024

// InvalidPattern is AWS's text for a syntax error that it does not describe
// further. FilterLogEvents says "Invalid filter pattern" in its place.
const InvalidPattern = "Invalid metric filter pattern"

// SyntaxError says why a text is not a filter pattern. AWS reports all of them
// as InvalidParameterException.
type SyntaxError struct {
	Offset int    // byte in the text as given at which it stops being a pattern
	Msg    string // AWS's text
}

// Error returns AWS's text and nothing else.
func (e *SyntaxError) Error() string { return e.Msg }

func invalid(offset int) error { return &SyntaxError{offset, InvalidPattern} }

// invalidTerm quotes the beginning of a token up to and including the first
// character that does not fit, as the service does.
func invalidTerm(offset int, fragment string) error {
	return &SyntaxError{offset, "Invalid character(s) in term '" + fragment + "'"}
}

func checkLength(text string) error {
	if utf8.RuneCountInString(text) <= MaxLength {
		return nil
	}
	return &SyntaxError{0, fmt.Sprintf("1 validation error detected: Value '%s' at 'filterPattern' failed to satisfy constraint: "+
		"Member must have length less than or equal to %d", text, MaxLength)}
}
