package wire

// Protocol is one of the ways in which AWS clients write requests.
type Protocol uint8

// The protocols. REST protocols will join them with S3.
const (
	Query  Protocol = iota + 1 // form in, XML out
	JSON10                     // application/x-amz-json-1.0
	JSON11                     // application/x-amz-json-1.1
	CBOR                       // Smithy RPC v2 CBOR
)

// String is the protocol's name in the service models.
func (p Protocol) String() string {
	switch p {
	case Query:
		return "query"
	case JSON10:
		return "json 1.0"
	case JSON11:
		return "json 1.1"
	case CBOR:
		return "smithy-rpc-v2-cbor"
	}
	return "unknown"
}

// ContentType is what answers are labelled with.
func (p Protocol) ContentType() string {
	switch p {
	case JSON10:
		return "application/x-amz-json-1.0"
	case JSON11:
		return "application/x-amz-json-1.1"
	case CBOR:
		return "application/cbor"
	}
	return "text/xml"
}
