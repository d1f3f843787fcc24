package deliver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// field is a key of an envelope; the order of the keys is AWS's.
type field struct {
	key   string
	value any
}

const stamp = "2006-01-02T15:04:05.000Z"

// envelope is the JSON that subscribers by protocol email-json read.
func (c *Composer) envelope(d topic.Delivery) (string, error) {
	fields := c.notificationFields(d)
	if d.Message.Type == topic.SubscriptionConfirmation {
		fields = c.confirmationFields(d.Message)
	}
	if c.signer != nil {
		signature, err := c.signer.Sign(canonical(fields, signedKeys(d.Message.Type)))
		if err != nil {
			return "", err
		}
		fields = append(fields, field{"SignatureVersion", c.signer.Version()}, field{"Signature", signature},
			field{"SigningCertURL", c.links.base + c.signer.CertificatePath()})
	}
	if d.Message.Type != topic.SubscriptionConfirmation {
		fields = append(fields, field{"UnsubscribeURL", c.links.unsubscribe(d.Subscription)})
		if len(d.Message.Attributes) > 0 {
			fields = append(fields, field{"MessageAttributes", d.Message.Attributes})
		}
	}
	return encode(fields)
}

func (c *Composer) notificationFields(d topic.Delivery) []field {
	m := d.Message
	fields := []field{{"Type", "Notification"}, {"MessageId", m.ID}, {"TopicArn", m.TopicARN}}
	if m.Subject != "" {
		fields = append(fields, field{"Subject", m.Subject})
	}
	return append(fields, field{"Message", m.TextFor("email-json")}, field{"Timestamp", m.Published.UTC().Format(stamp)})
}

func (c *Composer) confirmationFields(m topic.Message) []field {
	return []field{{"Type", "SubscriptionConfirmation"}, {"MessageId", m.ID}, {"Token", m.Token}, {"TopicArn", m.TopicARN},
		{"Message", "You have chosen to subscribe to the topic " + m.TopicARN + ".\nTo confirm the subscription, visit the SubscribeURL included in this message."},
		{"SubscribeURL", c.links.confirm(m)}, {"Timestamp", m.Published.UTC().Format(stamp)}}
}

// signedKeys are the keys of an envelope that its signature covers, in order.
func signedKeys(kind topic.MessageType) []string {
	if kind == topic.Notification || kind == "" {
		return []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	}
	return []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
}

// canonical is what is signed: of the signed keys those that are there, each
// with its value on the next line.
func canonical(fields []field, signed []string) string {
	values := map[string]any{}
	for _, f := range fields {
		values[f.key] = f.value
	}
	var b strings.Builder
	for _, key := range signed {
		if value, ok := values[key]; ok {
			fmt.Fprintf(&b, "%s\n%v\n", key, value)
		}
	}
	return b.String()
}

// encode writes an envelope in AWS's layout: one key a line, spaces around colons.
func encode(fields []field) (string, error) {
	lines := make([]string, len(fields))
	for i, f := range fields {
		var value bytes.Buffer
		encoder := json.NewEncoder(&value)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(f.value); err != nil {
			return "", fmt.Errorf("encode %s: %w", f.key, err)
		}
		lines[i] = fmt.Sprintf("  %q : %s", f.key, strings.TrimRight(value.String(), "\n"))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}\n", nil
}
