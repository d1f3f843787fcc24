package topic

import (
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// phoneNumber is E.164.
var phoneNumber = regexp.MustCompile(`\A\+?[1-9][0-9]{1,14}\z`)

// checkEndpoint refuses endpoints that do not fit their protocol, and the
// protocols that are not delivered.
func checkEndpoint(protocol, endpoint string) error {
	if endpoint == "" {
		return invalid("Endpoint")
	}
	switch protocol {
	case "email", "email-json":
		return checkAddress(endpoint)
	case "http", "https":
		return checkURL(protocol, endpoint)
	case "sms":
		if !phoneNumber.MatchString(endpoint) {
			return &Error{Invalid, "Invalid SMS endpoint: " + endpoint}
		}
		return nil
	case "sqs":
		return checkQueue(endpoint)
	case "lambda":
		if !isARNOf("lambda", endpoint) {
			return invalid("Lambda endpoint ARN")
		}
	case "firehose":
		if !isARNOf("firehose", endpoint) {
			return invalid("Firehose endpoint ARN")
		}
	case "application":
		if !isARNOf("sns", endpoint) {
			return invalid("ApplicationEndpoint ARN")
		}
	default:
		return invalid("Amazon SNS does not support this protocol string: %s", protocol)
	}
	return invalid("Protocol Reason: this version of Tocsin delivers email, email-json, http, https, sqs and sms, not %s", protocol)
}

// checkAddress takes a bare address only: no display name, no list, nothing
// that could be another header.
func checkAddress(endpoint string) error {
	address, err := mail.ParseAddress(endpoint)
	if err != nil || address.Address != endpoint || len(endpoint) > 320 || hasControl(endpoint) {
		return invalid("Email address")
	}
	return nil
}

// IsHTTP reports whether subscribers by the protocol are programs that are sent
// requests: they confirm by a mere visit of the link in one.
func IsHTTP(protocol string) bool { return protocol == "http" || protocol == "https" }

const maxURL = 2048 // bytes

// checkURL takes an address that a request can be sent to. Which networks may
// be reached is decided when it is.
func checkURL(protocol, endpoint string) error {
	if !strings.HasPrefix(endpoint, protocol+"://") {
		return invalid("Endpoint must match the specified protocol")
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || len(endpoint) > maxURL || strings.ContainsAny(endpoint, " \\") || hasControl(endpoint) {
		return invalid("Endpoint")
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
		return invalid("Endpoint")
	}
	return nil
}

func checkQueue(endpoint string) error {
	queue, err := arn.Parse(endpoint)
	if err != nil || queue.Service != "sqs" {
		return invalid("SQS endpoint ARN")
	}
	if strings.HasSuffix(queue.Resource, ".fifo") { // AWS's text, with its stutter
		return invalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
	}
	if !topicName.MatchString(queue.Resource) || !accountID.MatchString(queue.Account) || queue.Region == "" {
		return invalid("SQS endpoint ARN")
	}
	return nil
}

// takesRaw reports whether RawMessageDelivery can be set.
func takesRaw(protocol string) bool { return IsHTTP(protocol) || protocol == "sqs" }

// isConfirmedAtOnce reports whether nobody has to be asked: phones are not, nor
// are queues of the account that subscribes them.
func (in SubscribeInput) isConfirmedAtOnce(by Principal) bool {
	queue, err := arn.Parse(in.Endpoint)
	return in.Protocol == "sms" || in.Protocol == "sqs" && err == nil && queue.Account == by.Account
}

func isARNOf(service, text string) bool {
	parsed, err := arn.Parse(text)
	return err == nil && parsed.Service == service && parsed.Resource != ""
}
