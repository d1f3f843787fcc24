package topic

import (
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// feedback matches the delivery logging settings, remembered for clients that
// set them (Terraform does, for every topic).
var feedback = regexp.MustCompile(`\A(HTTP|SQS|Lambda|Firehose|Application)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)\z`)

// setAttribute checks one attribute of SetTopicAttributes and remembers it;
// an empty value takes the attribute away.
func (t *Topic) setAttribute(name, value string) error {
	value, err := checkAttribute(t.ARN.Account, name, value)
	if err != nil {
		return err
	}
	if t.Attributes == nil {
		t.Attributes = map[string]string{}
	}
	t.Attributes[name] = value
	if value == "" {
		delete(t.Attributes, name)
	}
	return nil
}

// checkAttribute returns the value as it is remembered.
func checkAttribute(owner, name, value string) (string, error) {
	switch {
	case name == "Policy":
		return value, checkPolicy(value)
	case name == "DisplayName":
		return value, checkDisplayName(value)
	case name == "DeliveryPolicy":
		return normalTopicPolicy(value)
	case name == "SignatureVersion":
		return value, oneOf(name, value, "", "1", "2")
	case name == "TracingConfig":
		return value, oneOf(name, value, "", "PassThrough", "Active")
	case name == "KmsMasterKeyId": // remembered: messages rest where the operator keeps the data folder
		return value, atMost(name, value, 2048)
	case feedback.MatchString(name):
		return value, checkFeedback(name, value)
	}
	return "", invalid("AttributeName")
}

func checkDisplayName(value string) error {
	if utf8.RuneCountInString(value) > 100 || !utf8.ValidString(value) || hasControl(value) {
		return invalid("DisplayName Reason: must be at most 100 characters, without control characters")
	}
	return nil
}

func checkFeedback(name, value string) error {
	if feedback.FindStringSubmatch(name)[2] != "SuccessFeedbackSampleRate" {
		return atMost(name, value, 2048)
	}
	if rate, err := strconv.Atoi(value); value != "" && (err != nil || rate < 0 || rate > 100) {
		return invalid("%s Reason: must be an integer between 0 and 100", name)
	}
	return nil
}

func oneOf(name, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return invalid("%s", name)
}

func atMost(name, value string, limit int) error {
	if len(value) > limit {
		return invalid("%s Reason: must be at most %d characters", name, limit)
	}
	return nil
}

func hasControl(text string) bool {
	for _, r := range text {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return true
		}
	}
	return false
}
