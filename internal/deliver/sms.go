package deliver

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// Text is a text message on its way to a phone.
type Text struct {
	To   string // E.164, the plus may be missing
	Body string
}

// SMS hands text messages over to whoever can send them.
type SMS struct {
	send func(context.Context, Text) error
}

var _ topic.Sender = (*SMS)(nil)

// NewSMS makes a sender. With send nil, text messages are written to the log,
// which says that nobody sent them.
func NewSMS(send func(context.Context, Text) error, log *slog.Logger) *SMS {
	if send == nil {
		send = func(_ context.Context, text Text) error {
			log.Warn("text message not sent: there is no SMS gateway", "to", text.To, "text", text.Body)
			return nil
		}
	}
	return &SMS{send: send}
}

const maxText = 1600 // characters that SNS sends of a text message

// Send hands over one text message.
func (s *SMS) Send(ctx context.Context, d topic.Delivery) error {
	text := []rune(readable(d.Message.TextFor("sms")))
	text = text[:min(len(text), maxText)]
	if err := s.send(ctx, Text{To: d.Subscription.Endpoint, Body: string(text)}); err != nil {
		return fmt.Errorf("text message of %s: %w", d.Message.ID, err)
	}
	return nil
}
