package topic_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func filtered(endpoint, policy, scope string) topic.Subscription {
	return topic.Subscription{Protocol: "email", Endpoint: endpoint, Attributes: map[string]string{"FilterPolicy": policy, "FilterPolicyScope": scope}}
}

func TestRecipients(t *testing.T) {
	m := topic.Message{Body: `{"NewStateValue":"ALARM"}`, ByProtocol: map[string]string{"email": "text for people"},
		Attributes: map[string]topic.Attribute{"team": {Type: "String", Value: "red"}}}
	for name, test := range map[string]struct {
		sub  topic.Subscription
		want bool
	}{
		"no policy":                   {topic.Subscription{}, true},
		"attribute":                   {filtered("a", `{"team":["red"]}`, ""), true},
		"other attribute":             {filtered("a", `{"team":["blue"]}`, "MessageAttributes"), false},
		"body, not the mail's text":   {filtered("a", `{"NewStateValue":["ALARM"]}`, "MessageBody"), true},
		"other body":                  {filtered("a", `{"NewStateValue":["OK"]}`, "MessageBody"), false},
		"alarms have no attributes":   {filtered("a", `{"NewStateValue":["ALARM"]}`, "MessageAttributes"), false},
		"a policy that is unreadable": {filtered("a", `{`, ""), true},
	} {
		if got := len(topic.Recipients(m, []topic.Subscription{test.sub})) == 1; got != test.want {
			t.Errorf("%s: Recipients has the subscription: %t, want %t", name, got, test.want)
		}
	}
}

func TestSubscribeWithFilterPolicy(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	for policy, want := range map[string]string{
		`invalid`: "Invalid parameter: Attributes Reason: FilterPolicy: failed to parse JSON. Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n" +
			" at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 8]",
		`{"key":[]}`:        "Invalid parameter: Attributes Reason: FilterPolicy: Empty arrays are not allowed\n at [Source: (String)\"{\"key\":[]}\"; line: 1, column: 10]",
		`{"a":{"b":["c"]}}`: "", // whatever the order in which the attributes come
	} {
		in := email(name)
		in.Attributes = map[string]string{"FilterPolicy": policy, "FilterPolicyScope": "MessageBody"}
		_, err := s.Subscribe(t.Context(), root, in)
		wantText(t, "Subscribe("+policy+")", err, want)
	}
	in := email(name)
	in.Attributes = map[string]string{"FilterPolicy": `{"a":["c"]}`}
	_, err := s.Subscribe(t.Context(), root, in)
	wantText(t, "Subscribe again with another policy", err, "Invalid parameter: Attributes Reason: Subscription already exists with different attributes")
}

func TestFilterPolicyHoldsMessagesBack(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "tocsin.db"))
	synctest.Test(t, func(t *testing.T) {
		mail := &sender{}
		s := sending(store, topic.Options{}, mail)
		name := create(t, s, "t")
		all := subscribe(t, s, name, "all@example.com")
		alarms := subscribe(t, s, name, "alarms@example.com")
		for attribute, value := range map[string]string{"FilterPolicyScope": "MessageBody", "FilterPolicy": `{"NewStateValue":["ALARM"]}`} {
			wantText(t, attribute, s.SetSubscriptionAttribute(t.Context(), root, parse(t, alarms.ARN), attribute, value), "")
		}
		defer run(t, s)()
		for _, state := range []string{"OK", "ALARM"} {
			_, err := s.Publish(t.Context(), root, topic.Message{TopicARN: name.String(), Body: `{"NewStateValue":"` + state + `"}`})
			wantText(t, "Publish", err, "")
		}
		synctest.Wait()
		got := map[string]int{}
		for _, try := range mail.tries() {
			got[try.Subscription.ARN]++
		}
		if got[all.ARN] != 2 || got[alarms.ARN] != 1 {
			t.Errorf("mails = %v, want 2 to all, 1 to alarms", got)
		}
	})
}
