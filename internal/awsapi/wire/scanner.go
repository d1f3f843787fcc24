package wire

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// QuickJSON is an input with a JSON decoder of its own, for requests that come
// in bulk. QuickJSON fills the input and returns true only if the request is plain
// and satisfies all constraints. Else the general path reads it again and says
// what is wrong: a quick decoder never makes an error of its own.
type QuickJSON interface {
	QuickJSON(body []byte) bool
}

// Scanner reads JSON for quick decoders: forward, without a tree. It gives up on
// the first unusual thing, such as a null, an escaped member name or bytes that
// are not UTF-8; Done tells.
type Scanner struct {
	text   []byte
	at     int
	failed bool
	texts  []byte // all texts that were read, unescaped
}

// NewScanner starts at the beginning of a text.
func NewScanner(text []byte) *Scanner {
	return &Scanner{text: text, texts: make([]byte, 0, len(text))}
}

// Fail gives up.
func (s *Scanner) Fail() { s.failed = true }

// Done tells whether everything was read and nothing was unusual.
func (s *Scanner) Done() bool {
	s.space()
	return !s.failed && s.at == len(s.text)
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

// take steps over c after white space, if it is there.
func (s *Scanner) take(c byte) bool {
	s.space()
	if s.at >= len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *Scanner) must(c byte) {
	if !s.take(c) {
		s.failed = true
	}
}

// Object reads an object. The function reads the value of the member; the name is only valid meanwhile.
func (s *Scanner) Object(member func(name []byte)) {
	s.must('{')
	if s.take('}') {
		return
	}
	for !s.failed {
		name := s.name()
		s.must(':')
		if s.failed {
			return
		}
		member(name)
		if !s.take(',') {
			s.must('}')
			return
		}
	}
}

// name is a member name, as it is written.
func (s *Scanner) name() []byte {
	s.must('"')
	start := s.at
	for s.at < len(s.text) && plainByte[s.text[s.at]] {
		s.at++
	}
	name := s.text[start:s.at]
	s.must('"')
	return name
}

// List reads a list. The function reads an element.
func (s *Scanner) List(element func()) {
	s.must('[')
	if s.take(']') {
		return
	}
	for !s.failed {
		element()
		if !s.take(',') {
			s.must(']')
			return
		}
	}
}

// Span is a place in Texts.
type Span struct{ From, To int }

// In is the text at the place.
func (p Span) In(texts string) string { return texts[p.From:p.To] }

// Empty tells whether there is no text.
func (p Span) Empty() bool { return p.From == p.To }

// Texts are all texts in one string. The texts cut from it keep it in memory as a whole.
func (s *Scanner) Texts() string { return string(s.texts) }

// Text reads a string.
func (s *Scanner) Text() Span {
	s.must('"')
	from := len(s.texts)
	ascii := true
	for !s.failed {
		start := s.at
		for s.at < len(s.text) && plainByte[s.text[s.at]] {
			s.at++
		}
		s.texts = append(s.texts, s.text[start:s.at]...)
		if s.at == len(s.text) {
			s.failed = true
			break
		}
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			if !ascii && !utf8.Valid(s.texts[from:]) {
				s.failed = true
			}
			return Span{from, len(s.texts)}
		case c == '\\':
			s.escape()
		case c >= utf8.RuneSelf:
			ascii = false
			s.texts = append(s.texts, c)
			s.at++
		default:
			s.failed = true // a control character
		}
	}
	return Span{from, from}
}

// plainByte are the bytes that stand for themselves in a string.
var plainByte = func() (plain [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// escaped are the characters that one letter after a backslash stands for.
var escaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *Scanner) escape() {
	if s.at+1 >= len(s.text) {
		s.failed = true
		return
	}
	c := s.text[s.at+1]
	if c == 'u' {
		s.escapedRune()
		return
	}
	if escaped[c] == 0 {
		s.failed = true
		return
	}
	s.texts = append(s.texts, escaped[c])
	s.at += 2
}

// escapedRune reads \uXXXX, or two of them that are a pair of surrogates.
func (s *Scanner) escapedRune() {
	r := s.hex(s.at)
	s.at += 6
	if utf16.IsSurrogate(r) {
		r = utf16.DecodeRune(r, s.hex(s.at))
		s.at += 6
	}
	if r < 0 || r == utf8.RuneError {
		s.failed = true
		return
	}
	s.texts = utf8.AppendRune(s.texts, r)
}

// hex is the code unit of the \uXXXX at a place, -1 if there is none.
func (s *Scanner) hex(at int) rune {
	if at+6 > len(s.text) || s.text[at] != '\\' || s.text[at+1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(s.text[at+2:at+6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// Int reads a whole number of up to 18 digits that is not negative.
func (s *Scanner) Int() int64 {
	s.space()
	var n int64
	start := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		n = n*10 + int64(s.text[s.at]-'0')
		s.at++
	}
	digits := s.at - start
	if digits == 0 || digits > 18 || digits > 1 && s.text[start] == '0' || s.at < len(s.text) && numeric[s.text[s.at]] {
		s.failed = true
	}
	return n
}

// numeric are the bytes that may follow the digits of a number that is not whole.
var numeric = [256]bool{'.': true, 'e': true, 'E': true}
