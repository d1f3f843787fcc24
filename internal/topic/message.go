// Package topic is the last station of the chain: topics, their policies, their
// subscriptions and the deliveries owed to subscribers.
package topic

import "time"

// MessageType says what a message is; the zero value is a notification.
type MessageType string

// The types of messages, in the words of the SNS envelope.
const (
	Notification             MessageType = "Notification"
	SubscriptionConfirmation MessageType = "SubscriptionConfirmation"
	UnsubscribeConfirmation  MessageType = "UnsubscribeConfirmation"
)

// Message is one publication, the request to confirm a subscription, or the
// offer to restore one.
type Message struct {
	ID         string // a UUID; publishing the same ID to the same topic twice delivers once
	Type       MessageType
	TopicARN   string
	Subject    string            // empty: none
	Body       string            // the message, or the default text of a json structure
	ByProtocol map[string]string // texts of a MessageStructure=json message by protocol, "default" not among them
	Attributes map[string]Attribute
	Token      string // of the two confirmations
	Published  time.Time
	// Explanation is Tocsin's own addition to mails: which call rang. AWS's
	// layout stays above it. Nil when there is nothing to add.
	Explanation *Explanation
}

// Attribute is a message attribute; Type is String, Number, String.Array or Binary (Value base64).
type Attribute struct{ Type, Value string }

// Explanation is a section for the two parts of a mail. HTML is a safe
// fragment: whoever builds it has escaped every field.
type Explanation struct{ Text, HTML string }

// TextFor is what a subscriber of the protocol reads: its own text of a json
// structure, else the body.
func (m Message) TextFor(protocol string) string {
	if text, ok := m.ByProtocol[protocol]; ok {
		return text
	}
	return m.Body
}
