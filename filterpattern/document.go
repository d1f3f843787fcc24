package filterpattern

import (
	"bytes"
	"encoding/json"
	"iter"
	"math"
	"strconv"
	"unicode/utf8"
)

// document is an index of a JSON object: where its values begin and end, in
// the order of the text. Texts and numbers are decoded when a pattern asks for
// them, so records cost little whose fields nobody looks at.
type document struct {
	src     []byte
	nodes   []jsonNode
	decoded map[int][]byte // texts of strings that are not plain, once they have been asked for
}

// jsonNode is a value or an object's key; a key stands before its value.
type jsonNode struct {
	kind       ValueKind
	plain      bool   // a string that stands in the text as it reads
	start, end uint32 // in src
	next       uint32 // the node after this one and all that is inside it
}

// none is the index of a node that does not exist.
const none = -1

// newDocument returns nil unless the message is one valid JSON object, by the
// rules of encoding/json: those also bound the depth of nesting.
func newDocument(message []byte) *document {
	start := skipJSONSpace(message, 0)
	if start == len(message) || message[start] != '{' || len(message) > math.MaxInt32 || !json.Valid(message) {
		return nil
	}
	d := &document{src: message, nodes: make([]jsonNode, 0, 16+len(message)/16), decoded: map[int][]byte{}}
	d.index(start)
	return d
}

// index adds the value at p, with everything inside it, and returns the offset
// after it. The text is known to be valid.
func (d *document) index(p int) int {
	i := len(d.nodes)
	d.nodes = append(d.nodes, jsonNode{start: uint32(p)})
	kind, plain := NumberValue, false
	end := p
	switch d.src[p] {
	case '{':
		kind, end = ObjectValue, d.indexInside(p+1, '}')
	case '[':
		kind, end = ArrayValue, d.indexInside(p+1, ']')
	case '"':
		kind = StringValue
		end, plain = stringEnd(d.src, p)
	case 'n':
		kind, end = NullValue, p+len("null")
	case 't':
		kind, end = BooleanValue, p+len("true")
	case 'f':
		kind, end = BooleanValue, p+len("false")
	default:
		end = numberEnd(d.src, p)
	}
	n := &d.nodes[i]
	n.kind, n.plain, n.end, n.next = kind, plain, uint32(end), uint32(len(d.nodes))
	return end
}

// indexInside adds the values up to the closing bracket.
func (d *document) indexInside(p int, closing byte) int {
	for {
		p = skipJSONSpace(d.src, p)
		switch d.src[p] {
		case closing:
			return p + 1
		case ',', ':':
			p++
		default:
			p = d.index(p)
		}
	}
}

func skipJSONSpace(s []byte, p int) int {
	for p < len(s) && (s[p] == ' ' || s[p] == '\t' || s[p] == '\n' || s[p] == '\r') {
		p++
	}
	return p
}

// stringEnd returns the offset after a string, and whether it needs no
// decoding: it has no escapes and is UTF-8.
func stringEnd(s []byte, p int) (end int, plain bool) {
	escaped, ascii := false, true
	start := p + 1
	for p = start; s[p] != '"'; p++ {
		if s[p] == '\\' {
			escaped = true
			p++
		} else if s[p] >= utf8.RuneSelf {
			ascii = false
		}
	}
	return p + 1, !escaped && (ascii || utf8.Valid(s[start:p]))
}

func numberEnd(s []byte, p int) int {
	for p < len(s) && s[p] != ',' && s[p] != '}' && s[p] != ']' && skipJSONSpace(s, p) == p {
		p++
	}
	return p
}

func (d *document) kind(i int) ValueKind { return d.nodes[i].kind }

func (d *document) raw(i int) []byte { return d.src[d.nodes[i].start:d.nodes[i].end] }

// str is the text of a string or key. As in encoding/json, what is not UTF-8
// becomes U+FFFD. It is decoded once: a hostile record has many keys with
// escapes, and a pattern many selectors that pass them.
func (d *document) str(i int) []byte {
	raw := d.raw(i)
	if d.nodes[i].plain {
		return raw[1 : len(raw)-1]
	}
	text, ok := d.decoded[i]
	if !ok {
		text = decodeString(raw)
		d.decoded[i] = text
	}
	return text
}

func decodeString(raw []byte) []byte {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return raw[1 : len(raw)-1] // cannot be: the document is valid
	}
	return []byte(s)
}

// number is the value of a number: exact if it is an integer, and otherwise
// what is left of it as a 64-bit float. It is not ok for infinities.
func (d *document) number(i int) (decimal, bool) {
	return parseDecimal(d.numberText(i)) // which "Infinity" is not
}

// numberText is the text of a number as AWS's decoder prints it.
func (d *document) numberText(i int) string {
	raw := d.raw(i)
	switch {
	case bytes.ContainsAny(raw, ".eE"):
		f, _ := strconv.ParseFloat(string(raw), 64) // infinite if out of range
		return doubleText(f)
	case string(raw) == "-0":
		return "0"
	}
	return string(raw)
}

// scalar is the text of a string or number. Nothing else has one.
func (d *document) scalar(i int) (text []byte, ok bool) {
	switch d.kind(i) {
	case StringValue:
		return d.str(i), true
	case NumberValue:
		return []byte(d.numberText(i)), true
	}
	return nil, false
}

// members yields the keys and values of an object, duplicates included.
func (d *document) members(object int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		end := int(d.nodes[object].next)
		for key := object + 1; key < end; key = int(d.nodes[key+1].next) {
			if !yield(key, key+1) {
				return
			}
		}
	}
}

// elements yields the elements of an array.
func (d *document) elements(array int) iter.Seq[int] {
	return func(yield func(int) bool) {
		end := int(d.nodes[array].next)
		for i := array + 1; i < end; i = int(d.nodes[i].next) {
			if !yield(i) {
				return
			}
		}
	}
}

// property returns the value of a key, the last one if there are several.
func (d *document) property(i int, key string) int {
	if d.kind(i) != ObjectValue {
		return none
	}
	found := none
	for k, v := range d.members(i) {
		if string(d.str(k)) == key {
			found = v
		}
	}
	return found
}

func (d *document) element(i, index int) int {
	if d.kind(i) != ArrayValue {
		return none
	}
	for element := range d.elements(i) {
		if index == 0 {
			return element
		}
		index--
	}
	return none
}

// children returns all elements of an array or all values of an object.
func (d *document) children(i int) []int {
	var list []int
	switch d.kind(i) {
	case ArrayValue:
		for element := range d.elements(i) {
			list = append(list, element)
		}
	case ObjectValue:
		list = d.values(i)
	}
	return list
}

// values returns the values of an object without those that a later value of
// the same key replaces.
func (d *document) values(object int) []int {
	var list []int
	place := map[string]int{}
	for k, v := range d.members(object) {
		key := string(d.str(k))
		if at, seen := place[key]; seen {
			list[at] = v
			continue
		}
		place[key] = len(list)
		list = append(list, v)
	}
	return list
}
