package topic

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/tocsin-dev/tocsin/internal/topic/filterpolicy"
)

// checkFilterPolicy returns the policy as it is remembered; an empty object
// takes the policy away.
func checkFilterPolicy(value, scope string) (string, error) {
	if value == "" {
		return "", nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(value), &members); !json.Valid([]byte(value)) {
		return "", invalid("FilterPolicy: failed to parse JSON.%s", jsonFault(value))
	} else if err == nil && len(members) == 0 {
		return "", nil
	}
	if _, err := filterpolicy.Parse(value, filterpolicy.Scope(scope)); err != nil {
		return "", invalid("%s", err)
	}
	return value, nil
}

// checkFilterScope also checks the policy that is there already.
func (s *Subscription) checkFilterScope(scope string) error {
	if scope != string(filterpolicy.MessageAttributes) && scope != string(filterpolicy.MessageBody) {
		return invalid("FilterPolicyScope: Invalid value [%s]. Please use either MessageBody or MessageAttributes", scope)
	}
	_, err := checkFilterPolicy(s.Attributes["FilterPolicy"], scope)
	return err
}

// describeFilter shows the scope only where there is a policy, as AWS does.
func describeFilter(described map[string]string) {
	switch {
	case described["FilterPolicy"] == "":
		delete(described, "FilterPolicyScope")
	case described["FilterPolicyScope"] == "":
		described["FilterPolicyScope"] = string(filterpolicy.MessageAttributes)
	}
}

// scopeFirst are names in an order in which FilterPolicyScope comes before the
// FilterPolicy that is checked by it.
func scopeFirst(attributes map[string]string) []string {
	names := slices.Sorted(maps.Keys(attributes))
	slices.Reverse(names)
	return names
}

// Recipients are those of a topic's subscriptions whose filter policies select
// the message. Policies look at its default text, whatever the protocol. One
// that cannot be read any more selects everything: rather a message too many.
func Recipients(m Message, subs []Subscription) []Subscription {
	var read *filterpolicy.Message // once, and only if anybody filters
	return slices.DeleteFunc(slices.Clone(subs), func(s Subscription) bool {
		text := s.Attributes["FilterPolicy"]
		if text == "" {
			return false
		}
		policy, err := filterpolicy.Parse(text, filterpolicy.Scope(s.Attributes["FilterPolicyScope"]))
		if err != nil {
			return false
		}
		if read == nil {
			filtered := m.filtered()
			read = &filtered
		}
		return !policy.Matches(*read)
	})
}

func (m Message) filtered() filterpolicy.Message {
	attributes := make(map[string]filterpolicy.Attribute, len(m.Attributes))
	for name, attribute := range m.Attributes {
		attributes[name] = filterpolicy.Attribute(attribute)
	}
	return filterpolicy.NewMessage(attributes, m.Body)
}
