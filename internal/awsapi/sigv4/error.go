package sigv4

import (
	"fmt"
	"strings"
)

// Reason is why a request was refused. It is finer than AWS's codes, because S3
// tells some reasons apart that other services do not.
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

const unknownMessage = "The security token included in the request is invalid."

const mismatchMessage = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

// Error is a refusal.
type Error struct {
	Reason  Reason
	Message string // in AWS's words

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

// Code names the refusal as services of the query protocol do; the other
// protocols have their own spelling of the same names. PayloadMismatch and
// Streaming have S3's.
func (e *Error) Code() string {
	switch e.Reason {
	case Missing:
		return "MissingAuthenticationToken"
	case Version2, Incomplete:
		return "IncompleteSignature"
	case UnknownKey:
		return "InvalidClientTokenId"
	case PayloadMismatch:
		return "XAmzContentSHA256Mismatch"
	case Streaming:
		return "NotImplemented"
	}
	return "SignatureDoesNotMatch"
}
