package topic_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// hook subscribes a program, confirmed.
func hook(t *testing.T, s *topic.Service, name string, attributes map[string]string) topic.Subscription {
	t.Helper()
	made := create(t, s, name)
	sub, err := s.SubscribeConfirmed(t.Context(), root, topic.SubscribeInput{TopicARN: made, Protocol: "https", Endpoint: "https://example.com/" + name, Attributes: attributes})
	wantText(t, "SubscribeConfirmed", err, "")
	return sub
}

func TestDeliveryPolicyIsChecked(t *testing.T) {
	s, _ := newService(t)
	sub := hook(t, s, "t", nil)
	healthy := func(fields string) string { return `{"healthyRetryPolicy":{` + fields + `}}` }
	for _, test := range []struct{ policy, want string }{
		{"", ""},
		{"{}", ""},
		{healthy(`"numRetries":5`), ""},
		{`{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":0},"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":1000},"guaranteed":false}`, ""},
		{`{"requestPolicy":{"headerContentType":"application/json"}}`, ""},
		{`{"requestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}`, ""},
		{`{"requestPolicy":{"headerContentType":"text/plain\r\nX-Evil: 1"}}`, "requestPolicy.headerContentType is not a supported content type"},
		{`{"requestPolicy":{"headerContentType":"json"}}`, "requestPolicy.headerContentType is not a supported content type"},
		{`{"throttlePolicy":{"maxReceivesPerSecond":0}}`, "throttlePolicy.maxReceivesPerSecond must be greater than or equal to 1"},
		{"x", "failed to parse JSON"},
		{`{} {}`, "failed to parse JSON"},
		{healthy(`"numRetries":"3"`), "failed to parse JSON"},
		{`{"http":{}}`, "Unexpected JSON member: http"},
		{healthy(`"retries":3`), "Unexpected JSON member: retries"},
		{healthy(`"minDelayTarget":0`), "healthyRetryPolicy.minDelayTarget must be greater than or equal to 1"},
		{healthy(`"maxDelayTarget":3601`), "healthyRetryPolicy.maxDelayTarget must be less than or equal to 3600"},
		{healthy(`"minDelayTarget":21`), "healthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget"},
		{healthy(`"numRetries":101`), "healthyRetryPolicy.numRetries must be less than or equal to 100"},
		{healthy(`"numNoDelayRetries":-1`), "healthyRetryPolicy.numNoDelayRetries must be greater than or equal to 0"},
		{healthy(`"numRetries":5,"numNoDelayRetries":3,"numMinDelayRetries":3`), "healthyRetryPolicy.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries"},
		{healthy(`"backoffFunction":"random"`), "healthyRetryPolicy.backoffFunction must be one of linear, arithmetic, geometric, exponential"},
		{healthy(`"numRetries":100,"minDelayTarget":37,"maxDelayTarget":37`), "healthyRetryPolicy total retry time must be less than or equal to 3600 seconds"},
		{healthy(`"numRetries":100,"minDelayTarget":36,"maxDelayTarget":36`), ""},
	} {
		want := test.want
		if want != "" {
			want = "Invalid parameter: DeliveryPolicy: " + want
		}
		err := s.SetSubscriptionAttribute(t.Context(), root, parse(t, sub.ARN), "DeliveryPolicy", test.policy)
		wantText(t, fmt.Sprintf("SetSubscriptionAttribute(%s)", test.policy), err, want)
	}
	mail, err := s.Subscribe(t.Context(), root, email(parse(t, sub.TopicARN)))
	wantText(t, "Subscribe", err, "")
	err = s.SetSubscriptionAttribute(t.Context(), root, parse(t, mail.ARN), "DeliveryPolicy", "{}")
	wantText(t, "SetSubscriptionAttribute of a mail", err, "Invalid parameter: DeliveryPolicy: Delivery protocol [email] does not support delivery policies.")
	err = s.SetAttribute(t.Context(), root, parse(t, sub.TopicARN), "DeliveryPolicy", `{"http":{},"throttlePolicy":{}}`)
	wantText(t, "SetAttribute", err, "Invalid parameter: DeliveryPolicy: Unexpected JSON member: throttlePolicy")
}

