package topic

import "testing"

// Whatever is taken as a delivery policy is remembered in a form that is taken
// again and stays as it is, and its retries come to an end in time.
func FuzzDeliveryPolicy(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "null", "[]", `{"healthyRetryPolicy":null}`, `{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":60,"numRetries":50,"numNoDelayRetries":3,"numMinDelayRetries":2,"numMaxDelayRetries":35,"backoffFunction":"exponential"}}`,
		`{"healthyRetryPolicy":{"numRetries":1e2}}`, `{"requestPolicy":{"headerContentType":"text/plain; charset=UTF-8"},"throttlePolicy":{"maxReceivesPerSecond":1}}`,
		`{"http":{"defaultHealthyRetryPolicy":{"numRetries":5},"disableSubscriptionOverrides":true,"defaultRequestPolicy":{}}}`, `{"http":null}`, `{"healthyRetryPolicy":{"backoffFunction":""}}`,
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, ofTopic, ofSubscription string) {
		for text, normal := range map[string]func(string) (string, error){ofTopic: normalTopicPolicy, ofSubscription: normalSubscriptionPolicy} {
			first, err := normal(text)
			if err != nil {
				continue
			}
			if again, err := normal(first); err != nil || again != first {
				t.Errorf("normal form of %q = %q, and of that %q, %v, want the same", text, first, again, err)
			}
		}
		d := Delivery{TopicPolicy: accepted(normalTopicPolicy(ofTopic))}
		d.Subscription.Attributes = map[string]string{"DeliveryPolicy": accepted(normalSubscriptionPolicy(ofSubscription))}
		policy := d.HTTPPolicy()
		if total := policy.Retries.Total(); total < 0 || total > maxRetryTime || policy.ContentType == "" {
			t.Errorf("HTTPPolicy of %q, %q = %+v, %v in all, want at most an hour and a content type", ofTopic, ofSubscription, policy, total)
		}
	})
}

// accepted is a normal form, empty if there is none.
func accepted(normal string, err error) string {
	if err != nil {
		return ""
	}
	return normal
}
