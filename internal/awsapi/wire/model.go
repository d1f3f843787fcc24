package wire

import (
	"fmt"
	"regexp"
)

// Kind is the type of a shape.
type Kind uint8

// The kinds, as the service models name them.
const (
	Structure Kind = iota + 1
	List
	Map
	String
	Boolean
	Integer // 32 bits
	Long    // 64 bits
	Float
	Double
	Timestamp
	Blob
)

// Definition is what a service model says, as the generator writes it down.
// References between shapes are by name; MustModel resolves them.
type Definition struct {
	Service        string // "cloudwatch": the prefix of its IAM actions
	EventSource    string // "monitoring.amazonaws.com": its name in CloudTrail
	SigningName    string // "monitoring": its name in a credential scope
	TargetPrefix   string // "GraniteServiceVersion20100801", empty without a JSON or CBOR protocol
	Version        string // "2010-08-01"
	XMLNamespace   string // of query answers
	Protocols      []Protocol
	QueryErrors    bool      // answers x-amzn-query-error to clients that ask for it
	ErrorNamespace string    // stands before the shape name in a JSON or CBOR __type
	Validation     ErrorName // what a violated constraint is called

	Operations []OperationShape
	Others     []string // operations of the AWS service that are not in scope
	Shapes     map[string]Shape
}

// ErrorName is an error's two names: Type in JSON and CBOR, Code in XML and x-amzn-query-error.
type ErrorName struct{ Type, Code string }

// OperationShape names the shapes of an operation. Input and Output are empty when there is none.
type OperationShape struct{ Name, Input, Output string }

// Shape is one type of a service model with its constraints.
type Shape struct {
	Kind      Kind
	Members   []Member // of a structure, in the model's order
	Union     bool     // exactly one member is set
	Element   Ref      // of a list
	Key       Ref      // of a map
	Value     Ref      // of a map
	Flattened bool     // query and XML lists and maps without a wrapping element
	Enum      []string
	Min, Max  *int64 // length of strings, blobs, lists and maps; value of numbers
	Pattern   string // as AWS prints it; Matcher is Go's form where that differs
	Matcher   string
	Error     *ErrorShape // of exceptions

	name    string
	places  map[string]int // of members by name
	matcher *regexp.Regexp
}

// ErrorShape is what the model says of an exception. Zero fields are the
// defaults: the shape's name, 400, the caller's fault.
type ErrorShape struct {
	Code    string
	Status  int
	Service bool // the service's fault, not the sender's
}

// Ref points to the shape of an element; Name replaces "member", "key" or "value" in query and XML.
type Ref struct {
	Shape string
	Name  string

	shape *Shape
}

// Member is a member of a structure. WireName is its name in query and XML when that is another one.
type Member struct {
	Name     string
	Shape    string
	Required bool
	WireName string

	shape *Shape
}

// Model is a service model with its references resolved. It does not change.
type Model struct {
	Definition
	shapes     map[string]*Shape
	operations map[string]OperationShape
	others     map[string]bool
}

// MustModel resolves a definition. It panics when a reference leads nowhere or
// a pattern does not compile: generated definitions are checked before they are written.
func MustModel(d Definition) *Model {
	m := &Model{Definition: d, shapes: make(map[string]*Shape), operations: make(map[string]OperationShape), others: make(map[string]bool)}
	for name, shape := range d.Shapes {
		shape.name = name
		if shape.Pattern != "" {
			shape.matcher = regexp.MustCompile(anchored(shape))
		}
		m.shapes[name] = &shape
	}
	for _, shape := range m.shapes {
		m.resolve(shape)
	}
	for _, op := range d.Operations {
		m.operations[op.Name] = op
	}
	for _, name := range d.Others {
		m.others[name] = true
	}
	return m
}

// anchored is the shape's pattern such that it has to match the whole text, as Java's matches does.
func anchored(s Shape) string {
	pattern := s.Matcher
	if pattern == "" {
		pattern = s.Pattern
	}
	return `\A(?:` + pattern + `)\z`
}

func (m *Model) resolve(s *Shape) {
	s.places = make(map[string]int, len(s.Members))
	for i := range s.Members {
		s.places[s.Members[i].Name] = i
		s.Members[i].shape = m.mustShape(s.Members[i].Shape)
	}
	for _, ref := range []*Ref{&s.Element, &s.Key, &s.Value} {
		if ref.Shape != "" {
			ref.shape = m.mustShape(ref.Shape)
		}
	}
}

func (m *Model) mustShape(name string) *Shape {
	s, ok := m.shapes[name]
	if !ok {
		panic(fmt.Sprintf("wire: %s model has no shape %s", m.Service, name))
	}
	return s
}

// Knows tells whether the AWS service has the operation, in scope or not.
func (m *Model) Knows(operation string) bool {
	_, inScope := m.operations[operation]
	return inScope || m.others[operation]
}
