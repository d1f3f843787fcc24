package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// model is a trimmed service model in botocore's format.
type model struct {
	Botocore string
	Metadata struct {
		APIVersion         string
		EndpointPrefix     string
		SigningName        string
		TargetPrefix       string
		JSONVersion        string
		XMLNamespace       string
		ServiceFullName    string
		Protocols          []string
		AWSQueryCompatible *struct{}
	}
	Operations      ordered[operation]
	OtherOperations []string
	Shapes          ordered[shape]
}

type operation struct {
	Input, Output *ref
}

type shape struct {
	Type      string
	Required  []string
	Members   ordered[ref]
	Member    *ref
	Key       *ref
	Value     *ref
	Flattened bool
	Enum      []string
	Min, Max  *json.Number
	Pattern   string
	Exception bool
	Fault     bool
	Union     bool
	Error     *struct {
		Code           string
		HTTPStatusCode int
		SenderFault    bool
	}
}

type ref struct {
	Shape        string
	LocationName string
	Location     string
	Flattened    bool
}

// ordered is a JSON object whose order matters.
type ordered[T any] struct {
	names  []string
	values map[string]T
}

// UnmarshalJSON keeps the names in the order of the text.
func (o *ordered[T]) UnmarshalJSON(text []byte) error {
	if err := json.Unmarshal(text, &o.values); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		o.names = append(o.names, name.(string))
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return err
		}
	}
	return nil
}

// check refuses what the generated code could not express.
func (m *model) check() error {
	for _, name := range m.Shapes.names {
		s := m.Shapes.values[name]
		if _, err := goPattern(s.Pattern); err != nil {
			return fmt.Errorf("shape %s: %w", name, err)
		}
		if err := s.check(m); err != nil {
			return fmt.Errorf("shape %s: %w", name, err)
		}
	}
	return nil
}

// adapt makes the model say what was seen of the service.
func (m *model) adapt(to service) error {
	for _, name := range to.unbounded {
		s := m.Shapes.values[name]
		s.Max = nil
		m.Shapes.values[name] = s
	}
	for _, name := range to.patternless {
		s := m.Shapes.values[name]
		s.Pattern = ""
		m.Shapes.values[name] = s
	}
	for name, order := range to.order {
		s := m.Shapes.values[name]
		if !sameSet(order, append(slices.Clone(s.Enum), s.Members.names...)) {
			return fmt.Errorf("the order of %s does not name exactly what it has", name)
		}
		if s.Enum != nil {
			s.Enum = order
		} else {
			s.Members.names = order
		}
		m.Shapes.values[name] = s
	}
	return nil
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func (s shape) check(m *model) error {
	fields := map[string]string{}
	for _, member := range s.Members.names {
		r := s.Members.values[member]
		if other, twice := fields[fieldName(member)]; twice {
			return fmt.Errorf("members %s and %s have one field name", other, member)
		}
		fields[fieldName(member)] = member
		if r.Location != "" || (r.Flattened && !m.Shapes.values[r.Shape].Flattened) {
			return fmt.Errorf("member %s is of a REST protocol, which is not generated yet", member)
		}
	}
	for _, bound := range []*json.Number{s.Min, s.Max} {
		if bound != nil {
			if _, err := bound.Int64(); err != nil {
				return fmt.Errorf("bound %s is not an integer", bound)
			}
		}
	}
	return nil
}

// typeNames maps structure shapes to Go types: inputs and outputs are named for their operation.
func (m *model) typeNames() map[string]string {
	names := map[string]string{}
	for _, name := range m.Shapes.names {
		if s := m.Shapes.values[name]; s.Type == "structure" && !s.Exception {
			names[name] = name
		}
	}
	for _, op := range m.Operations.names {
		o := m.Operations.values[op]
		if o.Input != nil {
			names[o.Input.Shape] = op + "Input"
		}
		if o.Output != nil {
			names[o.Output.Shape] = op + "Output"
		}
	}
	return names
}

func (m *model) exceptions() []string {
	var names []string
	for _, name := range m.Shapes.names {
		if m.Shapes.values[name].Exception {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func fieldName(member string) string { return strings.ToUpper(member[:1]) + member[1:] }
