package filterpattern

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// seed is a line of filter_patterns.jsonl; vectors_test.go reads the rest of it.
type seed struct{ Pattern, Event string }

func seeds(f *testing.F) []seed {
	f.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "vectors", "filter_patterns.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	var list []seed
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var s seed
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			f.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// FuzzParsePrint holds that the canonical form parses to the same tree and
// prints as itself, and that errors point into the text.
func FuzzParsePrint(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s.Pattern)
	}
	f.Add(`{ $.['a b'][0].* != "\\\"*" && ($.b >= -1.5e+3 || $.c IS NULL) }`)
	f.Add("[(a=1||a=x)&&a!=%y{,2}%,,...,]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parse(text)
		if err != nil {
			if offset := err.(*SyntaxError).Offset; offset < 0 || offset > len(text) {
				t.Errorf("parse(%q) fails at %d", text, offset)
			}
			return
		}
		q, err := parse(p.String()) // quotes may have made it longer than MaxLength
		if err != nil {
			t.Fatalf("parse(%q) = %v, want no error: it is parse(%q).String()", p, err, text)
		}
		if q.String() != p.String() || !slices.Equal(shape(q), shape(p)) {
			t.Errorf("parse(%q) = %q, want %q", p, shape(q), shape(p))
		}
		_ = p.Explain()
	})
}

// FuzzMatch holds that matching ends, that the canonical form and the trace
// agree with the pattern, and that JSON is what encoding/json says it is.
func FuzzMatch(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s.Pattern, []byte(s.Event))
	}
	f.Fuzz(func(t *testing.T, text string, message []byte) {
		p, err := parse(text)
		if err != nil {
			return
		}
		q, err := parse(p.String())
		if err != nil {
			t.Fatalf("parse(%q) = %v, want no error", p, err)
		}
		e := NewEvent(message)
		matched := p.MatchEvent(e)
		if q.Match(message) != matched {
			t.Errorf("%q matches %q: %v, want %v as for %q", q, message, !matched, matched, p.Source())
		}
		if p.Trace(e).Matched != matched || (p.Extract(e) != nil) != matched {
			t.Errorf("%q matches %q: %v, want the trace and extraction to agree", p, message, matched)
		}
		checkDocument(t, e)
	})
}

// checkDocument compares the index with encoding/json's decoding.
func checkDocument(t *testing.T, e *Event) {
	decoder := json.NewDecoder(bytes.NewReader(e.message))
	decoder.UseNumber()
	var want map[string]any
	valid := json.Valid(e.message) && decoder.Decode(&want) == nil && want != nil
	d := e.document()
	if valid != (d != nil) {
		t.Fatalf("document(%q) exists: %v, want %v", e.message, d != nil, valid)
	}
	if d == nil {
		return
	}
	if got := decode(d, 0); !reflect.DeepEqual(got, any(want)) {
		t.Errorf("document(%q) = %v, want %v", e.message, got, want)
	}
}

func decode(d *document, i int) any {
	switch d.kind(i) {
	case ObjectValue:
		object := map[string]any{}
		for k := range d.members(i) {
			key := string(d.str(k))
			object[key] = decode(d, d.property(i, key))
		}
		return object
	case ArrayValue:
		array := []any{}
		for element := range d.elements(i) {
			array = append(array, decode(d, element))
		}
		return array
	case StringValue:
		return string(d.str(i))
	case NumberValue:
		return json.Number(d.raw(i))
	case BooleanValue:
		return string(d.raw(i)) == "true"
	}
	return nil
}

// shape lists the nodes of a pattern with their kinds.
func shape(p *Pattern) []string {
	var list []string
	Walk(p.Root(), func(n Node) { list = append(list, reflect.TypeOf(n).String()+" "+n.String()) })
	return list
}
