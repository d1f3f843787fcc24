package topic

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"time"
)

// topicPolicy is a topic's DeliveryPolicy: how its http and https subscribers
// are delivered to. AWS's field order is kept.
type topicPolicy struct {
	HTTP *httpPolicy `json:"http"`
}

type httpPolicy struct {
	DefaultHealthyRetryPolicy    *healthyRetryPolicy `json:"defaultHealthyRetryPolicy,omitempty"`
	DisableSubscriptionOverrides bool                `json:"disableSubscriptionOverrides"`
	DefaultThrottlePolicy        *throttlePolicy     `json:"defaultThrottlePolicy,omitempty"`
	DefaultRequestPolicy         *requestPolicy      `json:"defaultRequestPolicy,omitempty"`
}

// subscriptionPolicy is a subscription's DeliveryPolicy, and with all sections
// there its EffectiveDeliveryPolicy. SicklyRetryPolicy and Guaranteed are AWS's
// own remains: taken, and shown empty.
type subscriptionPolicy struct {
	HealthyRetryPolicy *healthyRetryPolicy `json:"healthyRetryPolicy"`
	SicklyRetryPolicy  *healthyRetryPolicy `json:"sicklyRetryPolicy"`
	ThrottlePolicy     *throttlePolicy     `json:"throttlePolicy"`
	RequestPolicy      *requestPolicy      `json:"requestPolicy"`
	Guaranteed         bool                `json:"guaranteed"`
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

// DefaultContentType is of requests to http and https subscribers.
const DefaultContentType = "text/plain; charset=UTF-8"

const defaultDeliveryPolicy = `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,` +
	`"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},` +
	`"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"` + DefaultContentType + `"}}}`

// normalTopicPolicy checks a topic's DeliveryPolicy and writes it as AWS gives
// it back: null sections gone, disableSubscriptionOverrides always there.
func normalTopicPolicy(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var policy topicPolicy
	if err := decodePolicy(text, &policy); err != nil {
		return "", err
	}
	if policy.HTTP == nil {
		return "", invalid("DeliveryPolicy: http must be specified")
	}
	if err := policy.HTTP.sections().check("http.defaultHealthyRetryPolicy", "http.defaultThrottlePolicy", "http.defaultRequestPolicy"); err != nil {
		return "", err
	}
	return encodePolicy(policy), nil
}

// checkDeliveryPolicy returns the policy as it is remembered.
func (s *Subscription) checkDeliveryPolicy(value string) (string, error) {
	if value != "" && !IsHTTP(s.Protocol) {
		return "", invalid("DeliveryPolicy: Delivery protocol [%s] does not support delivery policies.", s.Protocol)
	}
	return normalSubscriptionPolicy(value)
}

// normalSubscriptionPolicy checks a subscription's DeliveryPolicy and writes it without white space.
func normalSubscriptionPolicy(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var policy subscriptionPolicy
	if err := decodePolicy(text, &policy); err != nil {
		return "", err
	}
	if err := policy.check("healthyRetryPolicy", "throttlePolicy", "requestPolicy"); err != nil {
		return "", err
	}
	return encodePolicy(policy), nil
}

// sections are the topic's policy in the form of a subscription's.
func (p httpPolicy) sections() subscriptionPolicy {
	return subscriptionPolicy{HealthyRetryPolicy: p.DefaultHealthyRetryPolicy, ThrottlePolicy: p.DefaultThrottlePolicy, RequestPolicy: p.DefaultRequestPolicy}
}

var unknownMember = regexp.MustCompile(`\Ajson: unknown field "(.*)"\z`)

func decodePolicy(text string, into any) error {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err != nil && unknownMember.MatchString(err.Error()) {
		return invalid("DeliveryPolicy: Unexpected JSON member: %s", unknownMember.FindStringSubmatch(err.Error())[1])
	}
	if err != nil || decoder.More() {
		return invalid("DeliveryPolicy: failed to parse JSON")
	}
	return nil
}

// check refuses values out of bounds; the names are of the sections, for the refusal.
func (p subscriptionPolicy) check(retry, throttle, request string) error {
	if p.HealthyRetryPolicy != nil {
		if err := p.HealthyRetryPolicy.check(retry); err != nil {
			return err
		}
	}
	if p.ThrottlePolicy != nil {
		if err := within(throttle+".maxReceivesPerSecond", p.ThrottlePolicy.MaxReceivesPerSecond, 1, 1<<31-1); err != nil {
			return err
		}
	}
	if p.RequestPolicy != nil && p.RequestPolicy.HeaderContentType != "" && !contentType.MatchString(p.RequestPolicy.HeaderContentType) {
		return invalid("DeliveryPolicy: %s.headerContentType is not a supported content type", request)
	}
	return nil
}

// contentType is the form of the types that AWS lists for requests to subscribers.
var contentType = regexp.MustCompile(`\A(application|text)/[A-Za-z0-9.+-]{1,64}(; ?charset=[A-Za-z0-9-]{1,32})?\z`)

const maxRetryTime = time.Hour // of all retries of an http policy together

func (p *healthyRetryPolicy) check(section string) error {
	for _, field := range []struct {
		name        string
		value       *int
		least, most int
	}{
		{"minDelayTarget", p.MinDelayTarget, 1, 3600}, {"maxDelayTarget", p.MaxDelayTarget, 1, 3600},
		{"numRetries", p.NumRetries, 0, 100}, {"numNoDelayRetries", p.NumNoDelayRetries, 0, 100},
		{"numMinDelayRetries", p.NumMinDelayRetries, 0, 100}, {"numMaxDelayRetries", p.NumMaxDelayRetries, 0, 100},
	} {
		if err := within(section+"."+field.name, field.value, field.least, field.most); err != nil {
			return err
		}
	}
	if p.BackoffFunction != nil && oneOf("", *p.BackoffFunction, string(Linear), string(Arithmetic), string(Geometric), string(Exponential)) != nil {
		return invalid("DeliveryPolicy: %s.backoffFunction must be one of linear, arithmetic, geometric, exponential", section)
	}
	switch policy := p.retries(); {
	case policy.Min > policy.Max:
		return invalid("DeliveryPolicy: %s.maxDelayTarget must be greater than or equal to minDelayTarget", section)
	case policy.Backoff < 0:
		return invalid("DeliveryPolicy: %s.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries", section)
	case policy.Total() > maxRetryTime:
		return invalid("DeliveryPolicy: %s total retry time must be less than or equal to 3600 seconds", section)
	}
	return nil
}

func within(name string, value *int, least, most int) error {
	switch {
	case value != nil && *value < least:
		return invalid("DeliveryPolicy: %s must be greater than or equal to %d", name, least)
	case value != nil && *value > most:
		return invalid("DeliveryPolicy: %s must be less than or equal to %d", name, most)
	}
	return nil
}

// withDefaults is the policy with AWS's values for what it does not say.
func (p healthyRetryPolicy) withDefaults() healthyRetryPolicy {
	byDefault := decodedDefault().HTTP.DefaultHealthyRetryPolicy
	return healthyRetryPolicy{
		MinDelayTarget:     cmp.Or(p.MinDelayTarget, byDefault.MinDelayTarget),
		MaxDelayTarget:     cmp.Or(p.MaxDelayTarget, byDefault.MaxDelayTarget),
		NumRetries:         cmp.Or(p.NumRetries, byDefault.NumRetries),
		NumMaxDelayRetries: cmp.Or(p.NumMaxDelayRetries, byDefault.NumMaxDelayRetries),
		NumNoDelayRetries:  cmp.Or(p.NumNoDelayRetries, byDefault.NumNoDelayRetries),
		NumMinDelayRetries: cmp.Or(p.NumMinDelayRetries, byDefault.NumMinDelayRetries),
		BackoffFunction:    cmp.Or(p.BackoffFunction, byDefault.BackoffFunction),
	}
}

// retries are the policy's four phases. The growing one has what the others
// leave of numRetries.
func (p healthyRetryPolicy) retries() RetryPolicy {
	p = p.withDefaults()
	return RetryPolicy{
		NoDelay: *p.NumNoDelayRetries, MinDelay: *p.NumMinDelayRetries, MaxDelay: *p.NumMaxDelayRetries,
		Backoff: *p.NumRetries - *p.NumNoDelayRetries - *p.NumMinDelayRetries - *p.NumMaxDelayRetries,
		Min:     time.Duration(*p.MinDelayTarget) * time.Second, Max: time.Duration(*p.MaxDelayTarget) * time.Second,
		Growth: Growth(*p.BackoffFunction),
	}
}

// effectiveTopicPolicy is a remembered policy with AWS's values for what it does not say.
func effectiveTopicPolicy(text string) topicPolicy {
	byDefault := decodedDefault()
	var policy topicPolicy
	if text == "" || json.Unmarshal([]byte(text), &policy) != nil || policy.HTTP == nil {
		return byDefault
	}
	retry := cmp.Or(policy.HTTP.DefaultHealthyRetryPolicy, byDefault.HTTP.DefaultHealthyRetryPolicy).withDefaults()
	policy.HTTP.DefaultHealthyRetryPolicy = &retry
	if request := policy.HTTP.DefaultRequestPolicy; request == nil || request.HeaderContentType == "" {
		policy.HTTP.DefaultRequestPolicy = byDefault.HTTP.DefaultRequestPolicy
	}
	return policy
}

func decodedDefault() (policy topicPolicy) {
	_ = json.Unmarshal([]byte(defaultDeliveryPolicy), &policy) // our own constant
	return policy
}

// effectivePolicy is what holds for a subscription: its own sections, unless
// the topic does not let them count, and the topic's for the others.
func effectivePolicy(ofTopic, ofSubscription string) subscriptionPolicy {
	fromTopic := effectiveTopicPolicy(ofTopic).HTTP
	policy := fromTopic.sections()
	var own subscriptionPolicy
	if ofSubscription == "" || fromTopic.DisableSubscriptionOverrides || json.Unmarshal([]byte(ofSubscription), &own) != nil {
		return policy
	}
	if own.HealthyRetryPolicy != nil {
		whole := own.HealthyRetryPolicy.withDefaults()
		policy.HealthyRetryPolicy = &whole
	}
	policy.ThrottlePolicy = cmp.Or(own.ThrottlePolicy, policy.ThrottlePolicy)
	if own.RequestPolicy != nil && own.RequestPolicy.HeaderContentType != "" {
		policy.RequestPolicy = own.RequestPolicy
	}
	return policy
}

// HTTPPolicy is how a delivery to an http or https subscriber is made.
type HTTPPolicy struct {
	Retries     RetryPolicy
	PerSecond   int    // requests at most; zero: no limit
	ContentType string // of notifications
}

// HTTPPolicy is what the policies of the topic and the subscription come to.
func (d Delivery) HTTPPolicy() HTTPPolicy {
	effective := effectivePolicy(d.TopicPolicy, d.Subscription.Attributes["DeliveryPolicy"])
	policy := HTTPPolicy{Retries: effective.HealthyRetryPolicy.retries(), ContentType: effective.RequestPolicy.HeaderContentType}
	if throttle := effective.ThrottlePolicy; throttle != nil && throttle.MaxReceivesPerSecond != nil {
		policy.PerSecond = *throttle.MaxReceivesPerSecond
	}
	return policy
}

func encodePolicy(policy any) string {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(policy) // strings, numbers and booleans only: cannot fail
	return string(bytes.TrimSpace(encoded.Bytes()))
}
