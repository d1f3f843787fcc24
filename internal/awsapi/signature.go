package awsapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/awsapi/sigv4"
)

// Keys finds access keys; access.Service is one.
type Keys interface {
	Lookup(ctx context.Context, accessKeyID string) (access.Key, bool, error)
}

// Signatures is the Authenticator that verifies AWS Signature Version 4 with
// the secrets that keys finds.
func Signatures(keys Keys) Authenticator { return &signatures{keys: keys} }

type signatures struct {
	keys     Keys
	verifier sigv4.Verifier
}

func (s *signatures) Authenticate(r *http.Request, body []byte, now time.Time) (Identity, error) {
	var key access.Key
	lookup := func(ctx context.Context, id string) (_ sigv4.Key, known bool, err error) {
		key, known, err = s.keys.Lookup(ctx, id)
		return sigv4.Key{Secret: key.Secret, SessionToken: key.SessionToken}, known, err
	}
	verified, err := s.verifier.Verify(r, body, sigv4.Check{Lookup: lookup, Now: now})
	if refusal, ok := errors.AsType[*sigv4.Error](err); ok {
		return Identity{}, &AuthError{Code: refusal.Code(), Message: refusal.Message}
	}
	if err != nil {
		return Identity{}, err
	}
	return Identity{Caller: key.Caller, Service: verified.Service, Region: verified.Region}, nil
}
