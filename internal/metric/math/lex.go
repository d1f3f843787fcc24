package math

import (
	"fmt"
	"strings"
)

// Error says what is wrong with an expression. Offset is the place in bytes.
type Error struct {
	Offset  int
	Message string
}

func (e *Error) Error() string { return e.Message }

func errorAt(offset int, format string, args ...any) *Error {
	return &Error{Offset: offset, Message: fmt.Sprintf(format, args...)}
}

type kind int

const (
	endToken kind = iota
	numberToken
	nameToken   // m1, SUM, AND
	textToken   // "errors", without its quotes
	symbolToken // operators, brackets, comma
)

type token struct {
	kind   kind
	text   string
	offset int
}

// symbols, the longer first.
var symbols = [...]string{"==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "^", "<", ">", "(", ")", "[", "]", ","}

func lex(input string) ([]token, error) {
	var tokens []token
	for offset := 0; offset < len(input); {
		if strings.IndexByte(" \t\r\n", input[offset]) >= 0 {
			offset++
			continue
		}
		t, length, err := lexOne(input[offset:], offset)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		offset += length
	}
	return append(tokens, token{endToken, "", len(input)}), nil
}

func lexOne(rest string, offset int) (token, int, error) {
	switch c := rest[0]; {
	case isDigit(c) || c == '.':
		n := numberLength(rest)
		return token{numberToken, rest[:n], offset}, n, nil
	case isLetter(c):
		n := runLength(rest, func(c byte) bool { return isLetter(c) || isDigit(c) })
		return token{nameToken, rest[:n], offset}, n, nil
	case c == '"' || c == '\'':
		end := strings.IndexByte(rest[1:], c)
		if end < 0 {
			return token{}, 0, errorAt(offset, "a text has no closing quote")
		}
		return token{textToken, rest[1 : 1+end], offset}, end + 2, nil
	}
	for _, symbol := range symbols {
		if strings.HasPrefix(rest, symbol) {
			return token{symbolToken, symbol, offset}, len(symbol), nil
		}
	}
	return token{}, 0, errorAt(offset, "unexpected character %q", []rune(rest)[0])
}

// numberLength is the length of digits, a fraction and an exponent, of which
// each may be missing.
func numberLength(s string) int {
	n := runLength(s, isDigit)
	if n < len(s) && s[n] == '.' {
		n += 1 + runLength(s[n+1:], isDigit)
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		sign := n + 1
		if sign < len(s) && (s[sign] == '+' || s[sign] == '-') {
			sign++
		}
		if digits := runLength(s[sign:], isDigit); digits > 0 {
			n = sign + digits
		}
	}
	return n
}

func runLength(s string, in func(byte) bool) int {
	for i := range len(s) {
		if !in(s[i]) {
			return i
		}
	}
	return len(s)
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
