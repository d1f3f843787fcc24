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

// envelope is the JSON that subscribers by protocols email-json, http and https read.
func (c *Composer) envelope(d topic.Delivery) (string, error) {
	fields := c.fields(d)
	if c.signer != nil {
		version := c.signer.Version(d.SignatureVersion)
		signature, err := c.signer.Sign(version, canonical(fields, signedKeys(d.Message.Type)))
		if err != nil {
			return "", err
		}
		fields = append(fields, field{"SignatureVersion", version}, field{"Signature", signature},
			field{"SigningCertURL", c.links.base + c.signer.CertificatePath()})
	}
	if isNotification(d.Message) {
		fields = append(fields, field{"UnsubscribeURL", c.links.unsubscribe(d.Subscription)})
		if len(d.Message.Attributes) > 0 {
			fields = append(fields, field{"MessageAttributes", d.Message.Attributes})
		}
	}
	return encode(fields)
}

func isNotification(m topic.Message) bool { return m.Type == topic.Notification || m.Type == "" }

// fields are the keys before the signature.
func (c *Composer) fields(d topic.Delivery) []field {
	m := d.Message
	published := field{"Timestamp", m.Published.UTC().Format(stamp)}
	if !isNotification(m) {
		return []field{{"Type", m.Type}, {"MessageId", m.ID}, {"Token", m.Token}, {"TopicArn", m.TopicARN}, {"Message", request(d)},
			{"SubscribeURL", c.links.confirm(m)}, published}
	}
	fields := []field{{"Type", topic.Notification}, {"MessageId", m.ID}, {"TopicArn", m.TopicARN}}
	if m.Subject != "" {
		fields = append(fields, field{"Subject", m.Subject})
	}
	return append(fields, field{"Message", m.TextFor(d.Subscription.Protocol)}, published)
}

// request is the text of the two confirmations.
func request(d topic.Delivery) string {
	if d.Message.Type == topic.UnsubscribeConfirmation {
		return "You have chosen to deactivate subscription " + d.Subscription.ARN +
			".\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
	}
	return "You have chosen to subscribe to the topic " + d.Message.TopicARN +
		".\nTo confirm the subscription, visit the SubscribeURL included in this message."
}

// signedKeys are the keys of an envelope that its signature covers, in order.
func signedKeys(kind topic.MessageType) []string {
	if isNotification(topic.Message{Type: kind}) {
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
