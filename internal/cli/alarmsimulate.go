package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/rehearse"
)

type alarmSimulate struct {
	Alarm        string `arg:"" help:"What aws cloudwatch describe-alarms prints, one alarm of it, or the input of put-metric-alarm, as JSON."`
	Data         string `arg:"" optional:"" default:"-" help:"Datapoints: what get-metric-statistics or get-metric-data prints, a JSON list of {timestamp, value, samplecount}, or CSV with timestamp,value,count. Default: standard input."`
	Name         string `help:"The alarm to run, if the file holds several."`
	ID           string `name:"id" help:"The result of get-metric-data to run on, if there are several."`
	Second       int    `default:"0" help:"The second of the minute at which the alarm is evaluated."`
	Start        moment `placeholder:"TIME" help:"When to begin. Default: with the first datapoint."`
	End          moment `placeholder:"TIME" help:"When to end. Default: when no window holds the last datapoint."`
	InitialState string `enum:"OK,ALARM,INSUFFICIENT_DATA" default:"INSUFFICIENT_DATA" help:"The state to begin with: OK, ALARM or INSUFFICIENT_DATA."`
	AtOnce       bool   `help:"Evaluate each datapoint as it comes, too, as Tocsin does and AWS does not."`
}

// Run prints the timeline. An alarm that never rings is a finding.
func (s *alarmSimulate) Run(c *command) error {
	if s.Second < 0 || s.Second > 59 {
		return &usageError{fmt.Errorf("--second %d is not between 0 and 59", s.Second)}
	}
	if s.Alarm == "-" && s.Data == "-" {
		return &usageError{errors.New("alarm and datapoints cannot both come from standard input")}
	}
	alarm, err := s.alarm(c)
	if err != nil {
		return err
	}
	points, err := s.datapoints(c, alarm)
	if err != nil {
		return err
	}
	timeline, err := rehearse.Simulate(alarm, points, rehearse.Options{
		Start: time.Time(s.Start), End: time.Time(s.End), Second: s.Second, Initial: alarmeval.State(s.InitialState), AtOnce: s.AtOnce,
	})
	if err != nil {
		return &usageError{err}
	}
	if err := c.printTimeline(newRehearsal(alarm, points, timeline)); err != nil {
		return err
	}
	if len(timeline.Rings()) == 0 {
		return errFindings
	}
	return nil
}

// alarm is the one that is to run. One that AWS refuses is a mistake of usage.
func (s *alarmSimulate) alarm(c *command) (rehearse.Alarm, error) {
	alarms, err := c.alarms(s.Alarm)
	if err != nil {
		return rehearse.Alarm{}, err
	}
	var chosen []rehearse.Alarm
	var names []string
	for _, a := range alarms {
		names = append(names, printable(a.AlarmName))
		if s.Name == "" || s.Name == a.AlarmName {
			chosen = append(chosen, a)
		}
	}
	if len(chosen) != 1 {
		return rehearse.Alarm{}, &usageError{fmt.Errorf("choose one of the alarms with --name: %s", strings.Join(names, ", "))}
	}
	if reason := rehearse.Unfit(chosen[0]); reason != "" {
		return rehearse.Alarm{}, &usageError{fmt.Errorf("alarm %s: %s", printable(chosen[0].AlarmName), printable(reason))}
	}
	return chosen[0], nil
}

func (s *alarmSimulate) datapoints(c *command, a rehearse.Alarm) ([]rehearse.Datapoint, error) {
	text, err := c.readAll(s.Data)
	if err != nil {
		return nil, err
	}
	points, err := parseDatapoints(text, a.Statistic+a.ExtendedStatistic, s.ID)
	if err != nil {
		return nil, &usageError{fmt.Errorf("%s: %w", s.Data, err)}
	}
	return points, nil
}

