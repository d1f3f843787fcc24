package topic

import (
	"errors"
	"fmt"
)

// Kind sorts refusals; the API has one table from kinds to AWS's codes.
type Kind int

// The kinds of refusals.
const (
	NotFound         Kind = iota + 1 // no such topic or subscription
	ResourceNotFound                 // NotFound, in the words of the tag operations
	Invalid                          // a parameter
	InvalidValue                     // a message attribute
	Denied                           // by the topic's policy
	TagLimit
	BatchEmpty
	BatchTooMany
	BatchTooLong
	BatchIDInvalid
	BatchIDTwice
)

// Error is a refusal. Message is AWS's text for it, shown to the caller as it is.
type Error struct {
	Kind    Kind
	Message string
}

func (e *Error) Error() string { return e.Message }

// IsKind reports whether err is a refusal of the kind.
func IsKind(err error, kind Kind) bool {
	var refusal *Error
	return errors.As(err, &refusal) && refusal.Kind == kind
}

// The refusals that stores return.
var (
	ErrNoTopic        = &Error{NotFound, "Topic does not exist"}
	ErrNoSubscription = &Error{NotFound, "Subscription does not exist"}
)

func invalid(format string, args ...any) *Error {
	return &Error{Invalid, "Invalid parameter: " + fmt.Sprintf(format, args...)}
}
