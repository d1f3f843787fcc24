package main

import "strings"

// errors writes one type per exception. All have a Message, whatever the model calls it.
func (m *model) errors(w *writer) {
	names := m.typeNames()
	for _, name := range m.exceptions() {
		s := m.Shapes.values[name]
		w.f("// %s is an error of the API.\ntype %s struct {\nMessage string\n", name, name)
		for _, member := range s.Members.names {
			if !isMessage(member) {
				w.f("%s %s\n", fieldName(member), m.fieldType(names, s.Members.values[member].Shape))
			}
		}
		w.f("}\n\n")
		w.f("func (e *%s) Error() string { return %q + e.Message }\n\n", name, name+": ")
		w.f("// ErrorShape is the name of the error's shape.\n")
		w.f("func (e *%s) ErrorShape() string { return %q }\n\n", name, name)
		w.f("// ErrorMessage is the text for the caller.\n")
		w.f("func (e *%s) ErrorMessage() string { return e.Message }\n\n", name)
	}
}

func isMessage(member string) bool { return strings.EqualFold(member, "message") }
