package awsapi

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Call is what an operation may know about the request that it answers.
type Call struct {
	Caller    access.Caller // zero when an unsigned operation was called without a signature
	Scope     arn.Scope     // the caller's account in the region of the credential scope
	RequestID string        // a UUID, also in the answer's headers
	SourceIP  string
	UserAgent string
}

// Signed tells whether the caller is known.
func (c Call) Signed() bool { return c.Caller.ARN != "" }

type callKey struct{}

// WithCall is for tests of operations: the handler puts the call into the context itself.
func WithCall(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// CallFrom is the call that an operation answers, zero outside of one.
func CallFrom(ctx context.Context) Call {
	c, _ := ctx.Value(callKey{}).(Call)
	return c
}
