package logs

import "errors"

// What a caller may get wrong. Anything else that this package returns is our
// fault, not theirs.
var (
	ErrNoGroup      = errors.New("log group does not exist")
	ErrGroupExists  = errors.New("log group exists")
	ErrNoStream     = errors.New("log stream does not exist")
	ErrStreamExists = errors.New("log stream exists")
	ErrTooManyTags  = errors.New("log group would have more than 50 tags")
	ErrBadToken     = errors.New("token is not one of ours")
)

// InvalidError is a request that AWS refuses; its text is AWS's.
type InvalidError struct{ Message string }

func (e *InvalidError) Error() string { return e.Message }
