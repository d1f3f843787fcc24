package topic

import (
	"bytes"
	"encoding/json"
)

// deliveryPolicy is a topic's policy for http and https subscribers. It is
// checked, remembered and shown; AWS's field order is kept.
type deliveryPolicy struct {
	HTTP *httpPolicy `json:"http"`
}

type httpPolicy struct {
	DefaultHealthyRetryPolicy    *healthyRetryPolicy `json:"defaultHealthyRetryPolicy,omitempty"`
	DisableSubscriptionOverrides bool                `json:"disableSubscriptionOverrides"`
	DefaultThrottlePolicy        *throttlePolicy     `json:"defaultThrottlePolicy,omitempty"`
	DefaultRequestPolicy         *requestPolicy      `json:"defaultRequestPolicy,omitempty"`
}

type healthyRetryPolicy struct {
	MinDelayTarget     *int    `json:"minDelayTarget,omitempty"` // seconds
	MaxDelayTarget     *int    `json:"maxDelayTarget,omitempty"` // seconds
	NumRetries         *int    `json:"numRetries,omitempty"`
	NumMaxDelayRetries *int    `json:"numMaxDelayRetries,omitempty"`
	NumNoDelayRetries  *int    `json:"numNoDelayRetries,omitempty"`
	NumMinDelayRetries *int    `json:"numMinDelayRetries,omitempty"`
	BackoffFunction    *string `json:"backoffFunction,omitempty"`
}

type throttlePolicy struct {
	MaxReceivesPerSecond *int `json:"maxReceivesPerSecond,omitempty"`
}

type requestPolicy struct {
	HeaderContentType string `json:"headerContentType"`
}

const defaultDeliveryPolicy = `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,` +
	`"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},` +
	`"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`

// normalDeliveryPolicy checks a DeliveryPolicy and writes it as AWS gives it
// back: null sections gone, disableSubscriptionOverrides always there.
func normalDeliveryPolicy(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var policy deliveryPolicy
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&policy); err != nil || decoder.More() {
		return "", invalid("DeliveryPolicy: failed to parse JSON")
	}
	if policy.HTTP == nil {
		return "", invalid("DeliveryPolicy: must have an http section")
	}
	if retry := policy.HTTP.DefaultHealthyRetryPolicy; retry != nil {
		if err := retry.check(); err != nil {
			return "", err
		}
	}
	return encodePolicy(policy), nil
}

func (p *healthyRetryPolicy) check() error {
	within := func(name string, value *int, least, most int) error {
		if value != nil && (*value < least || *value > most) {
			return invalid("DeliveryPolicy: %s must be between %d and %d", name, least, most)
		}
		return nil
	}
	for _, field := range []struct {
		name        string
		value       *int
		least, most int
	}{
		{"minDelayTarget", p.MinDelayTarget, 1, 3600}, {"maxDelayTarget", p.MaxDelayTarget, 1, 3600},
		{"numRetries", p.NumRetries, 0, 100}, {"numNoDelayRetries", p.NumNoDelayRetries, 0, 100},
		{"numMinDelayRetries", p.NumMinDelayRetries, 0, 100}, {"numMaxDelayRetries", p.NumMaxDelayRetries, 0, 100},
	} {
		if err := within(field.name, field.value, field.least, field.most); err != nil {
			return err
		}
	}
	if p.BackoffFunction == nil {
		return nil
	}
	if oneOf("", *p.BackoffFunction, "linear", "arithmetic", "geometric", "exponential") != nil {
		return invalid("DeliveryPolicy: backoffFunction must be one of linear, arithmetic, geometric, exponential")
	}
	return nil
}

// effectiveDeliveryPolicy lays a remembered policy over the defaults: decoding
// onto a filled struct leaves alone what the text does not name.
func effectiveDeliveryPolicy(text string) string {
	var policy deliveryPolicy
	if json.Unmarshal([]byte(defaultDeliveryPolicy), &policy) != nil || text == "" || json.Unmarshal([]byte(text), &policy) != nil {
		return defaultDeliveryPolicy
	}
	return encodePolicy(policy)
}

func encodePolicy(policy deliveryPolicy) string {
	encoded, _ := json.Marshal(policy) // strings and numbers only: cannot fail
	return string(encoded)
}
