package topic

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Topic is a named place to publish to.
type Topic struct {
	ARN        arn.ARN
	Attributes map[string]string // as they were set; defaults are not among them
	Tags       map[string]string
	Created    time.Time
}

// Counts are the subscriptions of a topic. Deleted ones are counted since the topic was made.
type Counts struct{ Confirmed, Pending, Deleted int64 }

var topicName = regexp.MustCompile(`\A[A-Za-z0-9_-]{1,256}\z`)

func checkName(name string, attributes map[string]string) error {
	if base, fifo := strings.CutSuffix(name, ".fifo"); fifo || attributes["FifoTopic"] == "true" {
		if !fifo || attributes["FifoTopic"] != "true" || !topicName.MatchString(base) {
			return invalid("Topic Name")
		}
		return invalid("Attributes Reason: this version of Tocsin has standard topics only, no FIFO topics")
	}
	if !topicName.MatchString(name) {
		return invalid("Topic Name")
	}
	return nil
}

// ParseARN reads a topic's ARN given by a caller who works in scope: a topic
// of another region is out of reach, one of another account is not.
func ParseARN(scope arn.Scope, text string) (arn.ARN, error) {
	parsed, err := parseARN("TopicArn", text)
	if err != nil {
		return arn.ARN{}, err
	}
	if parsed.Service != "sns" || parsed.Region != scope.Region || parsed.Partition != scope.Partition {
		return arn.ARN{}, invalid("TopicArn")
	}
	return parsed, nil
}

func parseARN(parameter, text string) (arn.ARN, error) {
	parsed, err := arn.Parse(text)
	var bad *arn.Error
	if errors.As(err, &bad) && bad.Elements < 6 {
		return arn.ARN{}, invalid("%s Reason: An ARN must have at least 6 elements, not %d", parameter, bad.Elements)
	}
	if err != nil {
		return arn.ARN{}, invalid("%s", parameter)
	}
	return parsed, nil
}

// DisplayName is the name that mails come from; empty when none was set.
func (t Topic) DisplayName() string { return t.Attributes["DisplayName"] }

// Policy is the topic's access policy as JSON.
func (t Topic) Policy() string {
	if policy := t.Attributes["Policy"]; policy != "" {
		return policy
	}
	return defaultPolicy(t.ARN)
}

// Describe is what GetTopicAttributes answers.
func (t Topic) Describe(counts Counts) map[string]string {
	described := map[string]string{
		"DisplayName":             "",
		"EffectiveDeliveryPolicy": encodePolicy(effectiveTopicPolicy(t.Attributes["DeliveryPolicy"])),
	}
	for name, value := range t.Attributes {
		described[name] = value
	}
	described["TopicArn"] = t.ARN.String()
	described["Owner"] = t.ARN.Account
	described["Policy"] = t.Policy()
	described["SubscriptionsConfirmed"] = strconv.FormatInt(counts.Confirmed, 10)
	described["SubscriptionsPending"] = strconv.FormatInt(counts.Pending, 10)
	described["SubscriptionsDeleted"] = strconv.FormatInt(counts.Deleted, 10)
	return described
}

// sameAttributes reports whether creating the topic again with the wanted
// attributes changes nothing. FifoTopic=false is what every topic is.
func (t Topic) sameAttributes(wanted map[string]string) bool {
	has := t.Describe(Counts{})
	for name, value := range wanted {
		if name != "FifoTopic" && has[name] != value && !(isDocument(name) && sameJSON(has[name], value)) {
			return false
		}
	}
	return true
}

func isDocument(name string) bool { return name == "Policy" || name == "DeliveryPolicy" }

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	left, _ := json.Marshal(x) // of a decoded value: cannot fail
	right, _ := json.Marshal(y)
	return string(left) == string(right)
}

// hasTags reports whether all wanted tags are there already.
func (t Topic) hasTags(wanted map[string]string) bool {
	for key, value := range wanted {
		if has, ok := t.Tags[key]; !ok || has != value {
			return false
		}
	}
	return true
}
