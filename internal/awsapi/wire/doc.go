// Package wire reads AWS requests and writes AWS answers. It knows the
// protocols (query, JSON 1.0 and 1.1, Smithy RPC v2 CBOR) and reads all it has to
// know about a service from a shape table, a Model.
//
// A request is decoded in two steps: bytes to a value that conforms to the shape
// and is checked against its constraints, then the value to a Go struct. The
// middle is where null, absent and out of range are still different things. An
// answer goes the other way through an ordered tree.
//
// Everything that reads bytes from outside is bounded; limits.go says how.
package wire
