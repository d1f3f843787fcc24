package main

import (
	"fmt"
	"slices"
	"strings"
)

// types writes the structures: inputs and outputs of the operations, then what they hold.
func (m *model) types(w *writer) {
	if m.uses("timestamp") {
		w.f("import \"time\"\n\n")
	}
	names := m.typeNames()
	done := map[string]bool{}
	for _, op := range m.Operations.names {
		o := m.Operations.values[op]
		m.side(w, names, op, "Input", o.Input)
		m.side(w, names, op, "Output", o.Output)
		for _, r := range []*ref{o.Input, o.Output} {
			if r != nil {
				done[r.Shape] = true
			}
		}
	}
	for _, name := range m.Shapes.names {
		if goName, ok := names[name]; ok && !done[name] {
			m.structure(w, names, goName, fmt.Sprintf("%s is a structure of the API.", goName), m.Shapes.values[name])
		}
	}
}

// side writes the input or output of an operation, also when the model has none.
func (m *model) side(w *writer, names map[string]string, op, side string, r *ref) {
	doc := fmt.Sprintf("%s%s is the %s of %s.", op, side, strings.ToLower(side), op)
	if r == nil {
		w.f("// %s AWS has none.\ntype %s%s struct{}\n\n", doc, op, side)
		return
	}
	m.structure(w, names, op+side, doc, m.Shapes.values[r.Shape])
}

func (m *model) structure(w *writer, names map[string]string, goName, doc string, s shape) {
	w.f("// %s\ntype %s struct {\n", doc, goName)
	for _, member := range s.Members.names {
		r := s.Members.values[member]
		note := constraint(m.Shapes.values[r.Shape], slices.Contains(s.Required, member))
		w.f("%s %s %s\n", fieldName(member), m.fieldType(names, r.Shape), note)
	}
	w.f("}\n\n")
}

// fieldType is the Go type of a member: a pointer where absent and zero would look alike.
func (m *model) fieldType(names map[string]string, name string) string {
	switch m.Shapes.values[name].Type {
	case "list", "map", "blob":
		return m.elementType(names, name)
	}
	return "*" + m.elementType(names, name)
}

func (m *model) elementType(names map[string]string, name string) string {
	s := m.Shapes.values[name]
	switch s.Type {
	case "structure":
		return names[name]
	case "list":
		return "[]" + m.elementType(names, s.Member.Shape)
	case "map":
		return "map[string]" + m.elementType(names, s.Value.Shape)
	}
	return scalars[s.Type]
}

var scalars = map[string]string{
	"string": "string", "boolean": "bool", "integer": "int32", "long": "int64",
	"float": "float64", "double": "float64", "timestamp": "time.Time", "blob": "[]byte",
}

// constraint is a field's comment.
func constraint(s shape, required bool) string {
	var parts []string
	if required {
		parts = append(parts, "required")
	}
	switch {
	case s.Min != nil && s.Max != nil:
		parts = append(parts, fmt.Sprintf("%s %s to %s", measure(s), *s.Min, *s.Max))
	case s.Min != nil:
		parts = append(parts, fmt.Sprintf("%s at least %s", measure(s), *s.Min))
	case s.Max != nil:
		parts = append(parts, fmt.Sprintf("%s at most %s", measure(s), *s.Max))
	}
	if len(s.Enum) > 0 {
		parts = append(parts, "an enum")
	}
	if len(parts) == 0 {
		return ""
	}
	return "// " + strings.Join(parts, ", ")
}

func measure(s shape) string {
	switch s.Type {
	case "integer", "long", "float", "double":
		return "value"
	}
	return "length"
}

// uses tells whether a structure that is not an exception has a member of the kind.
func (m *model) uses(kind string) bool {
	for name := range m.typeNames() {
		for _, r := range m.Shapes.values[name].Members.values {
			s := m.Shapes.values[r.Shape]
			if s.Type == kind || s.Type == "list" && m.Shapes.values[s.Member.Shape].Type == kind {
				return true
			}
		}
	}
	return false
}
