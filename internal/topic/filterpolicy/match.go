package filterpolicy

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// Attribute is a message attribute; Type is String, Number, String.Array or Binary.
type Attribute struct{ Type, Value string }

// Message is what of a message policies look at, read once for all of them.
type Message struct {
	attributes *fields
	body       *fields // nil: no JSON object
}

// NewMessage reads a message.
func NewMessage(attributes map[string]Attribute, body string) Message {
	m := Message{attributes: &fields{}}
	for name, attribute := range attributes {
		if v, ok := attribute.value(); ok {
			m.attributes.at(strings.Split(name, ".")).add(v)
		}
	}
	if object, ok := decode(body).(map[string]any); ok {
		m.body = &fields{}
		m.body.add(object)
	}
	return m
}

// value is the attribute as JSON has it. Binary attributes are not looked at.
func (a Attribute) value() (any, bool) {
	base, custom, _ := strings.Cut(a.Type, ".")
	switch {
	case base == "String" && custom == "Array":
		list, ok := decode(a.Value).([]any)
		return list, ok
	case base == "String":
		return a.Value, true
	case base == "Number":
		return json.Number(a.Value), true
	}
	return nil, false
}

// decode is the JSON value of a text, nil if it is none.
func decode(text string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil // something stands behind it
	}
	return v
}

// fields is a field of a message: its values, the fields in it, and if it is a
// list its elements, each with values and fields of its own.
type fields struct {
	values   []scalar
	children map[string]*fields
	elements []*fields
}

func (f *fields) at(steps []string) *fields {
	for _, step := range steps {
		if f.children == nil {
			f.children = map[string]*fields{}
		}
		if f.children[step] == nil {
			f.children[step] = &fields{}
		}
		f = f.children[step]
	}
	return f
}

func (f *fields) add(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			f.at(strings.Split(key, ".")).add(item)
		}
	case []any:
		for _, item := range v {
			element := &fields{}
			element.add(item)
			f.elements = append(f.elements, element)
		}
	case string:
		f.values = append(f.values, scalar{aString, v})
	case json.Number:
		f.values = append(f.values, scalar{aNumber, v.String()})
	case nil:
		f.values = append(f.values, scalar{aLiteral, "null"})
	case bool:
		f.values = append(f.values, scalar{aLiteral, map[bool]string{true: "true", false: "false"}[v]})
	}
}

// has reports whether there is a value at the path, in whatever elements.
func (f *fields) has(path []string) bool {
	if f == nil {
		return false
	}
	if len(path) == 0 && len(f.values) > 0 || len(path) > 0 && f.children[path[0]].has(path[1:]) {
		return true
	}
	return slices.ContainsFunc(f.elements, func(e *fields) bool { return e.has(path) })
}

// Matches reports whether the policy selects the message.
func (p *Policy) Matches(m Message) bool {
	root := m.attributes
	if p.scope == MessageBody {
		root = m.body
	}
	if root == nil {
		return false
	}
	return match{root}.any(p.root, root)
}

// match is one question, whether a policy selects a message.
type match struct{ root *fields }

// any reports whether the field or one element of it has all that is asked:
// what is asked of the objects in a list must be true of one of them.
func (m match) any(n *node, f *fields) bool {
	return m.here(n, f) || slices.ContainsFunc(f.elements, func(e *fields) bool { return m.any(n, e) })
}

func (m match) here(n *node, f *fields) bool {
	if n.own != nil && !m.meets(n.own, f) {
		return false
	}
	for name, child := range n.children {
		field := f.children[name]
		if field == nil {
			field = &fields{}
		}
		if !m.any(child, field) {
			return false
		}
	}
	for _, alternatives := range n.anyOf {
		if !slices.ContainsFunc(alternatives, func(a *node) bool { return m.here(a, f) }) {
			return false
		}
	}
	return true
}

// meets reports whether a value of the field matches; that a field is missing
// is asked of the whole message.
func (m match) meets(c *condition, f *fields) bool {
	if c.absent && !m.root.has(c.path) {
		return true
	}
	return slices.ContainsFunc(f.values, func(s scalar) bool {
		return slices.ContainsFunc(c.patterns, func(p pattern) bool { return p(s) })
	})
}
