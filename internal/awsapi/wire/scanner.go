package wire

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Scanner reads JSON forward, without a tree: the caller says what it expects
// next. After the first error everything reads as nothing; Err tells.
type Scanner struct {
	text    []byte
	at      int
	depth   int
	fresh   bool // nothing was read since Begin
	err     error
	scratch []byte // of a string that is not as it is written
	texts   []byte // what Text read
}

// NewScanner starts at the beginning of a text.
func NewScanner(text []byte) *Scanner { return &Scanner{text: text} }

// Err is the first error, also when something follows the value.
func (s *Scanner) Err() error {
	if s.space(); s.err == nil && s.at < len(s.text) {
		s.fail("something follows the value")
	}
	return s.err
}

// Fail stops the scanner with an error, unless it has one.
func (s *Scanner) Fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *Scanner) fail(what string) {
	s.Fail(malformed("Request is not JSON: %s at offset %d", what, s.at))
}

func (s *Scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the byte that the next value begins with, 0 at the end.
func (s *Scanner) peek() byte {
	s.space()
	if s.err != nil || s.at >= len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// take steps over c, if it is next.
func (s *Scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

func (s *Scanner) must(c byte) {
	if !s.take(c) {
		s.fail("no " + strconv.QuoteRune(rune(c)))
	}
}

// Begin steps into an object or a list: '{' or '['. More leads through it:
//
//	for s.Begin('{'); s.More('}'); {
//		switch string(s.Name()) { ... }
//	}
func (s *Scanner) Begin(open byte) {
	s.must(open)
	s.fresh = true
	if s.depth++; s.depth > maxDepth {
		s.Fail(malformed("Nesting is deeper than %d", maxDepth))
	}
}

// More tells whether another member or element follows, and steps out behind the last.
func (s *Scanner) More(end byte) bool {
	fresh := s.fresh
	s.fresh = false
	if s.err != nil {
		return false
	}
	if !fresh && s.take(',') || fresh && s.peek() != end {
		return true
	}
	s.must(end)
	s.depth--
	return false
}

// Name reads a member name. It is valid until the next string.
func (s *Scanner) Name() []byte {
	name := s.bytes()
	s.must(':')
	return name
}

// String reads a string.
func (s *Scanner) String() string { return string(s.bytes()) }

// bytes reads a string. It is valid until the next one.
func (s *Scanner) bytes() []byte {
	s.must('"')
	start := s.at
	for s.at < len(s.text) && plainByte[s.text[s.at]] {
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] == '"' {
		s.at++
		return s.text[start : s.at-1]
	}
	s.scratch = s.unescape(append(s.scratch[:0], s.text[start:s.at]...))
	return s.scratch
}

// Span is the place of a text in Texts.
type Span struct{ From, To int }

// In is the text at the place.
func (p Span) In(texts string) string { return texts[p.From:p.To] }

// Empty tells whether there is no text.
func (p Span) Empty() bool { return p.From == p.To }

// Text reads a string into Texts: cheaper than String when there are many.
func (s *Scanner) Text() Span {
	if s.texts == nil {
		s.texts = make([]byte, 0, len(s.text))
	}
	s.must('"')
	from := len(s.texts)
	s.texts = s.unescape(s.texts)
	return Span{from, len(s.texts)}
}

// Texts are all that Text read, in one string. Texts cut from it keep it in memory as a whole.
func (s *Scanner) Texts() string { return string(s.texts) }

// plainByte are the bytes that stand for themselves in a string.
var plainByte = func() (plain [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// unescape appends the rest of a string, up to and over the closing quote.
func (s *Scanner) unescape(b []byte) []byte {
	for s.err == nil {
		start := s.at
		for s.at < len(s.text) && plainByte[s.text[s.at]] {
			s.at++
		}
		b = append(b, s.text[start:s.at]...)
		switch {
		case s.at >= len(s.text):
			s.fail("a string that does not end")
		case s.text[s.at] == '"':
			s.at++
			return b
		case s.text[s.at] == '\\':
			b = s.escape(b)
		case s.text[s.at] < ' ':
			s.fail("a control character in a string")
		default:
			r, size := utf8.DecodeRune(s.text[s.at:]) // U+FFFD for what is not UTF-8
			b = utf8.AppendRune(b, r)
			s.at += size
		}
	}
	return b
}

// escaped are the characters that one letter after a backslash stands for.
var escaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *Scanner) escape(b []byte) []byte {
	if s.at+1 < len(s.text) && escaped[s.text[s.at+1]] != 0 {
		b = append(b, escaped[s.text[s.at+1]])
		s.at += 2
		return b
	}
	r, ok := s.codeUnit(s.at)
	if !ok {
		s.fail("an unknown escape")
		return b
	}
	s.at += 6
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(b, r)
	}
	low, _ := s.codeUnit(s.at)
	r = utf16.DecodeRune(r, low)
	if r != utf8.RuneError {
		s.at += 6
	}
	return utf8.AppendRune(b, r)
}

// codeUnit is the \uXXXX at a place.
func (s *Scanner) codeUnit(at int) (rune, bool) {
	if at+6 > len(s.text) || s.text[at] != '\\' || s.text[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.text[at+2:at+6]), 16, 16)
	return rune(n), err == nil
}

// Word reads null, true or false, if it is next.
func (s *Scanner) Word(word string) bool {
	if s.peek() != word[0] {
		return false
	}
	if end := s.at + len(word); end <= len(s.text) && string(s.text[s.at:end]) == word {
		s.at = end
		return true
	}
	s.fail("an unknown word")
	return false
}

// Number reads a number, as it is written.
func (s *Scanner) Number() []byte {
	s.space()
	start := s.at
	s.sign('-', '-')
	if first := s.at; s.digits() > 1 && s.text[first] == '0' {
		s.fail("a number that begins with 0")
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		s.digits()
	}
	if s.at < len(s.text) && (s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		s.at++
		s.sign('+', '-')
		s.digits()
	}
	return s.text[start:s.at]
}

func (s *Scanner) sign(a, b byte) {
	if s.at < len(s.text) && (s.text[s.at] == a || s.text[s.at] == b) {
		s.at++
	}
}

// digits steps over at least one digit.
func (s *Scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	if s.at == start {
		s.fail("no digit")
	}
	return s.at - start
}

// Skip reads any value.
func (s *Scanner) Skip() {
	switch s.peek() {
	case '{':
		for s.Begin('{'); s.More('}'); {
			s.Name()
			s.Skip()
		}
	case '[':
		for s.Begin('['); s.More(']'); {
			s.Skip()
		}
	case '"':
		s.bytes()
	case 'n':
		s.Word("null")
	case 't':
		s.Word("true")
	case 'f':
		s.Word("false")
	default:
		s.Number()
	}
}