func TestEffectivePolicyOfSubscriptions(t *testing.T) {
	const (
		retry   = `{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":%d,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}`
		request = `{"headerContentType":"%s"}`
		whole   = `{"healthyRetryPolicy":` + retry + `,"sicklyRetryPolicy":null,"throttlePolicy":%s,"requestPolicy":` + request + `,"guaranteed":false}`
		text    = topic.DefaultContentType
	)
	for name, test := range map[string]struct {
		ofTopic, ofSubscription, want string
		policy                        topic.HTTPPolicy
	}{
		"defaults":     {"", "", fmt.Sprintf(whole, 3, "null", text), topic.HTTPPolicy{Retries: linear(3), ContentType: text}},
		"subscription": {"", `{"healthyRetryPolicy":{"numRetries":5}}`, fmt.Sprintf(whole, 5, "null", text), topic.HTTPPolicy{Retries: linear(5), ContentType: text}},
		"topic": {`{"http":{"defaultHealthyRetryPolicy":{"numRetries":4},"defaultThrottlePolicy":{"maxReceivesPerSecond":7},"defaultRequestPolicy":{"headerContentType":"application/json"}}}`, "",
			fmt.Sprintf(whole, 4, `{"maxReceivesPerSecond":7}`, "application/json"), topic.HTTPPolicy{Retries: linear(4), PerSecond: 7, ContentType: "application/json"}},
		"sections of both": {`{"http":{"defaultHealthyRetryPolicy":{"numRetries":4},"defaultThrottlePolicy":{"maxReceivesPerSecond":7}}}`, `{"healthyRetryPolicy":{"numRetries":0},"requestPolicy":{}}`,
			fmt.Sprintf(whole, 0, `{"maxReceivesPerSecond":7}`, text), topic.HTTPPolicy{Retries: linear(0), PerSecond: 7, ContentType: text}},
		"overrides off": {`{"http":{"disableSubscriptionOverrides":true}}`, `{"healthyRetryPolicy":{"numRetries":0},"throttlePolicy":{"maxReceivesPerSecond":1}}`,
			fmt.Sprintf(whole, 3, "null", text), topic.HTTPPolicy{Retries: linear(3), ContentType: text}},
		"null sections": {`{"http":{"defaultHealthyRetryPolicy":null,"defaultRequestPolicy":null}}`, "", fmt.Sprintf(whole, 3, "null", text), topic.HTTPPolicy{Retries: linear(3), ContentType: text}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newService(t)
			sub := hook(t, s, "t", nil)
			if test.ofSubscription != "" {
				wantText(t, "SetSubscriptionAttribute", s.SetSubscriptionAttribute(t.Context(), root, parse(t, sub.ARN), "DeliveryPolicy", test.ofSubscription), "")
			}
			if test.ofTopic != "" {
				wantText(t, "SetAttribute", s.SetAttribute(t.Context(), root, parse(t, sub.TopicARN), "DeliveryPolicy", test.ofTopic), "")
			}
			got, err := s.SubscriptionAttributes(t.Context(), root, parse(t, sub.ARN))
			wantText(t, "SubscriptionAttributes", err, "")
			if got["EffectiveDeliveryPolicy"] != test.want {
				t.Errorf("EffectiveDeliveryPolicy = %s, want %s", got["EffectiveDeliveryPolicy"], test.want)
			}
			d := topic.Delivery{TopicPolicy: test.ofTopic, Subscription: topic.Subscription{Attributes: map[string]string{"DeliveryPolicy": test.ofSubscription}}}
			if policy := d.HTTPPolicy(); policy != test.policy {
				t.Errorf("HTTPPolicy = %+v, want %+v", policy, test.policy)
			}
		})
	}
}

func linear(retries int) topic.RetryPolicy {
	return topic.RetryPolicy{Backoff: retries, Min: 20 * time.Second, Max: 20 * time.Second, Growth: topic.Linear}
}

func TestRawDeliveryIsForPrograms(t *testing.T) {
	s, _ := newService(t)
	sub := hook(t, s, "t", map[string]string{"RawMessageDelivery": "True"})
	got, err := s.SubscriptionAttributes(t.Context(), root, parse(t, sub.ARN))
	wantText(t, "SubscriptionAttributes", err, "")
	if got["RawMessageDelivery"] != "true" {
		t.Errorf("RawMessageDelivery = %q, want true", got["RawMessageDelivery"])
	}
}
