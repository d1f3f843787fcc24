package awsapi

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// nobody stands for the service until one is found. The namespace is the one
// that AWS uses when it does not know whom a request is for.
var nobody = &service{Model: wire.MustModel(wire.Definition{
	Service:      "unknown",
	XMLNamespace: "http://webservices.amazon.com/AWSFault/2005-15-09",
})}

// protocolOf tells the protocol from path and headers alone, so that even an
// unreadable request is refused in the client's own language.
func protocolOf(r *http.Request) wire.Protocol {
	switch {
	case strings.HasPrefix(r.URL.Path, "/service/"):
		return wire.CBOR
	case r.Header.Get("X-Amz-Target") == "":
		return wire.Query
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-amz-json-1.0"):
		return wire.JSON10
	}
	return wire.JSON11
}

// address is what a request says about the operation that it wants.
type address struct {
	target    string // service part of X-Amz-Target or of the path
	version   string // of the query protocol
	operation string
}

// route finds the endpoint, and the request as its codec wants it.
func (x *exchange) route(r *http.Request, body []byte) (*wire.Endpoint, wire.Request, error) {
	request := wire.Request{Protocol: x.protocol, Body: body}
	if x.protocol == wire.Query {
		form, err := formOf(r, body)
		if err != nil {
			return nil, request, err
		}
		request.Form = form
	}
	to := addressOf(r, request)
	x.operation = to.operation
	if s := x.find(signingName(r), to); s != nil {
		x.service = s
		x.protocol = s.language(x.protocol)
	}
	if to.operation == "" && x.protocol == wire.Query {
		return nil, request, &wire.Error{Shape: "MissingAction", Message: "The request is missing an action or a required parameter."}
	}
	endpoint, ok := x.service.endpoints[to.operation]
	if !ok || !x.service.accepts(x.protocol, to) {
		return nil, request, x.service.unknown(to)
	}
	return endpoint, request, nil
}

// formOf is the parameters of a request: in the body or, of links and presigned
// requests, in the URL, whatever the method.
func formOf(r *http.Request, body []byte) (wire.Form, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || len(body) == 0 {
		return wire.ParseForm(r.URL.RawQuery)
	}
	return wire.ParseForm(string(body))
}

func addressOf(r *http.Request, request wire.Request) address {
	switch request.Protocol {
	case wire.Query:
		return address{version: request.Form.Get("Version"), operation: request.Form.Get("Action")}
	case wire.CBOR:
		parts := strings.Split(r.URL.Path, "/") // "", service, <target>, operation, <operation>
		if len(parts) != 5 || parts[3] != "operation" {
			return address{}
		}
		return address{target: parts[2], operation: parts[4]}
	}
	target := r.Header.Get("X-Amz-Target")
	dot := strings.LastIndex(target, ".")
	return address{target: lastPart(target[:max(dot, 0)]), operation: target[dot+1:]}
}

// lastPart is what follows the last dot: boto3 qualifies CloudTrail's target with a package.
func lastPart(target string) string { return target[strings.LastIndex(target, ".")+1:] }

// find picks the service by the credential scope's signing name; requests
// without one, by target or version. The links in SNS's messages have neither:
// at AWS the host says enough.
func (h *handler) find(signing string, to address) *service {
	for _, by := range []func(*service) bool{
		func(s *service) bool { return signing != "" && s.SigningName == signing },
		func(s *service) bool { return to.target != "" && s.TargetPrefix == to.target },
		func(s *service) bool { return to.version != "" && s.Version == to.version && s.Knows(to.operation) },
		func(s *service) bool { return to.version == "" && s.isPublic(to.operation) },
	} {
		if i := slices.IndexFunc(h.services, by); i >= 0 {
			return h.services[i]
		}
	}
	return nil
}

func (s *service) isPublic(operation string) bool {
	e, ok := s.endpoints[operation]
	return ok && e.Public
}

// accepts tells whether the service speaks the protocol and is the one addressed.
func (s *service) accepts(p wire.Protocol, to address) bool {
	if !slices.Contains(s.Protocols, p) && !s.otherJSON(p) {
		return false
	}
	if p == wire.Query {
		return to.version == "" || to.version == s.Version
	}
	return to.target == s.TargetPrefix
}

// language is the protocol to answer in: a service without a query protocol
// refuses what looks like one in its own.
func (s *service) language(p wire.Protocol) wire.Protocol {
	if p == wire.Query && !slices.Contains(s.Protocols, p) {
		return s.Protocols[0]
	}
	return p
}

// otherJSON forgives a client the wrong number in its JSON content type.
func (s *service) otherJSON(p wire.Protocol) bool {
	return p == wire.JSON10 && slices.Contains(s.Protocols, wire.JSON11) ||
		p == wire.JSON11 && slices.Contains(s.Protocols, wire.JSON10)
}

// unknown is the refusal of an operation. It is never a 5xx: clients would retry for minutes.
func (s *service) unknown(to address) error {
	message := fmt.Sprintf("Could not find operation %s for version %s", clip(to.operation), clip(cmp.Or(to.version, s.Version)))
	if _, answers := s.endpoints[to.operation]; !answers && s.Knows(to.operation) {
		message = fmt.Sprintf("Tocsin does not implement %s:%s", s.Service, to.operation)
	}
	return &wire.Error{Shape: wire.InvalidAction, Message: message}
}

// clip bounds a client's word in a message.
func clip(word string) string {
	if len(word) > 128 {
		return word[:128] + "..."
	}
	return word
}

// signingName is the service of the credential scope that the request claims,
// empty without one. It only chooses a service; the signature is verified later.
func signingName(r *http.Request) string {
	_, credential, found := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if !found {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	scope, _, _ := strings.Cut(credential, ",")
	parts := strings.Split(scope, "/")
	if len(parts) != 5 {
		return ""
	}
	return parts[3]
}

// carriesSignature tells whether the request claims to be signed at all.
func carriesSignature(r *http.Request) bool {
	query := r.URL.Query()
	return r.Header.Get("Authorization") != "" || hasAny(query, "X-Amz-Algorithm", "X-Amz-Signature", "X-Amz-Credential", "AWSAccessKeyId")
}

func hasAny(query url.Values, names ...string) bool {
	return slices.ContainsFunc(names, query.Has)
}
