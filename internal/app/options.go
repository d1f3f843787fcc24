package app

import (
	"context"
	"log/slog"
	"net/netip"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/deliver"
)

// Options says what to run. The zero value of each member is its default.
type Options struct {
	Data         string // folder; "./tocsin-data"
	API, Console string // addresses; "127.0.0.1:4566" and "127.0.0.1:4567"
	PublicURL    string // of the API, for links in mails; the API address by default

	Account, Region string // "000000000000", "us-east-1"
	RootKeyID       string // with RootSecret: the root access key; made at first start by default
	RootSecret      string

	Trails         []string       // folders of CloudTrail log files
	TrailGroup     string         // log group that they are delivered to
	Notify         string         // mail address to install the starter set for; none by default
	SMTP           string         // URL of a mail server; mails are files by default
	MailFrom       string         // sender's address
	SQS            string         // URL of an SQS API that delivers to queues; no subscribers by sqs by default
	AllowDelivery  []netip.Prefix // networks off the Internet that http and https subscribers may be in
	ConfirmOnGet   bool           // a GET of a confirmation link confirms, as on AWS
	MatchRetention time.Duration  // 90 days
	MaxBody        int64          // bytes of an API request; 8 MiB

	Log      *slog.Logger
	Registry *prometheus.Registry
	// MailSaved is told of each mail that was written as a file.
	MailSaved func(deliver.Saved)
	// SMS sends text messages; by default they are only logged.
	SMS func(context.Context, deliver.Text) error
	// RootKey is told once how the root access key came to be.
	RootKey func(access.Root)
}

const day = 24 * time.Hour

func (o Options) withDefaults() Options {
	text := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	text(&o.Data, "tocsin-data")
	text(&o.API, "127.0.0.1:4566")
	text(&o.Console, "127.0.0.1:4567")
	text(&o.Account, "000000000000")
	text(&o.Region, "us-east-1")
	text(&o.TrailGroup, DefaultTrailGroup)
	if o.MatchRetention == 0 {
		o.MatchRetention = 90 * day
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Registry == nil {
		o.Registry = prometheus.NewRegistry()
	}
	if o.MailSaved == nil {
		o.MailSaved = func(deliver.Saved) {}
	}
	if o.RootKey == nil {
		o.RootKey = func(access.Root) {}
	}
	return o
}

// scope is where trails and the starter set live.
func (o Options) scope() arn.Scope {
	return arn.Scope{Partition: "aws", Account: o.Account, Region: o.Region}
}

func (o Options) path(name string) string { return filepath.Join(o.Data, name) }
