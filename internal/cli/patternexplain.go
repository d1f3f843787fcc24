package cli

import (
	"fmt"
	"strings"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

type patternExplain struct {
	Pattern string   `arg:"" help:"The filter pattern."`
	Files   []string `arg:"" optional:"" help:"CloudTrail log files, or text with one message a line; \"-\" is standard input. Each message is traced."`
}

type explanation struct {
	Pattern string                `json:"pattern"`
	Meaning string                `json:"meaning"`
	Traces  []filterpattern.Trace `json:"traces,omitempty"`
}

// Run says what the pattern means and traces the messages of the files.
func (p *patternExplain) Run(c *command) error {
	pattern, err := parsePattern(p.Pattern)
	if err != nil {
		return err
	}
	if !c.json {
		fmt.Fprintf(c.Out, "%s\n\n%s\n", pattern, strings.TrimSpace(pattern.Explain()))
	}
	traces, err := p.trace(c, pattern)
	if err != nil || !c.json {
		return err
	}
	return c.printJSON(explanation{Pattern: pattern.String(), Meaning: strings.TrimSpace(pattern.Explain()), Traces: traces})
}

// trace judges the messages of the files: as text they are printed one by one,
// for JSON they are collected.
func (p *patternExplain) trace(c *command, pattern *filterpattern.Pattern) ([]filterpattern.Trace, error) {
	files := p.Files
	switch {
	case len(files) == 0:
		return nil, nil
	case len(files) == 1 && files[0] == "-":
		files = nil // standard input
	}
	var traces []filterpattern.Trace
	err := c.messages(files, func(message []byte) error {
		trace := pattern.Trace(filterpattern.NewEvent(message))
		if c.json {
			traces = append(traces, trace)
			return nil
		}
		_, err := fmt.Fprintf(c.Out, "\n%s", trace)
		return err
	})
	return traces, err
}
