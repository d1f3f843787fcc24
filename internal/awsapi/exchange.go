package awsapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// exchange is one request on its way to its answer. What is found out along the
// way stays here, so that a refusal at any step can be written, counted and logged.
type exchange struct {
	*handler
	started   time.Time
	protocol  wire.Protocol
	service   *service // nobody until the route is found
	operation string   // as the client wrote it
	call      Call
	in, out   any
	fault     *wire.Fault
	cause     error // behind the fault
}

func (x *exchange) answer(w http.ResponseWriter, r *http.Request) wire.Answer {
	answer, err := x.admitted(w, r)
	if err == nil {
		return answer
	}
	x.cause = err
	fault := x.service.Fault(x.protocol, faultCause(r.Context(), err))
	x.fault = &fault
	return x.service.EncodeFault(x.protocol, x.call.RequestID, fault, r.Header.Get("X-Amzn-Query-Mode") == "true")
}

// admitted runs the request when there is memory for it.
func (x *exchange) admitted(w http.ResponseWriter, r *http.Request) (answer wire.Answer, err error) {
	weight, err := x.memory.admit(r)
	if err != nil {
		return answer, err
	}
	defer x.memory.dismiss(weight)
	return x.run(w, r)
}

// run is the life of a request, top to bottom. A panic on the way is an error like any other.
func (x *exchange) run(w http.ResponseWriter, r *http.Request) (answer wire.Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	sent, err := x.read(w, r)
	if err != nil {
		return answer, err
	}
	body, err := wire.Decompress(r.Header.Get("Content-Encoding"), sent, x.MaxBody)
	if err != nil {
		return answer, err
	}
	endpoint, request, err := x.route(r, body)
	if err != nil {
		return answer, err
	}
	if err := x.authenticate(r, sent, endpoint); err != nil {
		return answer, err
	}
	if x.in, err = endpoint.Decode(request); err != nil {
		return answer, err
	}
	if err := x.authorize(r.Context()); err != nil {
		return answer, err
	}
	out, err := endpoint.Call(WithCall(r.Context(), x.call), x.in)
	if err != nil {
		return answer, err
	}
	x.out = out
	return endpoint.Encode(x.protocol, x.call.RequestID, out), nil
}

func (x *exchange) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), mostPromised)) + bytes.MinRead)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, x.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, wire.TooLarge(x.MaxBody)
	case err != nil:
		return nil, &wire.Error{Shape: wire.MalformedInput, Message: "Request body could not be read"}
	}
	return body.Bytes(), nil
}

// mostPromised is how much memory the mere announcement of a body gets: a full batch of log events.
const mostPromised = 1 << 20

// authenticate finds the caller. Operations that are open to everybody take
// requests without a signature, but not with a wrong one.
func (x *exchange) authenticate(r *http.Request, sent []byte, endpoint *wire.Endpoint) error {
	if endpoint.Public && !carriesSignature(r) {
		return nil
	}
	id, err := x.Authenticator.Authenticate(r, sent, x.started)
	if err != nil {
		return err
	}
	if id.Service != x.service.SigningName {
		return &AuthError{Code: wire.SignatureDoesNotMatch, Message: fmt.Sprintf("Credential should be scoped to correct service: '%s'.", x.service.SigningName)}
	}
	x.call.Caller = id.Caller
	x.call.Scope.Account = id.Caller.Account
	x.call.Scope.Region = id.Region
	return nil
}

func (x *exchange) authorize(ctx context.Context) error {
	if x.Authorizer == nil {
		return nil
	}
	return x.Authorizer.Authorize(ctx, x.call, Action{Name: x.service.Service + ":" + x.operation, Input: x.in})
}

// faultCause is the error in the form that a model can name.
func faultCause(ctx context.Context, err error) error {
	var refused *AuthError
	switch {
	case errors.As(err, &refused):
		return &wire.Error{Shape: refused.Code, Message: refused.Message, Status: refused.Status}
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return &wire.Error{Shape: "RequestCanceled", Message: "The client went away", Status: statusClientClosed}
	}
	return err
}

// statusClientClosed is what nginx logs for clients that did not wait; nobody reads the answer.
const statusClientClosed = 499

// record counts and logs the answered request.
func (x *exchange) record(status int) {
	o := Observation{
		Service: x.service.Service, EventSource: x.service.EventSource, Operation: x.label(), Call: x.call,
		Started: x.started, Duration: x.Now().Sub(x.started), Status: status, Input: x.in, Output: x.out,
	}
	if x.fault != nil {
		o.Code, o.Message = x.fault.Name.Code, x.fault.Message
	}
	if x.Observer != nil {
		x.Observer.Observe(o)
	}
	x.log(o)
}

// label is the operation, or "unknown" when AWS does not have it: clients must not invent label values.
func (x *exchange) label() string {
	if x.service.Knows(x.operation) {
		return x.operation
	}
	return "unknown"
}

func (x *exchange) log(o Observation) {
	attrs := []any{
		slog.String("service", o.Service), slog.String("operation", o.Operation), slog.Int("status", o.Status),
		slog.String("request_id", o.Call.RequestID), slog.Duration("took", o.Duration),
	}
	if o.Code != "" {
		attrs = append(attrs, slog.String("code", o.Code))
	}
	if o.Status >= http.StatusInternalServerError {
		x.Logger.Error("request failed", append(attrs, slog.Any("err", x.cause))...)
		return
	}
	x.Logger.Debug("request answered", attrs...)
}
