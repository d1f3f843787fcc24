package triage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/internal/trailevent"
)

// How much is shown; the rest is counted.
const (
	maxGroups    = 20
	maxCalls     = 5  // different calls of a group
	maxOfAKind   = 3  // addresses, clients, resources, ... of a group
	maxLatest    = 5  // single calls of a group, if there are few groups
	maxAllLatest = 30 // single calls of all groups
	maxLines     = 20 // messages that are no CloudTrail records
)

// summary is the section before it is laid out. Its texts are clean.
type summary struct {
	Title       string
	Span        string
	Lag         string // how late the records came, if that is worth saying
	Groups      []group
	MoreGroups  int
	MoreCalls   int // of the groups that are not shown
	Lines       []line
	MoreLines   int
	Omitted     int
	first, last time.Time
}

// When is the span of time, and how late the records came.
func (s summary) When() string {
	if s.Lag == "" {
		return s.Span
	}
	return s.Span + "; " + s.Lag
}

// group is the calls of one principal.
type group struct {
	Number    int
	Who       string
	Count     int
	Span      string
	Worries   []string
	Facts     []fact // in the order to show them in
	Calls     []call
	MoreCalls int // different calls that are not shown
	Latest    []occurrence
	Earlier   int // single calls that are not among the latest
}

// fact is one property of a group's calls.
type fact struct {
	Name string
	list
}

// call is what calls of one operation have in common.
type call struct {
	Count     int
	Name      string // "s3:ListBuckets"
	Action    string // the IAM action, if it has another name
	Reasons   list
	Resources list // "on arn:aws:..."
}

// WithAction is the call's name, and its IAM action if that has another one.
func (c call) WithAction() string {
	if c.Action == "" {
		return c.Name
	}
	return c.Name + " (IAM action " + c.Action + ")"
}

// occurrence is a single call.
type occurrence struct {
	Time, Name, Result, Address string
	ID                          string // "eventID ...", or that of the log event if there is none
}

// line is a message that is no CloudTrail record.
type line struct{ Time, LogEventID, Text string }

// seen is a CloudTrail record that was read.
type seen struct {
	trailevent.Event
	at      time.Time // of the call, or of its arrival if that is not known
	arrived time.Time
	id      string
	denial  trailevent.Denial
	who     trailevent.Principal
}

func report(matches []Match, o Options) summary {
	var s summary
	principals := map[string][]seen{}
	calls := 0
	for _, m := range matches {
		e, ok := read(m)
		if !ok {
			s.addLine(m)
			continue
		}
		calls++
		principals[e.who.Key] = append(principals[e.who.Key], e)
		s.span(e)
	}
	groups := slices.Collect(maps.Values(principals))
	for _, events := range groups {
		slices.SortStableFunc(events, func(a, b seen) int { return b.at.Compare(a.at) })
	}
	slices.SortFunc(groups, func(a, b []seen) int {
		return cmp.Or(byWorry(a, b), cmp.Compare(len(b), len(a)), b[0].at.Compare(a[0].at), cmp.Compare(a[0].who.Key, b[0].who.Key))
	})
	shown := groups[:min(len(groups), maxGroups)]
	for i, events := range shown {
		s.Groups = append(s.Groups, newGroup(i+1, events, latestPerGroup(len(shown))))
	}
	for _, events := range groups[len(shown):] {
		s.MoreGroups++
		s.MoreCalls += len(events)
	}
	s.Omitted = max(o.Omitted, 0)
	s.Title = title(calls, len(groups), len(s.Lines)+s.MoreLines)
	s.Span = span(s.first, s.last)
	return s
}

// byWorry puts first what must not get lost behind noisier groups.
func byWorry(a, b []seen) int {
	return cmp.Compare(min(len(worries(b)), 1), min(len(worries(a)), 1))
}

// read reads a CloudTrail record; ok is false for any other message.
func read(m Match) (e seen, ok bool) {
	event, err := trailevent.Parse(m.Message)
	if err != nil || event.Name == "" || event.Source == "" && event.ID == "" {
		return seen{}, false
	}
	id := "eventID " + event.ID
	if event.ID == "" {
		id = "log event " + m.LogEventID
	}
	at := event.Time.Time
	if at.IsZero() {
		at = m.Time
	}
	return seen{
		Event: event, at: at.UTC(), arrived: m.Time, id: clean(id, maxEventID),
		denial: trailevent.ParseDenial(event.ErrorMessage), who: event.Principal(),
	}, true
}

func (s *summary) addLine(m Match) {
	if len(s.Lines) == maxLines {
		s.MoreLines++
		return
	}
	text := clean(string(m.Message[:min(len(m.Message), 4*maxLine)]), maxLine)
	s.Lines = append(s.Lines, line{stamp(m.Time), clean(m.LogEventID, maxEventID), text})
}

// span widens the summary's span of time to include a call.
func (s *summary) span(e seen) {
	if s.first.IsZero() || e.at.Before(s.first) {
		s.first = e.at
	}
	if s.last.IsZero() || !e.at.Before(s.last) {
		s.last = e.at
		s.Lag = ""
		if lag := e.arrived.Sub(e.at).Round(time.Minute); lag >= time.Minute && lag < 100*24*time.Hour {
			s.Lag = fmt.Sprintf("the last one was delivered %s after the call", minutes(lag))
		}
	}
}

func minutes(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	if d >= 2*time.Hour {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return count(int(d/time.Minute), "minute")
}

func latestPerGroup(groups int) int {
	return max(1, min(maxLatest, maxAllLatest/max(groups, 1)))
}

func title(calls, principals, lines int) string {
	switch {
	case calls == 0 && lines == 0:
		return "nothing to show"
	case calls == 0:
		return count(lines, "log event")
	case lines == 0:
		return count(calls, "call") + " by " + count(principals, "principal")
	}
	return count(calls, "call") + " by " + count(principals, "principal") + ", and " + count(lines, "other log event")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "time unknown"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// span writes a span of time without saying the day twice.
func span(first, last time.Time) string {
	switch {
	case first.IsZero() || first.Equal(last):
		return stamp(last)
	case first.Format(time.DateOnly) == last.Format(time.DateOnly):
		return first.Format(time.DateTime) + " to " + last.Format("15:04:05 UTC")
	}
	return first.Format(time.DateTime) + " to " + stamp(last)
}
