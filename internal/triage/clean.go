package triage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is shown of a field, in characters.
const (
	maxName     = 100
	maxARN      = 250
	maxMessage  = 300
	maxAgent    = 220
	maxEventID  = 80
	maxLine     = 400
	replacement = '\ufffd'
)

// clean makes one line of at most limit characters of a text: white space of
// all kinds becomes single spaces, and characters that do not show (controls,
// direction overrides, zero-width ones) become U+FFFD, so that nothing can
// hide and the text cannot reach out of its place.
func clean(s string, limit int) string {
	var b strings.Builder
	space, n := false, 0
	for i, c := range s {
		switch {
		case unicode.IsSpace(c):
			space = b.Len() > 0
			continue
		case !shows(c):
			c = replacement
		}
		if space {
			b.WriteByte(' ')
			space = false
			n++
		}
		if n >= limit-1 && utf8.RuneCountInString(s[i:]) > 1 {
			return strings.TrimSuffix(b.String(), " ") + "…"
		}
		b.WriteRune(c)
		n++
	}
	return b.String()
}

// shows says whether a character is a visible mark of its own. The Hangul and
// Braille blanks are letters and symbols to Unicode, but show nothing.
func shows(c rune) bool {
	switch c {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800', '\u034f':
		return false
	}
	return unicode.IsGraphic(c) && !unicode.Is(unicode.Variation_Selector, c)
}
