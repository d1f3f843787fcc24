package topic_test

import (
	"fmt"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

func parse(t *testing.T, text string) arn.ARN {
	t.Helper()
	parsed, err := arn.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func email(topicARN arn.ARN) topic.SubscribeInput {
	return topic.SubscribeInput{TopicARN: topicARN, Protocol: "email", Endpoint: "reader@example.com"}
}

func TestSubscribeEndpoints(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	const later = "Invalid parameter: Protocol Reason: this version of Tocsin delivers email, email-json, http, https, sqs and sms, not "
	for _, test := range []struct{ protocol, endpoint, want string }{
		{"email", "reader@example.com", ""},
		{"email-json", "reader+x@example.com", ""},
		{"email", "Reader <reader@example.com>", "Invalid parameter: Email address"},
		{"email", "a@example.com, b@example.com", "Invalid parameter: Email address"},
		{"email", "a@example.com\r\nBcc: b@example.com", "Invalid parameter: Email address"},
		{"email", "nobody", "Invalid parameter: Email address"},
		{"email", "", "Invalid parameter: Endpoint"},
		{"test-protocol", "x", "Invalid parameter: Amazon SNS does not support this protocol string: test-protocol"},
		{"http", "https://example.com", "Invalid parameter: Endpoint must match the specified protocol"},
		{"https", "https://example.com/hook?x=1", ""},
		{"http", "http://user:pass@example.com:8080", ""},
		{"http", "http://[2001:db8::1]/", ""},
		{"https", "https://", "Invalid parameter: Endpoint"},
		{"https", "https://:443/", "Invalid parameter: Endpoint"},
		{"https", "https://example.com:0/", "Invalid parameter: Endpoint"},
		{"https", "https://example.com:99999/", "Invalid parameter: Endpoint"},
		{"https", "https://exa mple.com/", "Invalid parameter: Endpoint"},
		{"https", "https://example.com/\r\nX: y", "Invalid parameter: Endpoint"},
		{"https", "HTTPS://example.com/", "Invalid parameter: Endpoint must match the specified protocol"},
		{"sqs", "https://sqs.us-east-1.amazonaws.com/1/q", "Invalid parameter: SQS endpoint ARN"},
		{"sqs", "arn:aws:sns:us-east-1:111122223333:q", "Invalid parameter: SQS endpoint ARN"},
		{"sqs", "arn:aws:sqs:us-east-1:111122223333:../q", "Invalid parameter: SQS endpoint ARN"},
		{"sqs", "arn:aws:sqs:us-east-1:111122223333:q.fifo", "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"},
		{"sqs", "arn:aws:sqs:us-east-1:111122223333:q", "Invalid parameter: Protocol Reason: this Tocsin has no SQS endpoint to deliver to, see --sqs-endpoint"},
		{"sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"},
		{"sms", "invalid-number", "Invalid SMS endpoint: invalid-number"},
		{"sms", "+15551234567.", "Invalid SMS endpoint: +15551234567."},
		{"sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"},
		{"sms", "/+15551234567", "Invalid SMS endpoint: /+15551234567"},
		{"sms", "+1234567890123456", "Invalid SMS endpoint: +1234567890123456"},
		{"sms", "+123123123", ""},
		{"lambda", "arn:aws:lambda:us-east-1:111122223333:function:f", later + "lambda"},
	} {
		in := topic.SubscribeInput{TopicARN: name, Protocol: test.protocol, Endpoint: test.endpoint}
		_, err := s.Subscribe(t.Context(), root, in)
		wantText(t, fmt.Sprintf("Subscribe(%s, %q)", test.protocol, test.endpoint), err, test.want)
	}
	_, err := s.Subscribe(t.Context(), root, email(scope.ARN("sns", "none")))
	wantText(t, "Subscribe(missing topic)", err, "Topic does not exist")
}

func TestSubscribeIsIdempotent(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	in := email(name)
	in.Attributes = map[string]string{"RawMessageDelivery": "False", "FilterPolicyScope": "MessageBody"}
	first, err := s.Subscribe(t.Context(), root, in)
	wantText(t, "Subscribe", err, "")
	for what, test := range map[string]struct {
		attributes map[string]string
		want       string
	}{
		"none":           {nil, ""},
		"the same":       {in.Attributes, ""},
		"one of them":    {map[string]string{"RawMessageDelivery": "false"}, ""},
		"different":      {map[string]string{"FilterPolicyScope": "MessageAttributes"}, "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"},
		"wrong value":    {map[string]string{"RawMessageDelivery": "wrongvalue"}, "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [wrongvalue]. Must be true or false."},
		"raw":            {map[string]string{"RawMessageDelivery": "true"}, "Delivery protocol [email] does not support raw message delivery."},
		"filter policy":  {map[string]string{"FilterPolicy": `{"a":["b"]}`}, "Subscription already exists with different attributes"},
		"redrive policy": {map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"fake"}`}, "RedrivePolicy: deadLetterTargetArn is an invalid arn"},
	} {
		in := email(name)
		in.Attributes = test.attributes
		got, err := s.Subscribe(t.Context(), root, in)
		wantText(t, what+": Subscribe", err, test.want)
		if test.want == "" && got.ARN != first.ARN {
			t.Errorf("%s: Subscribe = %s, want %s", what, got.ARN, first.ARN)
		}
	}
}

func TestSubscriptionAttributes(t *testing.T) {
	s, _ := newService(t)
	sub, err := s.Subscribe(t.Context(), root, email(create(t, s, "t")))
	wantText(t, "Subscribe", err, "")
	got, err := s.Subscription(t.Context(), root, parse(t, sub.ARN))
	wantText(t, "Subscription", err, "")
	for key, want := range map[string]string{
		"SubscriptionArn": sub.ARN, "TopicArn": "arn:aws:sns:us-east-1:111122223333:t", "Owner": "111122223333", "Protocol": "email",
		"Endpoint": "reader@example.com", "PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false",
		"RawMessageDelivery": "false", "SubscriptionPrincipal": "arn:aws:iam::111122223333:root",
	} {
		if got := got.Describe("")[key]; got != want {
			t.Errorf("Describe()[%s] = %q, want %q", key, got, want)
		}
	}
	for _, test := range []struct{ name, value, want string }{
		{"FilterPolicyScope", "MessageBody", ""},
		{"FilterPolicyScope", "RandomValue", "Invalid parameter: FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"},
		{"Fake", "x", "Invalid parameter: AttributeName"},
		{"RawMessageDelivery", "test-ValUe", "Invalid parameter: RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."},
		{"RawMessageDelivery", "", "Invalid parameter: RawMessageDelivery: Invalid value []. Must be true or false."},
		{"RedrivePolicy", "{invalidjson}", "Invalid parameter: RedrivePolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n" +
			" at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"},
		{"RedrivePolicy", `{"a":`, "Invalid parameter: RedrivePolicy: failed to parse JSON."},
		{"RedrivePolicy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:dlq"}`, ""},
		{"RedrivePolicy", "", ""},
	} {
		err := s.SetSubscriptionAttribute(t.Context(), root, parse(t, sub.ARN), test.name, test.value)
		wantText(t, fmt.Sprintf("SetSubscriptionAttribute(%s, %q)", test.name, test.value), err, test.want)
	}
	_, err = s.Subscription(t.Context(), stranger, parse(t, sub.ARN))
	if !topic.IsKind(err, topic.Denied) {
		t.Errorf("Subscription(stranger) = %v, want Denied", err)
	}
}

func TestConfirm(t *testing.T) {
	s, store := newService(t)
	name := create(t, s, "t")
	sub, err := s.Subscribe(t.Context(), root, email(name))
	wantText(t, "Subscribe", err, "")
	good := token(t, store)
	if !regexp.MustCompile(`\A[0-9a-f]{64,}\z`).MatchString(good) {
		t.Errorf("token = %q, want lower-case hexadecimal", good)
	}
	for _, test := range []struct{ what, topicARN, token, want string }{
		{"topic is no ARN", "not-an-arn", good, "Invalid parameter: Topic"},
		{"topic of another region", "arn:aws:sns:eu-central-1:111122223333:t", good, "Invalid parameter: Topic"},
		{"topic of another account", "arn:aws:sns:us-east-1:444455556666:t", good, "Invalid parameter: Topic"},
		{"unknown token", name.String(), "abc123", "Invalid parameter: Token"},
		{"unknown token and topic", name.String() + "x", "abc123", "Invalid parameter: Token"},
		{"malformed token", name.String(), "randomtoken", "Invalid token"},
		{"upper-case token", name.String(), "ABC", "Invalid token"},
		{"empty token", name.String(), "", "Invalid token"},
		{"another topic's name", name.String() + "x", good, ""},
		{"again", name.String(), good, ""},
	} {
		got, err := s.Confirm(t.Context(), linked, topic.ConfirmInput{TopicARN: test.topicARN, Token: test.token})
		wantText(t, test.what+": Confirm", err, test.want)
		if test.want == "" && (got.ARN != sub.ARN || got.Pending || got.Authenticated) {
			t.Errorf("%s: Confirm = %+v, want %s confirmed, not authenticated", test.what, got, sub.ARN)
		}
	}
}

func TestTokensExpire(t *testing.T) {
	s, store := newService(t)
	name := create(t, s, "t")
	synctest.Test(t, func(t *testing.T) {
		_, err := s.Subscribe(t.Context(), root, email(name))
		wantText(t, "Subscribe", err, "")
		in := topic.ConfirmInput{TopicARN: name.String(), Token: token(t, store)}
		time.Sleep(3*24*time.Hour - time.Second)
		_, err = s.Pending(t.Context(), in)
		wantText(t, "Pending(just before three days)", err, "")
		time.Sleep(time.Second)
		_, err = s.Confirm(t.Context(), linked, in)
		wantText(t, "Confirm(after three days)", err, "Invalid parameter: Token")
	})
}

func TestUnsubscribe(t *testing.T) {
	s, store := newService(t)
	name := create(t, s, "t")
	pending, err := s.Subscribe(t.Context(), root, email(name))
	wantText(t, "Subscribe", err, "")
	sub := parse(t, pending.ARN)
	wantText(t, "Unsubscribe(pending)", s.Unsubscribe(t.Context(), root, sub), "Cannot unsubscribe a subscription that is pending confirmation")

	in := topic.ConfirmInput{TopicARN: name.String(), Token: token(t, store), Guard: true}
	confirmed, err := s.Confirm(t.Context(), root, in)
	if err != nil || !confirmed.Authenticated || !confirmed.Guarded {
		t.Fatalf("Confirm(signed, guarded) = %+v, %v, want authenticated and guarded", confirmed, err)
	}
	for what, by := range map[string]topic.Principal{"link": linked, "stranger": stranger} {
		if err := s.Unsubscribe(t.Context(), by, sub); !topic.IsKind(err, topic.Denied) {
			t.Errorf("Unsubscribe(%s, guarded) = %v, want Denied", what, err)
		}
	}
	for range 2 {
		wantText(t, "Unsubscribe(owner)", s.Unsubscribe(t.Context(), root, sub), "")
	}
	_, err = s.Subscription(t.Context(), root, sub)
	wantText(t, "Subscription(deleted)", err, "Subscription does not exist")

	open := subscribe(t, s, name, "other@example.com")
	wantText(t, "Unsubscribe(link)", s.Unsubscribe(t.Context(), linked, parse(t, open.ARN)), "")
	_, counts, err := s.Topic(t.Context(), root, name)
	if want := (topic.Counts{Deleted: 2}); err != nil || counts != want {
		t.Errorf("Counts = %v, %v, want %v", counts, err, want)
	}
}

func TestParseSubscriptionARN(t *testing.T) {
	const id = ":2bcfbf39-05c3-41de-beaa-fcfcc21c8f55"
	for text, want := range map[string]string{
		"randomstring":                                "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
		"PendingConfirmation":                         "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
		"arn:aws:sns:us-east-1:random":                "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 5",
		"arn:aws:sns:us-east-1:111111111111:random":   "Invalid parameter: SubscriptionId",
		"arn:aws:sns:us-east-1:111111111111:random:x": "Invalid parameter: SubscriptionId",
		"arn:aws:sns:us-east-1:111111111111:t" + id:   "",
	} {
		_, err := topic.ParseSubscriptionARN(text)
		wantText(t, fmt.Sprintf("ParseSubscriptionARN(%q)", text), err, want)
	}
}

func TestSubscribeConfirmed(t *testing.T) {
	s, store := newService(t)
	name := create(t, s, "t")
	pending, err := s.Subscribe(t.Context(), root, email(name))
	wantText(t, "Subscribe", err, "")
	for range 2 {
		got, err := s.SubscribeConfirmed(t.Context(), root, email(name))
		if err != nil || got.Pending || got.ARN != pending.ARN {
			t.Errorf("SubscribeConfirmed = %+v, %v, want %s confirmed", got, err, pending.ARN)
		}
	}
	stored, err := store.Subscription(t.Context(), pending.ARN)
	if err != nil || stored.Pending {
		t.Errorf("Subscription = %+v, %v, want it confirmed", stored, err)
	}
}
