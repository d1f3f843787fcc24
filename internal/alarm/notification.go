package alarm

import (
	"context"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Publisher delivers notifications to topics. Publishing a notification whose
// ID was published before does nothing: after a crash it is tried again.
type Publisher interface {
	// Publish fails with a *Refusal if trying again is useless: no such topic,
	// or CloudWatch may not publish to it. Any other error is tried again.
	Publish(ctx context.Context, n Notification) error
}

// Refusal is why a topic does not take a notification. History shows it.
type Refusal struct{ Message string }

func (r *Refusal) Error() string { return r.Message }

// Notification is what CloudWatch publishes to a topic when an alarm changes.
type Notification struct {
	ID       string // a UUID, the same at every try
	TopicARN string
	Subject  string // of mails, at most 100 characters of ASCII
	Default  string // the alarm as JSON, for every protocol but the two below
	SMS      string
	Email    string
	Transition
	// Series is the metric whose data in Windows rang.
	Series metric.Series
}

// texts are the message structure of a notification by protocol.
type texts struct {
	Default string `json:"default"`
	SMS     string `json:"sms"`
	Email   string `json:"email"`
}

func (t Transition) message() texts {
	return texts{Default: t.json(), SMS: t.sms(), Email: t.email()}
}

func (a Action) notification() Notification {
	t := a.Transition
	message := t.message()
	return Notification{
		ID: a.ID, TopicARN: a.Target, Subject: t.subject(),
		Default: message.Default, SMS: message.SMS, Email: message.Email,
		Transition: t, Series: t.Alarm.Series(),
	}
}

// breaching are the windows of the points that made an evaluation an ALARM, with
// those that touch joined.
func breaching(r alarmeval.Result, rule alarmeval.Alarm) []alarmeval.Window {
	if r.State != alarmeval.InAlarm {
		return nil
	}
	var windows []alarmeval.Window
	for _, p := range r.Supporting {
		end := p.Start.Add(rule.Period)
		if n := len(windows); n > 0 && windows[n-1].End.Equal(p.Start) {
			windows[n-1].End = end
			continue
		}
		windows = append(windows, alarmeval.Window{Start: p.Start, End: end})
	}
	return windows
}
