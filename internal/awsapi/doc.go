// Package awsapi is the front door for AWS clients. It finds out which operation
// a request is for, reads and checks it, asks who is calling and whether they
// may, calls the operation, writes the answer, and counts and logs it: once, for
// all services. An operation is a typed function and a table line:
//
//	awsapi.Service{Model: shapes.Model(), Ops: []wire.Operation{wire.Op(s.PutMetricAlarm), ...}}
//
// Refusals are as AWS refuses, in the protocol that the client speaks. Nothing
// that a client can send is answered with a 5xx, for clients retry those.
package awsapi
