package topic

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Subscription is an endpoint that a topic's messages go to.
type Subscription struct {
	ARN       string // topic ARN, colon, UUID
	TopicARN  string
	Protocol  string // email, email-json, http, https, sqs, sms
	Endpoint  string
	Owner     string // the account that subscribed it
	Principal string // ARN of who subscribed it
	Pending   bool   // not confirmed yet: nothing is delivered
	// Authenticated says that the confirmation was a signed request.
	Authenticated bool
	// Guarded says that only its owner or the topic's may unsubscribe it:
	// AuthenticateOnUnsubscribe was true in a signed confirmation.
	Guarded    bool
	Attributes map[string]string // as they were set; defaults are not among them
	Created    time.Time
}

// ParseSubscriptionARN checks a subscription's ARN given by a caller.
func ParseSubscriptionARN(text string) (arn.ARN, error) {
	parsed, err := parseARN("SubscriptionArn", text)
	if err != nil {
		return arn.ARN{}, err
	}
	_, id, found := strings.Cut(parsed.Resource, ":")
	if uuid.Validate(id) != nil || len(id) != 36 || !found {
		return arn.ARN{}, invalid("SubscriptionId")
	}
	return parsed, nil
}

// Describe is what GetSubscriptionAttributes answers; topicPolicy is the
// DeliveryPolicy of the subscription's topic.
func (s Subscription) Describe(topicPolicy string) map[string]string {
	described := map[string]string{"RawMessageDelivery": "false"}
	maps.Copy(described, s.Attributes)
	describeFilter(described)
	described["SubscriptionArn"] = s.ARN
	described["TopicArn"] = s.TopicARN
	described["Owner"] = s.Owner
	described["Protocol"] = s.Protocol
	described["Endpoint"] = s.Endpoint
	described["PendingConfirmation"] = strconv.FormatBool(s.Pending)
	described["ConfirmationWasAuthenticated"] = strconv.FormatBool(s.Authenticated)
	if s.Principal != "" {
		described["SubscriptionPrincipal"] = s.Principal
	}
	if IsHTTP(s.Protocol) {
		described["EffectiveDeliveryPolicy"] = encodePolicy(effectivePolicy(topicPolicy, s.Attributes["DeliveryPolicy"]))
	}
	return described
}

// setAttribute checks one attribute and remembers it. An empty value takes
// away those that can be empty.
func (s *Subscription) setAttribute(name, value string) error {
	switch name {
	case "RawMessageDelivery":
		given := value
		if value = strings.ToLower(given); value != "true" && value != "false" {
			return invalid("RawMessageDelivery: Invalid value [%s]. Must be true or false.", given)
		}
		if value == "true" && !takesRaw(s.Protocol) {
			return invalid("RawMessageDelivery: Delivery protocol [%s] does not support raw message delivery.", s.Protocol)
		}
	case "FilterPolicyScope":
		if err := s.checkFilterScope(value); err != nil {
			return err
		}
	case "FilterPolicy":
		var err error
		if value, err = checkFilterPolicy(value, s.Attributes["FilterPolicyScope"]); err != nil {
			return err
		}
	case "RedrivePolicy":
		if err := s.checkRedrivePolicy(value); err != nil {
			return err
		}
	case "DeliveryPolicy":
		var err error
		if value, err = s.checkDeliveryPolicy(value); err != nil {
			return err
		}
	case "SubscriptionRoleArn": // remembered: it is for another protocol
		if err := atMost(name, value, 4096); err != nil {
			return err
		}
	default:
		return invalid("AttributeName")
	}
	if s.Attributes == nil {
		s.Attributes = map[string]string{}
	}
	s.Attributes[name] = value
	if value == "" {
		delete(s.Attributes, name)
	}
	return nil
}

const jsonPlace = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: %d]"

// jsonFault is what AWS's reader adds when a text is a word, or an object that
// begins with a name without quotes (recorded); of other faults it tells no
// more here.
func jsonFault(text string) string {
	if word := bareWord.FindString(text); word != "" {
		return fmt.Sprintf(" Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"+jsonPlace,
			word, len(word)+1)
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(text, "{"))
	if !strings.HasPrefix(text, "{") || r == '"' || r == '}' || unicode.IsSpace(r) || r == utf8.RuneError {
		return ""
	}
	return fmt.Sprintf(" Unexpected character ('%c' (code %d)): was expecting double-quote to start field name"+jsonPlace, r, r, 2)
}

var bareWord = regexp.MustCompile(`\A[A-Za-z_$][A-Za-z0-9_$]*`)

// sameAttributes reports whether subscribing again with the wanted attributes changes nothing.
func (s Subscription) sameAttributes(wanted map[string]string) bool {
	has := map[string]string{"RawMessageDelivery": "false", "FilterPolicyScope": "MessageAttributes"}
	maps.Copy(has, s.Attributes)
	for name, value := range wanted {
		if has[name] != value {
			return false
		}
	}
	return true
}
