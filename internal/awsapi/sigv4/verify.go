// Package sigv4 proves who sent a request: it checks AWS Signature Version 4,
// in the Authorization header or in the query of a presigned URL, against the
// secret of the access key that the request names, and refuses in AWS's words.
//
// The order of the checks is AWS's: form, clock, signed headers, algorithm,
// credential scope, access key, signature, session token.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
package sigv4

import (
	"context"
	"crypto/hmac"
	"fmt"
	"net/http"
	"time"
)

// Key is what the verifier needs to know of an access key.
type Key struct {
	Secret       string
	SessionToken string // of temporary credentials; empty for long-term keys
}

// Lookup finds the key of an access key id. It returns false, and no error,
// when there is no such key or it may not be used.
type Lookup func(ctx context.Context, accessKeyID string) (Key, bool, error)

// Check is what a request is held against.
type Check struct {
	Lookup Lookup
	Now    time.Time

	// What the credential scope must say; empty accepts any.
	Service, Region string
}

// Verified is a request whose signature is right.
type Verified struct {
	Credential
	Time      time.Time // when the client signed
	Presigned bool
}

// Verifier verifies requests. Its zero value is ready; it is safe for concurrent
// use and remembers the signing keys of clients that have called before.
type Verifier struct{ keys keyCache }

// Verify checks the signature of r, whose body as received (still compressed,
// if it was) is body. Whoever signed is in the result. A refusal is an *Error;
// any other error is the lookup's.
//
// The Host header counts as the client sent it, so a proxy in front has to
// pass it on unchanged.
func (v *Verifier) Verify(r *http.Request, body []byte, against Check) (Verified, error) {
	c, err := readClaim(r, body)
	if err != nil {
		return Verified{}, err
	}
	if err := c.check(r, against); err != nil {
		return Verified{}, err
	}
	payload, err := c.payloadHash(r, body)
	if err != nil {
		return Verified{}, err
	}
	key, known, err := against.Lookup(r.Context(), c.AccessKeyID)
	if err != nil {
		return Verified{}, fmt.Errorf("look up access key %s: %w", c.AccessKeyID, err)
	}
	if !known {
		return Verified{}, refuse(UnknownKey, unknownMessage)
	}
	if err := v.match(c, key, canonicalRequest(r, c, payload)); err != nil {
		return Verified{}, err
	}
	return Verified{Credential: c.Credential, Time: c.time, Presigned: c.presigned}, nil
}

// match compares the signature of the claim with the right one, and then the
// session token, both in constant time.
func (v *Verifier) match(c *claim, key Key, canonical string) error {
	signingKey, cached := v.keys.get(c.Credential, key.Secret)
	if !cached {
		signingKey = deriveKey(key.Secret, c.Credential)
	}
	toSign := stringToSign(c, canonical)
	if !hmac.Equal([]byte(sign(signingKey, toSign)), []byte(c.signature)) {
		return &Error{Reason: SignatureMismatch, Message: mismatchMessage, CanonicalRequest: canonical, StringToSign: toSign}
	}
	if !hmac.Equal([]byte(c.sessionToken), []byte(key.SessionToken)) {
		return refuse(UnknownKey, unknownMessage)
	}
	if !cached {
		v.keys.put(c.Credential, key.Secret, signingKey)
	}
	return nil
}
