package cli

import (
	"fmt"

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
		fmt.Fprintf(c.Out, "%s\n\n%s\n", pattern, pattern.Explain())
	}
	var traces []filterpattern.Trace
	if len(p.Files) > 0 {
		traces, err = p.trace(c, pattern)
		if err != nil {
			return err
		}
	}
	if c.json {
		return c.printJSON(explanation{Pattern: pattern.String(), Meaning: pattern.Explain(), Traces: traces})
	}
	return nil
}

func (p *patternExplain) trace(c *command, pattern *filterpattern.Pattern) ([]filterpattern.Trace, error) {
	files := p.Files
	if len(files) == 1 && files[0] == "-" {
		files = nil
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
