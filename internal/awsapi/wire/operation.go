package wire

import (
	"context"
	"reflect"
	"strings"
)

// Operation is an API operation as a table line writes it: wire.Op(s.PutMetricAlarm).
type Operation struct {
	Name   string
	Public bool // answers callers who did not sign; a signature that is there is still checked

	in, out reflect.Type
	call    func(ctx context.Context, in any) (any, error)
}

// Op makes an operation of a typed function. Its name is I's name less "Input".
// A nil output stands for an empty one.
func Op[I, O any](f func(context.Context, *I) (*O, error)) Operation {
	in := reflect.TypeFor[I]()
	return Operation{
		Name: strings.TrimSuffix(in.Name(), "Input"),
		in:   in,
		out:  reflect.TypeFor[O](),
		call: func(ctx context.Context, arg any) (any, error) {
			out, err := f(ctx, arg.(*I))
			if err != nil {
				return nil, err
			}
			if out == nil {
				out = new(O)
			}
			return out, nil
		},
	}
}

// Unsigned is the operation, open to callers without a signature.
func (o Operation) Unsigned() Operation {
	o.Public = true
	return o
}

// Value is what p points to, or the zero value when the caller left the member out.
func Value[T any](p *T) T {
	var zero T
	return Or(p, zero)
}

// Or is what p points to, or fallback when the caller left the member out.
func Or[T any](p *T, fallback T) T {
	if p == nil {
		return fallback
	}
	return *p
}
