package deliver

import (
	"net/url"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// links are the addresses on our API that messages carry, of the forms that
// AWS's have.
type links struct{ base string }

// confirm is the SubscribeURL.
func (l links) confirm(m topic.Message) string {
	return l.base + "/?Action=ConfirmSubscription&TopicArn=" + escape(m.TopicARN) + "&Token=" + escape(m.Token)
}

// unsubscribePage is the link at the end of mails.
func (l links) unsubscribePage(s topic.Subscription) string {
	return l.base + "/unsubscribe.html?SubscriptionArn=" + escape(s.ARN) + "&Endpoint=" + escape(s.Endpoint)
}

// unsubscribe is the UnsubscribeURL of envelopes.
func (l links) unsubscribe(s topic.Subscription) string {
	return l.base + "/?Action=Unsubscribe&SubscriptionArn=" + escape(s.ARN)
}

var legible = strings.NewReplacer("%3A", ":", "%40", "@", "%2F", "/")

// escape leaves ARNs and addresses legible: colon, at sign and slash mean
// nothing in a query.
func escape(value string) string { return legible.Replace(url.QueryEscape(value)) }
