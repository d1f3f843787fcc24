package awsapi

import "github.com/tocsin-dev/tocsin/internal/awsapi/wire"

// Service is one AWS API. Its names, protocols and constraints are the model's
// (signing name, target prefix, version, XML namespace); Ops are the operations
// that answer. The operations of the model that are missing here answer as
// unknown ones do.
type Service struct {
	Model *wire.Model
	Ops   []wire.Operation
}
