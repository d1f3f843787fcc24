package alarmeval

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type ruleTokenKind int

const (
	endOfRule   ruleTokenKind = iota
	punctuation               // ( ) or ,
	word                      // a keyword, a count or a name
	quotedName                // without its quotes
)

type ruleToken struct {
	kind     ruleTokenKind
	text     string
	position int
}

// unexpected is the error of a token that is none of those wanted. The words are
// AWS's, except for a rule that ends too early.
func (t ruleToken) unexpected(want string) *RuleError {
	message := fmt.Sprintf("Unsupported token '%s' at char %d", t.text, t.position)
	if t.kind == endOfRule {
		message = fmt.Sprintf("Unexpected end at char %d", t.position)
	}
	if want != "" {
		message += ", must be: " + want
	}
	return &RuleError{t.position, message}
}

// delimits is true of what a word cannot hold.
func delimits(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`(),"`, r) }

func lexRule(text string) ([]ruleToken, error) {
	var tokens []ruleToken
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unicode.IsSpace(r):
			at += size
		case r == '"':
			name, length, ok := unquoteName(text[at:])
			if !ok {
				return nil, &RuleError{at, fmt.Sprintf("Quote at char %d is not closed", at)}
			}
			tokens = append(tokens, ruleToken{quotedName, name, at})
			at += length
		case delimits(r):
			tokens = append(tokens, ruleToken{punctuation, text[at : at+size], at})
			at += size
		default:
			length := strings.IndexFunc(text[at:], delimits)
			if length < 0 {
				length = len(text) - at
			}
			tokens = append(tokens, ruleToken{word, text[at : at+length], at})
			at += length
		}
	}
	return append(tokens, ruleToken{endOfRule, "", len(text)}), nil
}

// unquoteName reads a quoted name at the beginning of text. A backslash means
// something before a quote only.
func unquoteName(text string) (name string, length int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), i + 1, true
		case text[i] == '\\' && strings.HasPrefix(text[i+1:], `"`):
			i++
		}
		b.WriteByte(text[i])
	}
	return "", 0, false
}
