package filterpolicy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

type kind int

const (
	aString kind = iota
	aNumber
	aLiteral // true, false, null
	aArray
	aObject
)

// value is a value of a policy's JSON, with the places that refusals name. They
// are byte offsets into the text.
type value struct {
	kind  kind
	text  string // of a string its content, else as it is written
	keys  []string
	items []*value // of an array, or the values of an object's keys
	at    int      // where AWS's reader stands when it sees the value: behind its first quote or bracket, or behind a number or literal
	end   int      // behind the value
	all   *string  // the whole text
}

// reader turns a valid text into values.
type reader struct {
	text    string
	decoder *json.Decoder
}

// read reads a policy, which must be valid JSON.
func read(text string) (*value, error) {
	r := reader{text: text, decoder: json.NewDecoder(strings.NewReader(text))}
	r.decoder.UseNumber()
	document, err := r.value()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, ErrSyntax
	}
	if document.kind != aObject {
		return nil, document.refuse(document.at, "Filter is not an object")
	}
	return document, nil
}

func (r *reader) value() (*value, error) {
	before := int(r.decoder.InputOffset())
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	v := &value{all: &r.text, end: int(r.decoder.InputOffset())}
	v.at = v.end
	switch token := token.(type) {
	case string:
		v.kind, v.text = aString, token
		v.at = before + strings.IndexByte(r.text[before:], '"') + 1
	case json.Number:
		v.kind, v.text = aNumber, token.String()
	case json.Delim:
		v.kind, v.text = aArray, token.String()
		if token == '{' {
			v.kind = aObject
		}
		return v, r.items(v)
	case nil:
		v.kind, v.text = aLiteral, "null"
	default:
		v.kind, v.text = aLiteral, fmt.Sprint(token)
	}
	return v, nil
}

func (r *reader) items(v *value) error {
	for r.decoder.More() {
		if v.kind == aObject {
			key, err := r.decoder.Token()
			if err != nil {
				return err
			}
			v.keys = append(v.keys, fmt.Sprint(key))
		}
		item, err := r.value()
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := r.decoder.Token() // the closing bracket
	v.end = int(r.decoder.InputOffset())
	return err
}

// refuse is an error with the place that AWS's reader, Jackson, adds.
func (v *value) refuse(at int, format string, args ...any) error {
	before := (*v.all)[:at]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return fmt.Errorf(format+"\n at [Source: (String)%s; line: %d, column: %d]", append(args, source(*v.all),
		strings.Count(before, "\n")+1, len(utf16.Encode([]rune(line)))+1)...)
}

const maxSource = 500 // characters of the text that Jackson shows

func source(text string) string {
	units := utf16.Encode([]rune(text))
	rest := ""
	if more := len(units) - maxSource; more > 0 {
		units, rest = units[:maxSource], fmt.Sprintf("[truncated %d chars]", more)
	}
	var b strings.Builder
	for _, r := range utf16.Decode(units) {
		if unicode.IsControl(r) && r != '\n' && r != '\r' {
			fmt.Fprintf(&b, `\u%04X`, r)
			continue
		}
		b.WriteRune(r)
	}
	return `"` + b.String() + `"` + rest
}
