package alarm

import (
	"fmt"
	"strings"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

const (
	subjectLimit = 100 // characters, of SNS
	smsNameLimit = 90
)

// subject is the subject of a mail. SNS takes at most 100 characters of ASCII:
// the alarm's name is shortened, and runs of other characters become one "_".
func (t Transition) subject() string {
	return subject(t.Alarm.State, t.Alarm.Name, t.Alarm.Scope.Region)
}

func subject(state alarmeval.State, name, region string) string {
	name = ascii(name)
	room := subjectLimit - len(ring(state, "", region))
	return ring(state, shorten(name, room), region)
}

// sms is the text of a short message: the subject with more room for the name.
func (t Transition) sms() string {
	return ring(t.Alarm.State, shorten(ascii(t.Alarm.Name), smsNameLimit), t.Alarm.Scope.Region)
}

func ring(state alarmeval.State, name, region string) string {
	return fmt.Sprintf(`%s: "%s" in %s`, state, name, RegionName(region))
}

// shorten cuts a name of ASCII to room characters, the last three being dots.
func shorten(name string, room int) string {
	if len(name) <= room {
		return name
	}
	return name[:max(0, room-3)] + "..."
}

func ascii(name string) string {
	var b strings.Builder
	replaced := false
	for _, r := range name {
		printable := r >= ' ' && r < 0x7f
		if printable {
			b.WriteRune(r)
		} else if !replaced {
			b.WriteByte('_')
		}
		replaced = !printable
	}
	return b.String()
}
