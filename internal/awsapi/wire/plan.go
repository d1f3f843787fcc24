package wire

import (
	"fmt"
	"reflect"
	"strings"
)

// plan joins a shape with the Go type that holds it, so that a request needs no look-up by name.
type plan struct {
	shape   *Shape
	goType  reflect.Type // without the pointer of a field
	fields  []field      // of a structure
	element *plan        // of a list or map
}

type field struct {
	member *Member
	place  int // of the member in the shape
	index  int // of the field in the Go type
	plan   *plan
}

type planKey struct {
	shape  *Shape
	goType reflect.Type
}

// planner makes plans. It remembers them, since shapes may contain themselves.
type planner map[planKey]*plan

func (ps planner) plan(s *Shape, t reflect.Type) (*plan, error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	key := planKey{s, t}
	if p, ok := ps[key]; ok {
		return p, nil
	}
	if t.Kind() != goKinds[s.Kind] {
		return nil, fmt.Errorf("shape %s cannot be held by %s", s.name, t)
	}
	p := &plan{shape: s, goType: t}
	ps[key] = p
	return p, ps.fill(p)
}

func (ps planner) fill(p *plan) (err error) {
	switch p.shape.Kind {
	case Structure:
		return ps.fillFields(p)
	case List:
		p.element, err = ps.plan(p.shape.Element.shape, p.goType.Elem())
	case Map:
		p.element, err = ps.plan(p.shape.Value.shape, p.goType.Elem())
	}
	return err
}

func (ps planner) fillFields(p *plan) error {
	for i := range p.shape.Members {
		m := &p.shape.Members[i]
		if p.shape.Error != nil && strings.EqualFold(m.Name, "message") {
			continue // a Fault carries it
		}
		f, ok := p.goType.FieldByName(fieldName(m.Name))
		if !ok {
			return fmt.Errorf("%s has no field for member %s of shape %s", p.goType, m.Name, p.shape.name)
		}
		sub, err := ps.plan(m.shape, f.Type)
		if err != nil {
			return fmt.Errorf("field %s.%s: %w", p.goType, f.Name, err)
		}
		p.fields = append(p.fields, field{member: m, place: i, index: f.Index[0], plan: sub})
	}
	return nil
}

func fieldName(member string) string { return strings.ToUpper(member[:1]) + member[1:] }

var goKinds = map[Kind]reflect.Kind{
	Structure: reflect.Struct, List: reflect.Slice, Map: reflect.Map, String: reflect.String, Boolean: reflect.Bool,
	Integer: reflect.Int32, Long: reflect.Int64, Float: reflect.Float64, Double: reflect.Float64,
	Timestamp: reflect.Struct, Blob: reflect.Slice,
}
