package pipeline

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// Ring publishes what alarms have to say, with the records that made them ring.
type Ring struct {
	Topics  *topic.Service
	Witness *Witness
	Log     *slog.Logger
}

var _ alarm.Publisher = (*Ring)(nil)

// Publish implements alarm.Publisher.
func (r *Ring) Publish(ctx context.Context, n alarm.Notification) error {
	m := topic.Message{
		ID: n.ID, TopicARN: n.TopicARN, Subject: n.Subject, Body: n.Default,
		ByProtocol: map[string]string{"sms": n.SMS, "email": n.Email}, Published: n.At(),
		Explanation: r.explain(ctx, n),
	}
	name, err := arn.Parse(n.Alarm.ARN())
	if err != nil {
		return fmt.Errorf("publish for alarm %s: %w", n.Alarm.Name, err)
	}
	_, err = r.Topics.Publish(ctx, topic.AlarmPrincipal(name), m)
	if topic.IsKind(err, topic.NotFound) || topic.IsKind(err, topic.Denied) || topic.IsKind(err, topic.Invalid) {
		return &alarm.Refusal{Message: err.Error()}
	}
	return err
}

// explain adds the section on which calls rang. A mail must not wait for it:
// what cannot be read is said in its place.
func (r *Ring) explain(ctx context.Context, n alarm.Notification) *topic.Explanation {
	if len(n.Windows) == 0 {
		return nil
	}
	section, err := r.Witness.Section(ctx, n.Series, n.Windows)
	if err != nil {
		r.Log.Error("which call rang is not known", "alarm", n.Alarm.ARN(), "err", err)
		text := fmt.Sprintf("Which call rang could not be read for this mail; see notification %s in the log of Tocsin.", n.ID)
		return &topic.Explanation{Text: text + "\n", HTML: "<p>" + text + "</p>"}
	}
	return section
}
