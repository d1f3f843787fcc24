package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

type patternTest struct {
	Pattern string   `arg:"" help:"The filter pattern."`
	Files   []string `arg:"" optional:"" help:"CloudTrail log files (.json, .json.gz), or text with one message a line. Default: standard input."`
	Count   bool     `short:"c" help:"Print only how many match."`
}

// matchResult is what TestMetricFilter answers for a match.
type matchResult struct {
	EventNumber     int               `json:"eventNumber"`
	EventMessage    string            `json:"eventMessage"`
	ExtractedValues map[string]string `json:"extractedValues"`
}

// Run prints the messages that match. None is a finding.
func (p *patternTest) Run(c *command) error {
	pattern, err := parsePattern(p.Pattern)
	if err != nil {
		return err
	}
	messages, matches := 0, 0
	err = c.messages(p.Files, func(message []byte) error {
		messages++
		event := filterpattern.NewEvent(message)
		if !pattern.MatchEvent(event) {
			return nil
		}
		matches++
		if p.Count {
			return nil
		}
		return c.printMatch(matchResult{EventNumber: messages, EventMessage: string(message), ExtractedValues: pattern.Extract(event)})
	})
	if err != nil {
		return err
	}
	if p.Count {
		fmt.Fprintln(c.Out, matches)
	}
	fmt.Fprintf(c.Err, "%d of %d messages match\n", matches, messages)
	if matches == 0 {
		return errFindings
	}
	return nil
}

func parsePattern(text string) (*filterpattern.Pattern, error) {
	pattern, err := filterpattern.Parse(text)
	if err != nil {
		return nil, &usageError{fmt.Errorf("the pattern is refused: %w", err)}
	}
	return pattern, nil
}

// printMatch prints a match as a line: of JSON, or of text with the extracted
// fields behind a tab.
func (c *command) printMatch(m matchResult) error {
	if c.json {
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.Out, "%s\n", line)
		return err
	}
	line := printable(m.EventMessage)
	for _, name := range slices.Sorted(maps.Keys(m.ExtractedValues)) {
		line += fmt.Sprintf("\t%s=%s", name, printable(m.ExtractedValues[name]))
	}
	_, err := fmt.Fprintln(c.Out, line)
	return err
}
