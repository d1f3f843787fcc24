package sigv4

import (
	"fmt"
	"net/http"
	"strings"
)

// Reason is why a request was refused.
type Reason int

// The reasons.
const (
	Missing           Reason = iota // no signature
	Version2                        // a signature of a retired version
	Incomplete                      // a signature that cannot be read
	Skewed                          // signed too long ago, or in the future
	Expired                         // a presigned URL that has had its time
	Unsigned                        // a header that must be signed is not
	WrongScope                      // another day, region or service, or two signatures
	UnknownKey                      // no such access key, or another session token
	SignatureMismatch               // another secret, or a changed request
	PayloadMismatch                 // S3: the body is not the one that was declared
	Streaming                       // S3: a body in signed chunks
)

const mismatchMessage = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

// Error is a refusal.
type Error struct {
	Reason  Reason
	Message string // AWS's text, as services of the query protocol send it

	// What the signature should have been made of, for the operator's log and
	// for S3's answer. Only set when Reason is SignatureMismatch.
	CanonicalRequest, StringToSign string
}

func (e *Error) Error() string { return "signature: " + e.Message }

func refuse(reason Reason, format string, args ...any) error {
	return &Error{Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// clip bounds a text of the client's that goes into a message.
func clip(text string) string {
	const most = 128
	if len(text) > most {
		text = text[:most] + "..."
	}
	return strings.ToValidUTF8(text, "?")
}

// Dialect is a family of services that name their errors alike.
type Dialect int

// The dialects.
const (
	Query Dialect = iota // sns, sts, iam, and the query codes of cloudwatch
	JSON                 // json and cbor: logs, cloudwatch, cloudtrail
	S3
)

// Answer is what a client is told.
type Answer struct {
	Code    string
	Message string
	Status  int
}

// Answer is the refusal in the words of a dialect.
func (e *Error) Answer(d Dialect) Answer {
	answer := answers[d][e.Reason]
	if answer.Message == "" {
		answer.Message = e.Message
	}
	return answer
}

// answers is read-only. Messages are those of the refusal where none stands here.
var answers = map[Dialect]map[Reason]Answer{
	Query: {
		Missing:           {Code: "MissingAuthenticationToken", Status: http.StatusForbidden},
		Version2:          {Code: "IncompleteSignature", Status: http.StatusBadRequest},
		Incomplete:        {Code: "IncompleteSignature", Status: http.StatusBadRequest},
		Skewed:            {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
		Expired:           {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
		Unsigned:          {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
		WrongScope:        {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
		UnknownKey:        {Code: "InvalidClientTokenId", Status: http.StatusForbidden},
		SignatureMismatch: {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
	},
	JSON: {
		Missing:           {Code: "MissingAuthenticationTokenException", Message: "Missing Authentication Token", Status: http.StatusBadRequest},
		Version2:          {Code: "IncompleteSignatureException", Status: http.StatusBadRequest},
		Incomplete:        {Code: "IncompleteSignatureException", Status: http.StatusBadRequest},
		Skewed:            {Code: "InvalidSignatureException", Status: http.StatusBadRequest},
		Expired:           {Code: "InvalidSignatureException", Status: http.StatusBadRequest},
		Unsigned:          {Code: "InvalidSignatureException", Status: http.StatusBadRequest},
		WrongScope:        {Code: "InvalidSignatureException", Status: http.StatusBadRequest},
		UnknownKey:        {Code: "UnrecognizedClientException", Status: http.StatusBadRequest},
		SignatureMismatch: {Code: "InvalidSignatureException", Status: http.StatusBadRequest},
	},
	S3: {
		Missing:    {Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden},
		Version2:   {Code: "InvalidRequest", Status: http.StatusBadRequest},
		Incomplete: {Code: "AuthorizationHeaderMalformed", Status: http.StatusBadRequest},
		Skewed: {Code: "RequestTimeTooSkewed", Status: http.StatusForbidden,
			Message: "The difference between the request time and the current time is too large."},
		Expired:    {Code: "AccessDenied", Message: "Request has expired", Status: http.StatusForbidden},
		Unsigned:   {Code: "AccessDenied", Message: "There were headers present in the request which were not signed", Status: http.StatusForbidden},
		WrongScope: {Code: "AuthorizationHeaderMalformed", Status: http.StatusBadRequest},
		UnknownKey: {Code: "InvalidAccessKeyId", Status: http.StatusForbidden,
			Message: "The AWS Access Key Id you provided does not exist in our records."},
		SignatureMismatch: {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden,
			Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method."},
		PayloadMismatch: {Code: "XAmzContentSHA256Mismatch", Status: http.StatusBadRequest},
		Streaming:       {Code: "NotImplemented", Status: http.StatusNotImplemented},
	},
}