// rehearsal is what is printed.
type rehearsal struct {
	Alarm        string             `json:"alarm"`
	Condition    string             `json:"condition"`
	Start        time.Time          `json:"start"`
	End          time.Time          `json:"end"`
	InitialState alarmeval.State    `json:"initialState"`
	FinalState   alarmeval.State    `json:"finalState"`
	Datapoints   int                `json:"datapoints"`
	Evaluations  int                `json:"evaluations"`
	Transitions  []transition       `json:"transitions"`
	Rings        []ring             `json:"rings"`
	Warnings     []rehearse.Finding `json:"warnings"`
}

type transition struct {
	At       time.Time       `json:"at"`
	From     alarmeval.State `json:"from"`
	To       alarmeval.State `json:"to"`
	Reason   string          `json:"reason"`
	AtOnce   bool            `json:"atOnce"`
	Notifies bool            `json:"notifies"` // actions run
}

type ring struct {
	At      time.Time       `json:"at"`
	Until   *time.Time      `json:"until"` // null: it has not returned
	To      alarmeval.State `json:"to,omitempty"`
	Seconds int             `json:"seconds"`
}

func newRehearsal(a rehearse.Alarm, points []rehearse.Datapoint, t rehearse.Timeline) rehearsal {
	r := rehearsal{
		Alarm: a.AlarmName, Condition: a.String(), Start: t.Start, End: t.End, InitialState: t.Initial, FinalState: t.Final,
		Datapoints: len(points), Evaluations: t.Evaluations,
		Transitions: []transition{}, Rings: []ring{}, Warnings: append([]rehearse.Finding{}, rehearse.Warn(a, points, t)...),
	}
	for _, change := range t.Changes {
		r.Transitions = append(r.Transitions, transition{change.At, change.From, change.To, change.Reason, change.AtOnce, a.Notifies(change.To)})
	}
	for _, rung := range t.Rings() {
		next := ring{At: rung.At, To: rung.To, Seconds: int(t.End.Sub(rung.At).Seconds())}
		if !rung.Until.IsZero() {
			next.Until, next.Seconds = &rung.Until, int(rung.Until.Sub(rung.At).Seconds())
		}
		r.Rings = append(r.Rings, next)
	}
	return r
}

const tableTime = "2006-01-02 15:04:05"

func (c *command) printTimeline(r rehearsal) error {
	if c.json {
		return c.printJSON(r)
	}
	fmt.Fprintf(c.Out, "%s: %s\ndatapoints %d, evaluations %d, from %s to %s UTC\n\n", printable(r.Alarm), printable(r.Condition),
		r.Datapoints, r.Evaluations, r.Start.Format(tableTime), r.End.Format(tableTime))
	if err := printTransitions(c.Out, r); err != nil {
		return err
	}
	printRings(c.Out, r)
	for i, f := range r.Warnings {
		if i == 0 {
			fmt.Fprintln(c.Out, "\nTo look at:")
		}
		if err := printFinding(c.Out, f); err != nil {
			return err
		}
	}
	return nil
}

func printTransitions(out io.Writer, r rehearsal) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "UTC\tSTATE\tREASON\n%s\t%s\tinitial state\n", r.Start.Format(tableTime), r.InitialState)
	for _, change := range r.Transitions {
		reason := change.Reason
		if change.AtOnce {
			reason += " (at once)"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", change.At.Format(tableTime), change.To, reason)
	}
	return table.Flush()
}

func printRings(out io.Writer, r rehearsal) {
	if len(r.Rings) == 0 {
		fmt.Fprintln(out, "\nIt never rings.")
		return
	}
	fmt.Fprintln(out)
	for _, rung := range r.Rings {
		length := time.Duration(rung.Seconds) * time.Second
		if rung.Until == nil {
			fmt.Fprintf(out, "Rings at %s and has not returned after %s.\n", rung.At.Format(tableTime), length)
			continue
		}
		fmt.Fprintf(out, "Rings at %s, returns to %s at %s after %s.\n", rung.At.Format(tableTime), rung.To, rung.Until.Format(tableTime), length)
	}
}
