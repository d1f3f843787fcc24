package triage

import (
	"fmt"
	"strings"
)

// text lays the summary out for the plain part of a mail.
func text(s summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Which call rang: %s\n", s.Title)
	if s.Span != "" && len(s.Groups) > 0 {
		fmt.Fprintln(&b, s.When())
	}
	for _, g := range s.Groups {
		g.text(&b)
	}
	if s.MoreGroups > 0 {
		fmt.Fprintf(&b, "\nand %s by %s\n", count(s.MoreCalls, "call"), count(s.MoreGroups, "more principal"))
	}
	if len(s.Lines) > 0 {
		b.WriteString("\nLog events\n")
	}
	for _, l := range s.Lines {
		fmt.Fprintf(&b, "   %s  log event %s\n   > %s\n", l.Time, l.LogEventID, l.Text)
	}
	if s.MoreLines > 0 {
		fmt.Fprintf(&b, "   and %s\n", count(s.MoreLines, "more log event"))
	}
	if s.Omitted > 0 {
		fmt.Fprintf(&b, "\n%s not looked at here\n", count(s.Omitted, "more matching event"))
	}
	return b.String()
}

func (g group) text(b *strings.Builder) {
	fmt.Fprintf(b, "\n%d. %s: %s\n", g.Number, g.Who, count(g.Count, "call"))
	for _, worry := range g.Worries {
		fmt.Fprintf(b, "   !  %s\n", worry)
	}
	row(b, "When", g.Span)
	for i, c := range g.Calls {
		name := "Calls"
		if i > 0 {
			name = ""
		}
		row(b, name, fmt.Sprintf("%d x %s", c.Count, c.WithAction()))
		for _, reason := range c.Reasons.All() {
			row(b, "", "    "+reason)
		}
		for _, resource := range c.Resources.All() {
			row(b, "", "    "+resource)
		}
	}
	if g.MoreCalls > 0 {
		row(b, "", "and "+count(g.MoreCalls, "other kind of call"))
	}
	for _, f := range g.Facts {
		name := f.Name
		for _, item := range f.All() {
			row(b, name, item)
			name = ""
		}
	}
	name := "Latest"
	for _, o := range g.Latest {
		row(b, name, strings.Join([]string{o.Time, o.Name, o.Result, o.Address}, "  "))
		row(b, "", "    "+o.ID)
		name = ""
	}
	if g.Earlier > 0 {
		row(b, "", fmt.Sprintf("and %d earlier", g.Earlier))
	}
}

// row is a line with its name in front; lines that go on with it have none.
func row(b *strings.Builder, name, value string) {
	fmt.Fprintf(b, "   %-13s%s\n", name, value)
}
