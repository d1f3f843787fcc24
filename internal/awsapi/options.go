package awsapi

import (
	"log/slog"
	"time"
)

// Options is what a front door is made of. Services and Authenticator are
// required; the rest has useful zero values.
type Options struct {
	Services      []Service
	Authenticator Authenticator
	Authorizer    Authorizer // nil: every known caller may do everything
	Observer      Observer   // nil: nobody looks
	Account       string     // of unsigned calls, default 000000000000
	Region        string     // of unsigned calls, default us-east-1
	Logger        *slog.Logger
	MaxBody       int64            // bytes of a request body, compressed or not; default 8 MiB
	Now           func() time.Time // default time.Now
}

const defaultMaxBody = 8 << 20

func (o Options) withDefaults() Options {
	if o.Account == "" {
		o.Account = "000000000000"
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
