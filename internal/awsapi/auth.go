package awsapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
)

// Identity is whom a verified signature stands for, and what it was made for.
type Identity struct {
	Caller  access.Caller
	Service string // signing name of the credential scope
	Region  string
}

// Authenticator verifies the signature of a request. The body is as it was sent
// (compressed, if it was). Its refusals are *AuthError.
type Authenticator interface {
	Authenticate(r *http.Request, body []byte, now time.Time) (Identity, error)
}

// AuthError is a refused signature or a denied action. Code is one of package
// wire's common codes, spelled as in the query protocol (SignatureDoesNotMatch,
// InvalidClientTokenId, IncompleteSignature, MissingAuthenticationToken,
// RequestExpired, ExpiredToken, AccessDenied); the other protocols' spelling
// and status follow from it. A Status other than 0 overrides the protocol's.
type AuthError struct {
	Code, Message string
	Status        int
}

func (e *AuthError) Error() string { return e.Code + ": " + e.Message }

// Authorizer decides whether a caller may do what it asks for. Its refusals are
// errors that the API shows, such as an AuthError with code AccessDenied.
type Authorizer interface {
	Authorize(ctx context.Context, call Call, action Action) error
}

// Action is what a call wants to do. Input is the operation's *<Operation>Input.
type Action struct {
	Name  string // "logs:PutMetricFilter", as IAM policies write it
	Input any
}
