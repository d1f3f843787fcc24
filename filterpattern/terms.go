package filterpattern

import (
	"bytes"
	"slices"
	"strings"
)

func parseTerms(src string, start int) (Node, error) {
	list := &TermList{position: position(start)}
	l := &lexer{src: src, pos: start}
	for {
		l.pos = scanWhile(src, l.pos, isSpace)
		if l.pos == len(src) {
			return list, nil
		}
		t, err := l.term()
		if err != nil {
			return nil, err
		}
		list.Terms = append(list.Terms, t)
	}
}

// term reads a word or a quoted phrase with the sign before it. A sign ends
// the word before it: a-b is two terms.
func (l *lexer) term() (*Term, error) {
	t := &Term{position: position(l.pos)}
	switch l.src[l.pos] {
	case '-':
		t.Mode = Exclude
		l.pos++
	case '?':
		t.Mode = Optional
		l.pos++
	}
	var err error
	if at(l.src, l.pos) == '"' {
		t.Text, err = l.phrase()
	} else {
		t.Text, err = l.bareTerm(t.Mode != Include)
	}
	t.raw = []byte(t.Text)
	return t, err
}

func (l *lexer) bareTerm(signed bool) (string, error) {
	word := l.token(tokWord, scanWhile(l.src, l.pos, isWordRune)).text
	switch c := at(l.src, l.pos); {
	case word == "" && signed && (l.pos == len(l.src) || isSpace(rune(c)) || c == '-' || c == '?'):
		return "", invalid(l.pos)
	case c == '"':
		return "", invalid(l.pos)
	case word == "":
		return "", l.fail(l.pos)
	}
	return word, nil
}

// phrase reads a quoted text, which must stand apart from the next term.
func (l *lexer) phrase() (string, error) {
	t, err := l.quoted()
	if err != nil {
		return "", err
	}
	if t.value == "" {
		return "", invalidTerm(t.pos, t.text)
	}
	if l.pos < len(l.src) && strings.IndexByte(" \t\r\n-?", l.src[l.pos]) < 0 {
		return "", invalid(l.pos)
	}
	return t.value, nil
}

// match asks for all included terms and no excluded one, or for any term if all
// are optional.
func (l *TermList) match(message []byte) bool {
	holds := func(t *Term) bool { return t.holds(message) }
	if l.onlyOptional() {
		return slices.ContainsFunc(l.Terms, holds)
	}
	for _, t := range l.Terms {
		if t.Mode != Optional && !holds(t) {
			return false
		}
	}
	return true
}

func (t *Term) holds(message []byte) bool {
	return bytes.Contains(message, t.raw) == (t.Mode != Exclude)
}

// onlyOptional reports whether one optional term is enough. Beside other terms
// optional ones are ignored: that is AWS's rule, not ours.
func (l *TermList) onlyOptional() bool {
	return !slices.ContainsFunc(l.Terms, func(t *Term) bool { return t.Mode != Optional })
}

// ignored reports whether a term of the list does not count.
func (l *TermList) ignored(t *Term) bool { return t.Mode == Optional && !l.onlyOptional() }
