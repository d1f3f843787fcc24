package alarmeval

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// maxReasonData is how many characters of reason data AWS keeps.
const maxReasonData = 4000

// longTime is how CloudWatch writes times in sentences.
const longTime = "Monday 02 January, 2006 15:04:05 UTC"

// Trigger is a child in a state, which has made a composite alarm what it is.
type Trigger struct {
	ARN   string
	State State
	At    time.Time // since when
}

// Reason is the StateReason of a composite alarm that this child has changed.
func (t Trigger) Reason() string {
	return fmt.Sprintf("%s transitioned to %s at %s", t.ARN, t.State, t.At.UTC().Format(longTime))
}

// CreatedReason is the StateReason of a new composite alarm.
func CreatedReason(alarmARN string, state State) string {
	return fmt.Sprintf("%s was created and its alarm rule evaluates to %s", alarmARN, state)
}

// UpdatedReason is the StateReason of a composite alarm whose new rule has
// changed its state.
func UpdatedReason(alarmARN string, state State) string {
	return fmt.Sprintf("%s was updated and its alarm rule evaluates to %s", alarmARN, state)
}

// TriggerData is the StateReasonData of a composite alarm: as many triggers as
// AWS's 4000 characters hold.
func TriggerData(triggers []Trigger) string {
	var b strings.Builder
	b.WriteString(`{"triggeringAlarms":[`)
	room := maxReasonData - len(`{"triggeringAlarms":[]}`)
	for i, t := range triggers {
		text := fmt.Sprintf(`{"arn":%s,"state":{"value":%s,"timestamp":%s}}`, quote(t.ARN), quote(string(t.State)), stamp(t.At))
		if i > 0 {
			text = "," + text
		}
		if room -= utf8.RuneCountInString(text); room < 0 {
			break
		}
		b.WriteString(text)
	}
	return b.String() + "]}"
}
