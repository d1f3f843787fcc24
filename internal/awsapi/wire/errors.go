package wire

import (
	"errors"
	"net/http"
)

// ShapeError is what the generated error types are: an exception of the service's model.
type ShapeError interface {
	error
	ErrorShape() string
	ErrorMessage() string
}

// Error is an error by name, for those that have no generated type. Shape is an
// exception of the service's model, or the code of an error that all services
// have (the constants below), in whose case protocols differ in name and status.
type Error struct {
	Shape   string
	Message string
	Status  int // 0: the model's, or the protocol's
}

func (e *Error) Error() string { return e.Shape + ": " + e.Message }

// ValidationError is a violated constraint. Each service has its own name for it.
type ValidationError struct{ Message string }

func (e *ValidationError) Error() string { return "validation: " + e.Message }

// Codes of the errors that all services have, as the query protocol spells them.
const (
	AccessDenied          = "AccessDenied"
	ExpiredToken          = "ExpiredToken"
	IncompleteSignature   = "IncompleteSignature"
	InternalFailure       = "InternalFailure"
	InvalidAction         = "InvalidAction"
	InvalidClientTokenID  = "InvalidClientTokenId"
	MalformedInput        = "MalformedInput"
	MissingAuthentication = "MissingAuthenticationToken"
	RequestEntityTooLarge = "RequestEntityTooLarge"
	RequestExpired        = "RequestExpired"
	ServiceUnavailable    = "ServiceUnavailable"
	SignatureDoesNotMatch = "SignatureDoesNotMatch"
	Throttling            = "Throttling"
)

// common says how JSON and CBOR clients know the errors above. Statuses are
// those of the query protocol and of the others.
var common = map[string]struct {
	Type             string
	QueryStatus      int
	Status           int
	ServiceIsAtFault bool
}{
	AccessDenied:          {Type: "AccessDeniedException", QueryStatus: 403, Status: 400},
	ExpiredToken:          {Type: "ExpiredTokenException", QueryStatus: 403, Status: 400},
	IncompleteSignature:   {Type: "IncompleteSignatureException", QueryStatus: 400, Status: 400},
	InternalFailure:       {Type: "InternalFailure", QueryStatus: 500, Status: 500, ServiceIsAtFault: true},
	InvalidAction:         {Type: "com.amazon.coral.service#UnknownOperationException", QueryStatus: 400, Status: 400},
	InvalidClientTokenID:  {Type: "UnrecognizedClientException", QueryStatus: 403, Status: 400},
	MalformedInput:        {Type: "com.amazon.coral.service#SerializationException", QueryStatus: 400, Status: 400},
	MissingAuthentication: {Type: "MissingAuthenticationTokenException", QueryStatus: 403, Status: 400},
	RequestEntityTooLarge: {Type: "RequestEntityTooLargeException", QueryStatus: 413, Status: 413},
	RequestExpired:        {Type: "RequestExpired", QueryStatus: 400, Status: 400},
	ServiceUnavailable:    {Type: "ServiceUnavailableException", QueryStatus: 503, Status: 503, ServiceIsAtFault: true},
	SignatureDoesNotMatch: {Type: "InvalidSignatureException", QueryStatus: 403, Status: 400},
	Throttling:            {Type: "ThrottlingException", QueryStatus: 400, Status: 400},
}

// Fault is an error as the wire shows it.
type Fault struct {
	Name    ErrorName
	Message string
	Status  int
	Service bool // the service's fault, not the sender's
	Members any  // the generated error that holds further members, or nil

	shape *Shape
}

// Fault names an error in the service's words. Whatever is not an AWS error is
// an InternalFailure whose text stays with us.
func (m *Model) Fault(p Protocol, err error) Fault {
	var shaped ShapeError
	var named *Error
	var invalid *ValidationError
	switch {
	case errors.As(err, &shaped):
		f := m.fault(p, shaped.ErrorShape(), shaped.ErrorMessage())
		f.Members = shaped
		return f
	case errors.As(err, &named):
		f := m.fault(p, named.Shape, named.Message)
		if named.Status != 0 {
			f.Status = named.Status
		}
		return f
	case errors.As(err, &invalid):
		return Fault{Name: m.Validation, Message: invalid.Message, Status: http.StatusBadRequest}
	}
	return m.fault(p, InternalFailure, "We encountered an internal error. Please try again.")
}

func (m *Model) fault(p Protocol, name, message string) Fault {
	if shape, ok := m.shapes[name]; ok && shape.Error != nil {
		return m.exception(shape, message)
	}
	c, ok := common[name]
	if !ok {
		return Fault{Name: ErrorName{Type: name, Code: name}, Message: message, Status: http.StatusBadRequest}
	}
	f := Fault{Name: ErrorName{Type: c.Type, Code: name}, Message: message, Status: c.Status, Service: c.ServiceIsAtFault}
	if p == Query {
		f.Status = c.QueryStatus
	}
	return f
}

func (m *Model) exception(s *Shape, message string) Fault {
	f := Fault{Name: ErrorName{Type: m.ErrorNamespace + s.name, Code: s.name}, Message: message, Status: http.StatusBadRequest, Service: s.Error.Service, shape: s}
	if s.Error.Code != "" {
		f.Name.Code = s.Error.Code
	}
	if s.Error.Status != 0 {
		f.Status = s.Error.Status
	}
	if s.Error.Status == 0 && s.Error.Service {
		f.Status = http.StatusServiceUnavailable
	}
	return f
}
