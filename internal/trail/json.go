package trail

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// The functions of this file walk over JSON text without decoding it. Each
// takes the text and the position where its thing begins, and returns the
// position behind it. The text may end anywhere: then they return errShort,
// and are called again with more.

var (
	errShort    = errors.New("text ends within a value")
	errEnvelope = errors.New("array of records begins")
)

// maxDepth bounds nesting. CloudTrail records stay below twenty.
const maxDepth = 500

// syntaxError says what is wrong at a position of the text.
type syntaxError struct {
	at     int
	reason string
}

func (e *syntaxError) Error() string { return e.reason }

func unexpected(b []byte, i int, want string) error {
	return &syntaxError{i, fmt.Sprintf("%q where %s should be", b[i], want)}
}

// value walks over any value.
func value(b []byte, i, depth int) (int, error) {
	if i >= len(b) {
		return i, errShort
	}
	switch c := b[i]; {
	case c == '"':
		return text(b, i)
	case c == '{':
		return object(b, i, depth, nil)
	case c == '[':
		return array(b, i, depth)
	case c == 't':
		return literal(b, i, "true")
	case c == 'f':
		return literal(b, i, "false")
	case c == 'n':
		return literal(b, i, "null")
	case c == '-' || isDigit(c):
		return number(b, i)
	}
	return i, unexpected(b, i, "a value")
}

// object walks over an object. Into the head, if there is one, it notes where
// the values are that the intake needs.
func object(b []byte, i, depth int, h *head) (int, error) {
	if depth > maxDepth {
		return i, &syntaxError{i, "nested too deeply"}
	}
	if i = space(b, i+1); i < len(b) && b[i] == '}' {
		return i + 1, nil
	}
	return members(b, i, depth, h)
}

// members walks over the members of an object, from the first key up to and
// including the closing brace.
func members(b []byte, i, depth int, h *head) (int, error) {
	for more := true; more; {
		key := i
		var err error
		if i, err = member(b, i); err != nil {
			return i, err
		}
		if h != nil {
			if err := h.note(b, key, i); err != nil {
				return i, err
			}
		}
		if i, err = value(b, i, depth+1); err != nil {
			return i, err
		}
		if i, more, err = separator(b, i, '}'); err != nil {
			return i, err
		}
	}
	return i, nil
}

// member walks over a key and its colon up to the value's first byte.
func member(b []byte, i int) (int, error) {
	if i < len(b) && b[i] != '"' {
		return i, unexpected(b, i, "a key")
	}
	i, err := text(b, i)
	if err != nil {
		return i, err
	}
	if i = space(b, i); i >= len(b) {
		return i, errShort
	}
	if b[i] != ':' {
		return i, unexpected(b, i, "a colon")
	}
	if i = space(b, i+1); i >= len(b) {
		return i, errShort
	}
	return i, nil
}

func array(b []byte, i, depth int) (int, error) {
	if depth > maxDepth {
		return i, &syntaxError{i, "nested too deeply"}
	}
	if i = space(b, i+1); i < len(b) && b[i] == ']' {
		return i + 1, nil
	}
	for more := true; more; {
		var err error
		if i, err = value(b, i, depth+1); err != nil {
			return i, err
		}
		if i, more, err = separator(b, i, ']'); err != nil {
			return i, err
		}
	}
	return i, nil
}

// separator walks over the comma or the closing bracket behind a value, and
// says whether another value follows.
func separator(b []byte, i int, closing byte) (next int, more bool, err error) {
	if i = space(b, i); i >= len(b) {
		return i, false, errShort
	}
	switch b[i] {
	case closing:
		return i + 1, false, nil
	case ',':
		return space(b, i+1), true, nil
	}
	return i, false, unexpected(b, i, "a comma or "+string(closing))
}

// text walks over a string.
func text(b []byte, i int) (int, error) {
	for i++; ; i++ {
		if i = ordinary(b, i); i >= len(b) {
			return i, errShort
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, nil
		case c < ' ':
			return i, unexpected(b, i, "a character of a string")
		case c == '\\':
			var err error
			if i, err = escape(b, i+1); err != nil {
				return i, err
			}
		}
	}
}

// ordinary walks over characters of a string that mean themselves, eight at a
// time as long as none of them is a quote, a backslash or a control character.
// Most of a record is such text.
func ordinary(b []byte, i int) int {
	const ones, highs = 0x0101_0101_0101_0101, 0x8080_8080_8080_8080
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, backslash := w^ones*'"', w^ones*'\\'
		special := ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-ones*' ')&^w) & highs
		if special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
		i++
	}
	return i
}

// escape walks from behind a backslash to the last byte of the escape.
func escape(b []byte, i int) (int, error) {
	if i >= len(b) {
		return i, errShort
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i, nil
	case 'u':
		for range 4 {
			if i++; i >= len(b) {
				return i, errShort
			}
			if !isHex(b[i]) {
				return i, unexpected(b, i, "a hexadecimal digit")
			}
		}
		return i, nil
	}
	return i, unexpected(b, i, "an escape")
}

// number walks over a number. One that ends with the text may go on behind it.
func number(b []byte, i int) (int, error) {
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if i = digits(b, i); i < len(b) && !isDigit(b[i-1]) {
		return i, unexpected(b, i, "a digit")
	}
	if i < len(b) && b[i] == '.' {
		if i = digits(b, i+1); i < len(b) && b[i-1] == '.' {
			return i, unexpected(b, i, "a digit")
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i = digits(b, i); i < len(b) && !isDigit(b[i-1]) {
			return i, unexpected(b, i, "a digit")
		}
	}
	if i >= len(b) {
		return i, errShort
	}
	return i, nil
}

func digits(b []byte, i int) int {
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	return i
}

func literal(b []byte, i int, want string) (int, error) {
	for j := range len(want) {
		if i+j >= len(b) {
			return i + j, errShort
		}
		if b[i+j] != want[j] {
			return i + j, unexpected(b, i+j, want)
		}
	}
	return i + len(want), nil
}

func space(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
