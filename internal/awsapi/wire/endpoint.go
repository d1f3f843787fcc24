package wire

import (
	"context"
	"fmt"
	"reflect"
)

// Endpoint is an operation joined with its shapes, ready to answer. It is safe
// for concurrent use.
type Endpoint struct {
	Operation
	model     *Model
	input     *plan
	output    *plan
	hasOutput bool // false: the model knows no output
	quickJSON bool // the input is a QuickInput
}

// Bind joins operations with the model's shapes. The error says which table line
// is wrong: an unknown operation, or a type that is not the shape's.
func (m *Model) Bind(ops []Operation) (map[string]*Endpoint, error) {
	plans := planner{}
	endpoints := make(map[string]*Endpoint, len(ops))
	for _, op := range ops {
		e, err := m.bind(plans, op)
		if err != nil {
			return nil, fmt.Errorf("bind %s operation %s: %w", m.Service, op.Name, err)
		}
		endpoints[op.Name] = e
	}
	return endpoints, nil
}

func (m *Model) bind(plans planner, op Operation) (*Endpoint, error) {
	shapes, ok := m.operations[op.Name]
	if !ok {
		return nil, fmt.Errorf("the model does not have it")
	}
	e := &Endpoint{Operation: op, model: m, hasOutput: shapes.Output != ""}
	e.quickJSON = reflect.PointerTo(op.in).Implements(reflect.TypeFor[QuickInput]())
	var err error
	if e.input, err = plans.plan(m.shapeOrEmpty(shapes.Input), op.in); err != nil {
		return nil, err
	}
	e.output, err = plans.plan(m.shapeOrEmpty(shapes.Output), op.out)
	return e, err
}

func (m *Model) shapeOrEmpty(name string) *Shape {
	if name == "" {
		return &Shape{Kind: Structure, name: "Unit"}
	}
	return m.mustShape(name)
}

// Request is what a codec reads. Form is set in the query protocol, Body in the others.
type Request struct {
	Protocol Protocol
	Body     []byte
	Form     Form
}

// QuickInput is an input that reads its JSON itself, for requests that come in
// bulk. QuickJSON fills the input and returns true only if the request is plain
// and satisfies all constraints. Else the general path reads it again and says
// what is wrong: a quick decoder never makes an error of its own.
type QuickInput interface {
	QuickJSON(body []byte) bool
}

// Decode reads a request into a new *<Operation>Input and checks its constraints.
// The error is an *Error or a *ValidationError.
func (e *Endpoint) Decode(r Request) (any, error) {
	if in, ok := e.quick(r); ok {
		return in, nil
	}
	value, err := e.read(r)
	if err != nil {
		return nil, err
	}
	if err := check(e.input.shape, value); err != nil {
		return nil, err
	}
	in := reflect.New(e.in)
	bind(e.input, value, in.Elem())
	return in.Interface(), nil
}

func (e *Endpoint) quick(r Request) (any, bool) {
	if !e.quickJSON || r.Protocol != JSON10 && r.Protocol != JSON11 {
		return nil, false
	}
	in := reflect.New(e.in).Interface().(QuickInput)
	return in, in.QuickJSON(r.Body)
}

// read makes a request conform to the input's shape.
func (e *Endpoint) read(r Request) (any, error) {
	shape := e.input.shape
	switch r.Protocol {
	case JSON10, JSON11:
		return readJSON(shape, r.Body)
	case CBOR:
		v, err := readCBOR(r.Body)
		if err != nil {
			return nil, err
		}
		return conform(shape, v, cborScalar)
	}
	v, err := r.Form.readStructure(shape, "")
	if err != nil {
		return nil, err
	}
	return conform(shape, v, textScalar)
}

// Call runs the operation on an input that Decode made. The output is a *<Operation>Output.
func (e *Endpoint) Call(ctx context.Context, in any) (any, error) { return e.call(ctx, in) }
