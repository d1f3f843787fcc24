package main

import (
	"fmt"
	"slices"
	"strings"
)

var kinds = map[string]string{
	"structure": "Structure", "list": "List", "map": "Map", "string": "String", "boolean": "Boolean", "integer": "Integer",
	"long": "Long", "float": "Float", "double": "Double", "timestamp": "Timestamp", "blob": "Blob",
}

// table writes the function Model.
func (m *model) table(w *writer, s service) {
	w.f("import \"github.com/tocsin-dev/tocsin/internal/awsapi/wire\"\n\n")
	w.f("// Model is the service's shape table.\nfunc Model() *wire.Model {\nreturn wire.MustModel(wire.Definition{\n")
	m.names(w, s)
	w.f("Operations: []wire.OperationShape{\n")
	for _, op := range m.Operations.names {
		o := m.Operations.values[op]
		w.f("{Name: %q, Input: %q, Output: %q},\n", op, shapeName(o.Input), shapeName(o.Output))
	}
	w.f("},\nOthers: []string{\n")
	for _, name := range m.OtherOperations {
		w.f("%q,\n", name)
	}
	w.f("},\nShapes: map[string]wire.Shape{\n")
	for _, name := range slices.Sorted(slices.Values(m.Shapes.names)) {
		w.f("%q: %s,\n", name, m.literal(m.Shapes.values[name]))
	}
	w.f("},\n})\n}\n")
}

func (m *model) names(w *writer, s service) {
	meta := m.Metadata
	signing := meta.SigningName
	if signing == "" {
		signing = meta.EndpointPrefix
	}
	w.f("Service: %q,\nEventSource: %q,\nSigningName: %q,\n", s.name, meta.EndpointPrefix+".amazonaws.com", signing)
	w.f("TargetPrefix: %q,\nVersion: %q,\nXMLNamespace: %q,\n", meta.TargetPrefix, meta.APIVersion, meta.XMLNamespace)
	w.f("Protocols: []wire.Protocol{%s},\n", strings.Join(m.protocolNames(), ", "))
	w.f("QueryErrors: %t,\nErrorNamespace: %q,\n", meta.AWSQueryCompatible != nil, s.errorNamespace)
	w.f("Validation: wire.ErrorName{Type: %q, Code: %q},\n", s.validation.Type, s.validation.Code)
}

func (m *model) protocolNames() []string {
	var names []string
	for _, p := range m.Metadata.Protocols {
		if name := protocols[p][m.Metadata.JSONVersion]; name != "" {
			names = append(names, name)
		}
	}
	return names
}

// literal is a shape as Go text.
func (m *model) literal(s shape) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{Kind: wire.%s", kinds[s.Type])
	if len(s.Members.names) > 0 {
		fmt.Fprintf(&b, ", Members: []wire.Member{\n%s}", memberLines(s))
	}
	for _, r := range []struct {
		field string
		ref   *ref
	}{{"Element", s.Member}, {"Key", s.Key}, {"Value", s.Value}} {
		if r.ref != nil {
			fmt.Fprintf(&b, ", %s: wire.Ref{Shape: %q%s}", r.field, r.ref.Shape, option("Name", r.ref.LocationName))
		}
	}
	if len(s.Enum) > 0 {
		fmt.Fprintf(&b, ", Enum: %#v", s.Enum)
	}
	b.WriteString(s.bounds() + option("Pattern", s.Pattern) + option("Matcher", matcher(s)) + flag("Flattened", s.Flattened) + flag("Union", s.Union))
	if s.Exception {
		fmt.Fprintf(&b, ", Error: &wire.ErrorShape{%s}", errorFields(s))
	}
	return b.String() + "}"
}

func memberLines(s shape) string {
	var b strings.Builder
	for _, name := range s.Members.names {
		r := s.Members.values[name]
		required := flag("Required", slices.Contains(s.Required, name) && !s.Exception)
		fmt.Fprintf(&b, "{Name: %q, Shape: %q%s%s},\n", name, r.Shape, required, option("WireName", r.LocationName))
	}
	return b.String()
}

func errorFields(s shape) string {
	if s.Error == nil {
		return strings.TrimPrefix(flag("Service", s.Fault), ", ")
	}
	fields := option("Code", s.Error.Code)
	if s.Error.HTTPStatusCode != 0 {
		fields += fmt.Sprintf(", Status: %d", s.Error.HTTPStatusCode)
	}
	fields += flag("Service", s.Fault || s.Error.HTTPStatusCode >= 500)
	return strings.TrimPrefix(fields, ", ")
}

func (s shape) bounds() string {
	var text string
	if s.Min != nil {
		text += fmt.Sprintf(", Min: new(int64(%s))", *s.Min)
	}
	if s.Max != nil {
		text += fmt.Sprintf(", Max: new(int64(%s))", *s.Max)
	}
	return text
}

func matcher(s shape) string {
	written, _ := goPattern(s.Pattern) // check refused those that do not compile
	if written == s.Pattern {
		return ""
	}
	return written
}

func option(field, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf(", %s: %q", field, value)
}

func flag(field string, set bool) string {
	if !set {
		return ""
	}
	return fmt.Sprintf(", %s: true", field)
}

func shapeName(r *ref) string {
	if r == nil {
		return ""
	}
	return r.Shape
}
