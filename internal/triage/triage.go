// Package triage answers the first questions of whoever is called by an alarm:
// which call rang, who made it, from where, why was it refused, and is that a
// reason to worry. It turns log events into a section of a mail, as text and as
// HTML.
//
// Nearly every field of a record was chosen by the caller, who may be an
// attacker. Each is bounded in length and cleared of characters that do not
// show or that reorder what stands around them, and in HTML it is escaped; the
// section is bounded whatever the events hold.
package triage

import "time"

// Match is a log event that made the alarm ring.
type Match struct {
	Message    []byte    // a CloudTrail record, or any other text
	LogEventID string    // of the log event
	Time       time.Time // of the log event: for a CloudTrail record, its arrival
}

// Options of a Section.
type Options struct {
	// Omitted is how many matches there were beyond those given.
	Omitted int
}

// Explanation is the section, for the two parts of a mail. HTML is a fragment
// without html and body elements, and safe as it is.
type Explanation struct{ Text, HTML string }

// Section explains the matches: CloudTrail records grouped by who made the
// calls, other messages as quoted lines.
func Section(matches []Match, o Options) Explanation {
	r := report(matches, o)
	return Explanation{Text: text(r), HTML: html(r)}
}
