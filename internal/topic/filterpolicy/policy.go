// Package filterpolicy is the language in which a subscription says which
// messages it wants: https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html.
//
// A policy is a JSON object. All of its keys must match, each by one of its
// values:
//
//	{"NewStateValue": ["ALARM"], "AlarmName": [{"prefix": "prod-"}]}
//
// SNS compiles policies with AWS's event-ruler, whose behaviour and whose
// refusals, down to their columns, are followed here as they were recorded.
package filterpolicy

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Scope is what of a message a policy is about.
type Scope string

// The scopes. The first is the default.
const (
	MessageAttributes Scope = "MessageAttributes"
	MessageBody       Scope = "MessageBody"
)

// AWS's limits of a policy.
const (
	maxSize         = 256 << 10 // bytes
	maxKeys         = 5         // at the top
	maxCombinations = 150
)

// Policy selects messages. It does not change and may be used by many goroutines.
type Policy struct {
	scope Scope
	root  *node
}

// ErrSyntax is the refusal of what is no JSON.
var ErrSyntax error = refusal("FilterPolicy: failed to parse JSON.")

// refusal is one of AWS's texts.
type refusal string

func (r refusal) Error() string { return string(r) }

// Parse compiles a policy. Its errors are AWS's texts but for what AWS puts
// before them, "Invalid parameter: " or "Invalid parameter: Attributes Reason: ".
func Parse(text string, scope Scope) (*Policy, error) {
	if len(text) > maxSize {
		return nil, refusal("FilterPolicy: Filter policy is too large")
	}
	if !json.Valid([]byte(text)) {
		return nil, ErrSyntax
	}
	document, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("FilterPolicy: %w", err)
	}
	root, err := compile(document)
	if err != nil {
		return nil, fmt.Errorf("FilterPolicy: %w", err)
	}
	if err := checkSize(document, scope); err != nil {
		return nil, err
	}
	return &Policy{scope: scope, root: root}, nil
}

func checkSize(document *value, scope Scope) error {
	switch {
	case scope != MessageBody && isNested(document):
		return refusal("Filter policy scope MessageAttributes does not support nested filter policy")
	case len(document.keys) > maxKeys:
		return refusal("FilterPolicy: Filter policy can not have more than 5 keys")
	case combinations(document, 1) > maxCombinations:
		return refusal("FilterPolicy: Filter policy is too complex")
	}
	return nil
}

func isNested(object *value) bool {
	for i, key := range object.keys {
		v := object.items[i]
		if v.kind == aObject {
			return true
		}
		if isOr(key, v) {
			for _, alternative := range v.items {
				if isNested(alternative) {
					return true
				}
			}
		}
	}
	return false
}

// combinations multiplies the values of all keys, each as often as its key is
// deep; alternatives are added. It stops counting beyond the limit.
func combinations(object *value, depth int) int {
	product := 1
	for i, key := range object.keys {
		v, factor := object.items[i], 0
		switch {
		case v.kind == aObject:
			factor = combinations(v, depth+1)
		case isOr(key, v):
			for _, alternative := range v.items {
				factor = min(factor+combinations(alternative, depth), maxCombinations+1)
			}
		default:
			factor = len(v.items) * depth
		}
		product = min(product*factor, maxCombinations+1)
	}
	return product
}

// reserved names make a "$or" an ordinary key when they stand in it.
const reserved = " exactly prefix suffix anything-but exists numeric cidr equals-ignore-case = < <= > >= wildcard regex like not-like" +
	" not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range" +
	" ip-address-in-range ip-address-not-in-range "

// isOr tells alternatives from a key that happens to be called "$or": they are
// two objects at least, none of which has a reserved name.
func isOr(key string, v *value) bool {
	if key != "$or" || v.kind != aArray || len(v.items) < 2 {
		return false
	}
	for _, item := range v.items {
		if item.kind != aObject {
			return false
		}
		for _, name := range item.keys {
			if strings.Contains(reserved, " "+name+" ") {
				return false
			}
		}
	}
	return true
}
