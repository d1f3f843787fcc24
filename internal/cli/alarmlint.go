package cli

import (
	"cmp"
	"fmt"

	"github.com/tocsin-dev/tocsin/internal/rehearse"
)

type alarmLint struct {
	Files []string `arg:"" name:"alarm" help:"What aws cloudwatch describe-alarms prints, one alarm of it, or the input of put-metric-alarm, as JSON; \"-\" is standard input."`
}

type lintResult struct {
	File     string             `json:"file"`
	Alarm    string             `json:"alarm"`
	Findings []rehearse.Finding `json:"findings"`
}

// Run prints what is wrong with each alarm. Anything is a finding.
func (l *alarmLint) Run(c *command) error {
	var results []lintResult
	found := false
	for _, name := range l.Files {
		alarms, err := c.alarms(name)
		if err != nil {
			return err
		}
		for _, a := range alarms {
			result := lintResult{File: name, Alarm: a.AlarmName, Findings: append([]rehearse.Finding{}, rehearse.Lint(a)...)}
			found = found || len(result.Findings) > 0
			results = append(results, result)
		}
	}
	if err := c.printLint(results); err != nil {
		return err
	}
	if found {
		return errFindings
	}
	return nil
}

func (c *command) printLint(results []lintResult) error {
	if c.json {
		return c.printJSON(results)
	}
	for _, r := range results {
		verdict := "fine"
		if n := len(r.Findings); n > 0 {
			verdict = fmt.Sprintf("%d to look at", n)
		}
		if _, err := fmt.Fprintf(c.Out, "%s: %s\n", printable(cmp.Or(r.Alarm, r.File)), verdict); err != nil {
			return err
		}
		for _, f := range r.Findings {
			if err := printFinding(c.Out, f); err != nil {
				return err
			}
		}
	}
	return nil
}
