package snsapi_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// What was recorded when FilterPolicy and FilterPolicyScope were set one after
// the other: the scope shows only where there is a policy.
func TestFilterPolicyAttributes(t *testing.T) {
	r := newRig(t)
	sub, _ := r.pending(r.topic("alerts"), "reader@example.com")
	const (
		nested   = `{"object":{"key":[{"prefix":"auto-"}]}}`
		noNested = "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"
	)
	for _, test := range []struct{ name, value, want, policy, scope string }{
		{"FilterPolicy", `{invalidjson}`, "Invalid parameter: FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n" +
			" at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]", "", ""},
		{"FilterPolicy", `{"key_a":"value_one"}`, "Invalid parameter: FilterPolicy: \"key_a\" must be an object or an array\n" +
			` at [Source: (String)"{"key_a":"value_one"}"; line: 1, column: 11]`, "", ""},
		{"FilterPolicy", nested, noNested, "", ""},
		{"FilterPolicyScope", "MessageBody", "", "", ""},
		{"FilterPolicy", nested, "", nested, "MessageBody"},
		{"FilterPolicyScope", "MessageAttributes", noNested, nested, "MessageBody"},
		{"FilterPolicy", "{}", "", "", ""},
		{"FilterPolicyScope", "MessageAttributes", "", "", ""},
		{"FilterPolicy", `{"attr1":[null]}`, "", `{"attr1":[null]}`, "MessageAttributes"},
		{"FilterPolicy", "", "", "", ""},
	} {
		_, err := r.SetSubscriptionAttributes(t.Context(), &sns.SetSubscriptionAttributesInput{SubscriptionArn: sub, AttributeName: &test.name, AttributeValue: &test.value})
		if got := refused(err).message; got != test.want {
			t.Errorf("SetSubscriptionAttributes(%s, %s) = %q, want %q", test.name, test.value, got, test.want)
		}
		out, err := r.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: sub})
		if err != nil {
			t.Fatal(err)
		}
		if policy, scope := out.Attributes["FilterPolicy"], out.Attributes["FilterPolicyScope"]; policy != test.policy || scope != test.scope {
			t.Errorf("after %s = %s: policy %q, scope %q, want %q, %q", test.name, test.value, policy, scope, test.policy, test.scope)
		}
	}
	_, err := r.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: r.topic("alerts"), Protocol: aws.String("email"), Endpoint: aws.String("b@example.com"),
		Attributes: map[string]string{"FilterPolicy": nested}})
	if got, want := refused(err), (refusal{"InvalidParameter", "Invalid parameter: Attributes Reason: Filter policy scope MessageAttributes does not support nested filter policy", 400}); got != want {
		t.Errorf("Subscribe(nested) = %v, want %v", got, want)
	}
}
