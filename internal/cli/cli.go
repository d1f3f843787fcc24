// Package cli is the command line: one file a command. Commands print data to
// Out and remarks to Err, as text or as JSON, and end with one of four codes.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// Exit codes, the same for every command.
const (
	Fine     = 0
	Findings = 1 // it worked, and what it looked for was there (or, for a test, was not)
	Usage    = 2
	Failure  = 3
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

type root struct {
	Output string `help:"How to print data: text or json." enum:"text,json" default:"text"`

	Serve   serveCommand   `cmd:"" help:"Run the chain: CloudTrail records in, alarm mails out, the AWS API beside it."`
	Pattern patternCommand `cmd:"" help:"Check, test and explain CloudWatch Logs filter patterns."`
	Alarm   alarmCommand   `cmd:"" help:"Try CloudWatch alarms on data, and check them without."`
	Config  configCommand  `cmd:"" help:"Print the configuration that serve would run with, secrets hidden."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// errFindings ends a command with the code Findings and no further words.
var errFindings = errors.New("findings")

// usageError is a mistake of the caller's that only the command itself can see.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// command is what a command's Run is given.
type command struct {
	Streams
	ctx  context.Context
	json bool
}

// Run runs the command line and returns the exit code.
func Run(ctx context.Context, args []string, streams Streams) int {
	exit := -1
	parser, err := kong.New(&root{},
		kong.Name("tocsin"),
		kong.Description("Tells people when somebody calls an AWS API without being allowed to.\n\nExit codes: 0 fine, 1 findings, 2 usage, 3 failure."),
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return fail(streams, err)
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help has printed and asked to exit
		return exit
	}
	if err != nil {
		fmt.Fprintf(streams.Err, "tocsin: %v\nTry: tocsin --help\n", err)
		return Usage
	}
	output := parsed.Model.Target.FieldByName("Output").String()
	return code(streams, parsed.Run(&command{Streams: streams, ctx: ctx, json: output == "json"}))
}

func code(streams Streams, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return Fine
	case errors.Is(err, errFindings):
		return Findings
	case errors.As(err, &usage):
		fmt.Fprintf(streams.Err, "tocsin: %v\n", err)
		return Usage
	}
	return fail(streams, err)
}

func fail(streams Streams, err error) int {
	fmt.Fprintf(streams.Err, "tocsin: %v\n", err)
	return Failure
}

// printJSON prints a value as indented JSON.
func (c *command) printJSON(value any) error {
	encoder := json.NewEncoder(c.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
