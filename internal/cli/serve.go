package cli

import (
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/app"
	"github.com/tocsin-dev/tocsin/internal/config"
	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/telemetry"
)

type serveCommand struct{ settings }

// settings are the flags of commands that know the whole configuration.
type settings struct {
	config.Config `embed:""`
	File          string `name:"config" placeholder:"FILE" env:"TOCSIN_CONFIG" help:"YAML file with the same settings."`
}

// load adds up flags, environment and file. What is wrong is a mistake of usage.
func (s *settings) load(flags *kong.Context) (config.Config, error) {
	given := map[string]bool{}
	for _, element := range flags.Path {
		if element.Flag != nil {
			given[element.Flag.Name] = true
		}
	}
	loaded, err := config.Load(config.Sources{
		Flags: s.Config, Given: func(name string) bool { return given[name] }, Getenv: os.Getenv, File: s.File,
	})
	if err != nil {
		return loaded, &usageError{err}
	}
	return loaded, nil
}

// Run runs the chain until it is told to stop.
func (s *serveCommand) Run(c *command, flags *kong.Context) error {
	ignoreFileSizeSignal()
	settings, err := s.load(flags)
	if err != nil {
		return err
	}
	options, err := c.options(settings)
	if err != nil {
		return err
	}
	tocsin, err := app.New(c.ctx, options)
	if err != nil {
		return err
	}
	c.greet(settings, tocsin)
	return tocsin.Run(c.ctx)
}

func (c *command) options(s config.Config) (app.Options, error) {
	log, err := telemetry.NewLogger(c.Err, telemetry.LogOptions{Format: s.LogFormat, Level: s.LogLevel})
	if err != nil {
		return app.Options{}, &usageError{err}
	}
	return app.Options{
		Data: s.Data, API: s.API, Console: s.Console, PublicURL: s.PublicURL, Account: s.Account, Region: s.Region,
		RootKeyID: s.RootAccessKeyID, RootSecret: s.RootSecretAccessKey,
		Trails: s.Trail, TrailGroup: s.TrailGroup, Notify: s.Notify, SMTP: s.SMTP, MailFrom: s.MailFrom, SQS: s.SQSEndpoint, ConfirmOnGet: s.ConfirmGet, AllowDelivery: networks(s.AllowDeliveryTo),
		MatchRetention: time.Duration(s.MatchRetention), MaxBody: int64(s.MaxBody),
		Log: log, Registry: telemetry.NewRegistry(version),
		MailSaved: func(saved deliver.Saved) { printMail(c.Out, saved) },
		RootKey:   func(root access.Root) { c.printRootKey(root, s) },
	}, nil
}

// networks parses texts that the configuration has checked.
func networks(texts []string) (list []netip.Prefix) {
	for _, text := range texts {
		if network, err := netip.ParsePrefix(text); err == nil {
			list = append(list, network)
		}
	}
	return list
}

// greet says where what is.
func (c *command) greet(s config.Config, tocsin *app.App) {
	fmt.Fprintf(c.Err, "AWS API      http://%s\nready, health, metrics  http://%s/-/ready /-/healthy /metrics\n", tocsin.API(), tocsin.Console())
	for _, dir := range s.Trail {
		fmt.Fprintf(c.Err, "trail        %s -> log group %s\n", dir, s.TrailGroup)
	}
	if s.SMTP == "" {
		fmt.Fprintf(c.Err, "mails        are files in %s/mail: no mail server is set (--smtp)\n", s.Data)
	}
}

// printRootKey shows a new root key, this once, as the commands that use it.
func (c *command) printRootKey(root access.Root, s config.Config) {
	if root.Origin != access.Created {
		return
	}
	fmt.Fprintf(c.Err, "A root access key was made for account %s. It is shown this once:\n\n", root.Account)
	for _, line := range []string{
		"AWS_ACCESS_KEY_ID=" + root.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + root.Secret,
		"AWS_DEFAULT_REGION=" + s.Region, "AWS_ENDPOINT_URL=http://" + s.API,
	} {
		fmt.Fprintf(c.Err, "  export %s\n", line)
	}
	fmt.Fprintln(c.Err)
}

// printMail shows a mail that was written as a file: where it lies, and what it says.
func printMail(out io.Writer, saved deliver.Saved) {
	rule := strings.Repeat("-", 72)
	fmt.Fprintf(out, "%s\nMail to %s: %s\nSubject: %s\n\n%s\n%s\n", rule,
		printable(saved.Mail.To.Address), saved.Path, printable(saved.Mail.Subject), printableLines(saved.Mail.Text), rule)
}
