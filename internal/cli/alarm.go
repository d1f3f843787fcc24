package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/rehearse"
)

type alarmCommand struct {
	Simulate alarmSimulate `cmd:"" help:"Run an alarm over datapoints and print when it would have rung, and why."`
	Lint     alarmLint     `cmd:"" help:"Say what is wrong with alarms, without data."`
}

// maxInput bounds the files that are read whole.
const maxInput = 64 << 20

// readAll reads a file, or standard input if the name is "-".
func (c *command) readAll(name string) ([]byte, error) {
	in := c.In
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(text) > maxInput:
		return nil, fmt.Errorf("%s: longer than %d MiB", name, maxInput>>20)
	}
	return text, nil
}

// alarms reads the alarms of a file.
func (c *command) alarms(name string) ([]rehearse.Alarm, error) {
	text, err := c.readAll(name)
	if err != nil {
		return nil, err
	}
	alarms, err := parseAlarms(text)
	if err != nil {
		return nil, &usageError{fmt.Errorf("%s: %w", name, err)}
	}
	return alarms, nil
}

// parseAlarms reads what describe-alarms prints, one alarm of it, a list of
// them, or the input of PutMetricAlarm.
func parseAlarms(text []byte) ([]rehearse.Alarm, error) {
	text = []byte(strings.TrimPrefix(string(text), "\ufeff"))
	var list []rehearse.Alarm
	if strings.HasPrefix(strings.TrimSpace(string(text)), "[") {
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("not a list of alarms: %w", err)
		}
		return atLeastOne(list)
	}
	var answer struct{ MetricAlarms, CompositeAlarms []rehearse.Alarm }
	var one rehearse.Alarm
	if err := errors.Join(json.Unmarshal(text, &answer), json.Unmarshal(text, &one)); err != nil {
		return nil, fmt.Errorf("not an alarm: %w", err)
	}
	if answer.MetricAlarms != nil || answer.CompositeAlarms != nil {
		return atLeastOne(append(answer.MetricAlarms, answer.CompositeAlarms...))
	}
	if one.AlarmName == "" && one.MetricName == "" {
		return nil, errors.New("not an alarm: neither AlarmName nor MetricName nor MetricAlarms is there")
	}
	return []rehearse.Alarm{one}, nil
}

func atLeastOne(alarms []rehearse.Alarm) ([]rehearse.Alarm, error) {
	if len(alarms) == 0 {
		return nil, errors.New("there is no alarm in it")
	}
	return alarms, nil
}

// printFinding prints a finding under what it is about.
func printFinding(out io.Writer, f rehearse.Finding) error {
	_, err := fmt.Fprintf(out, "  %s: %s\n    %s\n", f.Rule, printable(f.Consequence), printable(f.Suggestion))
	return err
}
