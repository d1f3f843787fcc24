package filterpattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lexer serves JSON and space-delimited patterns, which share their
// operators and values. It fails on the first character that cannot continue a
// token, and says so in the words of AWS's generated lexer: the text of the
// token so far, that character included.

type tokenKind int

const (
	tokEnd      tokenKind = iota // of the pattern
	tokSymbol                    // an operator or bracket, text says which
	tokSelector                  // steps
	tokNumber
	tokWord   // a bare text or a keyword
	tokQuoted // value is the text without quotes and escapes
	tokRegex  // value is the text without percent signs
)

type token struct {
	kind  tokenKind
	pos   int
	text  string // as it stands in the pattern
	value string
	steps []Step
}

func (t token) is(symbol string) bool { return t.kind == tokSymbol && t.text == symbol }

// word reports whether t is a keyword. Keywords are case-insensitive.
func (t token) word(keyword string) bool {
	return t.kind == tokWord && strings.EqualFold(t.text, keyword)
}

type lexer struct {
	src   string // up to the end of the pattern
	pos   int
	space bool // a space-delimited pattern: commas and brackets, no selectors
}

// Longer symbols stand before their own beginnings.
var (
	jsonSymbols  = [...]string{"&&", "||", "!=", "<=", ">=", "=", "<", ">", "(", ")", "{", "}"}
	spaceSymbols = [...]string{"&&", "||", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ","}
)

func (l *lexer) next() (token, error) {
	l.pos = scanWhile(l.src, l.pos, isSpace)
	if l.pos == len(l.src) {
		return token{kind: tokEnd, pos: l.pos}, nil
	}
	switch c := l.src[l.pos]; {
	case c == '"':
		return l.quoted()
	case c == '%':
		return l.regex()
	case c == '$' && !l.space:
		return l.selector()
	}
	if symbol := l.symbol(); symbol != "" {
		return l.token(tokSymbol, l.pos+len(symbol)), nil
	}
	number := scanNumber(l.src, l.pos)
	word := scanWhile(l.src, l.pos, isBareRune)
	switch {
	case number > l.pos && number >= word:
		return l.token(tokNumber, number), nil
	case word > l.pos:
		return l.token(tokWord, word), nil
	}
	return token{}, l.stray()
}

func (l *lexer) symbol() string {
	symbols := jsonSymbols[:]
	if l.space {
		symbols = spaceSymbols[:]
	}
	for _, s := range symbols {
		if strings.HasPrefix(l.src[l.pos:], s) {
			return s
		}
	}
	return ""
}

// token takes the text up to end.
func (l *lexer) token(kind tokenKind, end int) token {
	t := token{kind: kind, pos: l.pos, text: l.src[l.pos:end]}
	l.pos = end
	return t
}

// stray is the error for a character that begins no token, or only the first
// of two.
func (l *lexer) stray() error {
	switch c := l.src[l.pos]; {
	case c == '[':
		_, fail, ok := scanBracket(l.src, l.pos)
		if ok {
			return invalid(l.pos)
		}
		return l.fail(fail)
	case strings.IndexByte("!&|+", c) >= 0:
		return l.fail(l.pos + 1)
	}
	return l.fail(l.pos)
}

// fail quotes the token at l.pos up to and including the character at p.
func (l *lexer) fail(p int) error {
	_, size := utf8.DecodeRuneInString(l.src[p:])
	return invalidTerm(l.pos, l.src[l.pos:p+size])
}

func (l *lexer) selector() (token, error) {
	steps, end, ok := scanSelector(l.src, l.pos)
	if !ok {
		return token{}, l.fail(end)
	}
	t := l.token(tokSelector, end)
	t.steps = steps
	return t, nil
}

func (l *lexer) quoted() (token, error) {
	for p := l.pos + 1; p < len(l.src); p++ {
		switch l.src[p] {
		case '\\':
			p++
		case '"':
			t := l.token(tokQuoted, p+1)
			t.value = unescape(t.text[1 : len(t.text)-1])
			return t, nil
		}
	}
	return token{}, l.fail(len(l.src))
}

func (l *lexer) regex() (token, error) {
	end := scanWhile(l.src, l.pos+1, isRegexRune)
	if at(l.src, end) != '%' || end == l.pos+1 {
		return token{}, l.fail(end)
	}
	t := l.token(tokRegex, end+1)
	t.value = t.text[1 : len(t.text)-1]
	return t, nil
}

// unescape resolves \" and \\; a backslash before anything else stays.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && (at(s, i+1) == '"' || at(s, i+1) == '\\') {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func isASCIIDigit(r rune) bool { return '0' <= r && r <= '9' }

// isIdentRune says what the names of fields are made of; none begins with a digit.
func isIdentRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isNameRune(r rune) bool { return r == '-' || isIdentRune(r) } // of $.name
func isWordRune(r rune) bool { return r == '.' || isIdentRune(r) } // of an unquoted term
func isBareRune(r rune) bool { return r == '-' || r == '*' || isWordRune(r) }
func isRegexRune(r rune) bool {
	return r < unicode.MaxASCII && (isIdentRune(r) || strings.ContainsRune(` :#=@/;,-^$?[]{}|\*+.`, r))
}
