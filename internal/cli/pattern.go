package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

type patternCommand struct {
	Check   patternCheck   `cmd:"" help:"Say whether AWS accepts a pattern, and how it reads it."`
	Test    patternTest    `cmd:"" help:"Print the messages that a pattern matches."`
	Explain patternExplain `cmd:"" help:"Say in words what a pattern matches and, given a message, why it does or does not."`
}

type patternCheck struct {
	Patterns []string `arg:"" name:"pattern" help:"Filter patterns, as PutMetricFilter takes them; behind -- if one begins with a minus sign."`
}

type checkResult struct {
	Pattern   string       `json:"pattern"`
	Valid     bool         `json:"valid"`
	Kind      string       `json:"kind,omitempty"`
	Canonical string       `json:"canonical,omitempty"`
	Error     *patternFlaw `json:"error,omitempty"`
}

type patternFlaw struct {
	Message string `json:"message"`
	Offset  int    `json:"offset"`
}

// Run checks each pattern; a refused one is a finding.
func (p *patternCheck) Run(c *command) error {
	results := make([]checkResult, len(p.Patterns))
	refused := false
	for i, text := range p.Patterns {
		results[i] = check(text)
		refused = refused || !results[i].Valid
	}
	if err := c.printChecks(results); err != nil {
		return err
	}
	if refused {
		return errFindings
	}
	return nil
}

func check(text string) checkResult {
	pattern, err := filterpattern.Parse(text)
	var flaw *filterpattern.SyntaxError
	if errors.As(err, &flaw) {
		return checkResult{Pattern: text, Error: &patternFlaw{Message: flaw.Msg, Offset: flaw.Offset}}
	}
	return checkResult{Pattern: text, Valid: true, Kind: pattern.Kind().String(), Canonical: pattern.String()}
}

func (c *command) printChecks(results []checkResult) error {
	if c.json {
		return c.printJSON(results)
	}
	for _, r := range results {
		if r.Valid {
			fmt.Fprintf(c.Out, "accepted (%s): %s\n", r.Kind, r.Canonical)
			continue
		}
		fmt.Fprintf(c.Out, "refused: %s\n%s", r.Error.Message, pointAt(r.Pattern, r.Error.Offset))
	}
	return nil
}

// pointAt shows the line of the pattern that holds the offset, with a mark
// below the character there.
func pointAt(text string, offset int) string {
	offset = max(0, min(offset, len(text)))
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	line = strings.ReplaceAll(line, "\t", " ")
	return fmt.Sprintf("  %s\n  %s^\n", line, strings.Repeat(" ", utf8.RuneCountInString(text[start:offset])))
}
