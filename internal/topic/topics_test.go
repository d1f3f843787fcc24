package topic_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func TestCreateNames(t *testing.T) {
	s, _ := newService(t)
	for _, test := range []struct {
		name       string
		attributes map[string]string
		want       string
	}{
		{"alerts_1-a", nil, ""},
		{strings.Repeat("a", 256), nil, ""},
		{strings.Repeat("a", 257), nil, "Invalid parameter: Topic Name"},
		{"", nil, "Invalid parameter: Topic Name"},
		{"test.fifo", nil, "Invalid parameter: Topic Name"},
		{"test", map[string]string{"FifoTopic": "true"}, "Invalid parameter: Topic Name"},
		{"test.fifo", map[string]string{"FifoTopic": "true"}, "no FIFO topics"},
		{"test", map[string]string{"FifoTopic": "false"}, ""},
		{"bad:name", nil, "Invalid parameter: Topic Name"},
		{"bad name", nil, "Invalid parameter: Topic Name"},
		{"name\n", nil, "Invalid parameter: Topic Name"},
		{"test2", map[string]string{"Nonsense": "1"}, "Invalid parameter: Attributes Reason: Unknown attribute Nonsense"},
		{"test3", map[string]string{"SignatureVersion": "3"}, "Invalid parameter: Attributes Reason: SignatureVersion"},
	} {
		_, err := s.Create(t.Context(), topic.CreateInput{Scope: scope, Name: test.name, Attributes: test.attributes})
		wantText(t, fmt.Sprintf("Create(%q, %v)", test.name, test.attributes), err, test.want)
	}
}

// The cases are those recorded from AWS by LocalStack's test_create_topic_different_attrs
// and test_create_duplicate_topic_*.
func TestCreateIsIdempotent(t *testing.T) {
	const differentAttributes = "Invalid parameter: Attributes Reason: Topic already exists with different attributes"
	s, _ := newService(t)
	a, b, c := topic.Tag{Key: "a", Value: "1"}, topic.Tag{Key: "b", Value: "2"}, topic.Tag{Key: "c", Value: "3"}
	first := topic.CreateInput{Scope: scope, Name: "t", Attributes: map[string]string{"DisplayName": "Value1"}, Tags: []topic.Tag{a, b}}
	made, err := s.Create(t.Context(), first)
	wantText(t, "Create", err, "")
	for name, test := range map[string]struct {
		attributes map[string]string
		tags       []topic.Tag
		want       string
	}{
		"nothing":                 {},
		"the same":                {attributes: first.Attributes, tags: first.Tags},
		"FifoTopic false":         {attributes: map[string]string{"FifoTopic": "false"}},
		"one of the tags":         {tags: []topic.Tag{a}},
		"default policy":          {attributes: map[string]string{"Policy": made.Policy()}},
		"another value":           {attributes: map[string]string{"DisplayName": "Value2"}, want: differentAttributes},
		"another attribute":       {attributes: map[string]string{"SignatureVersion": "2"}, want: differentAttributes},
		"another and a same one":  {attributes: map[string]string{"SignatureVersion": "2", "DisplayName": "Value1"}, want: differentAttributes},
		"one more tag":            {tags: []topic.Tag{a, b, c}, want: "Invalid parameter: Tags Reason: Topic already exists with different tags"},
		"another value of a tag":  {tags: []topic.Tag{{Key: "a", Value: "2"}}, want: "Invalid parameter: Tags Reason: Topic already exists with different tags"},
		"AWS's own tag key":       {tags: []topic.Tag{{Key: "AWS:x"}}, want: "Invalid parameter: Tags Reason: aws: prefixed tag key names are not allowed for external use."},
		"the same tag key, twice": {tags: []topic.Tag{a, a}, want: "Invalid parameter: Duplicated keys are not allowed."},
	} {
		got, err := s.Create(t.Context(), topic.CreateInput{Scope: scope, Name: "t", Attributes: test.attributes, Tags: test.tags})
		wantText(t, name+": Create", err, test.want)
		if test.want == "" && got.ARN != made.ARN {
			t.Errorf("%s: Create = %v, want %v", name, got.ARN, made.ARN)
		}
	}
}

func TestTopicAttributes(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	made, counts, err := s.Topic(t.Context(), root, name)
	wantText(t, "Topic", err, "")
	want := map[string]string{
		"TopicArn": "arn:aws:sns:us-east-1:111122223333:t", "Owner": "111122223333", "DisplayName": "",
		"SubscriptionsConfirmed": "0", "SubscriptionsPending": "0", "SubscriptionsDeleted": "0",
		"Policy": `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},` +
			`"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",` +
			`"SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"arn:aws:sns:us-east-1:111122223333:t","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}}]}`,
		"EffectiveDeliveryPolicy": `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,` +
			`"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,` +
			`"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`,
	}
	if got := made.Describe(counts); !reflect.DeepEqual(got, want) {
		t.Errorf("Describe = %v, want %v", got, want)
	}
}

func TestSetTopicAttribute(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	for _, test := range []struct{ attribute, value, want, shown string }{
		{"DisplayName", "Alerts", "", "Alerts"},
		{"DisplayName", "a\r\nBcc: x@y", "control characters", "Alerts"},
		{"HTTPSuccessFeedbackSampleRate", "0", "", "0"},
		{"ApplicationSuccessFeedbackSampleRate", "101", "between 0 and 100", ""},
		{"LambdaFailureFeedbackRoleArn", "arn:aws:iam::111122223333:role/r", "", "arn:aws:iam::111122223333:role/r"},
		{"SignatureVersion", "2", "", "2"},
		{"FifoTopic", "false", "Invalid parameter: AttributeName", ""},
		{"Owner", "444455556666", "Invalid parameter: AttributeName", "111122223333"},
		{"DeliveryPolicy", `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}`, "",
			`{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1},"disableSubscriptionOverrides":false}}`},
		{"DeliveryPolicy", `{"http":{"defaultHealthyRetryPolicy":null}}`, "", `{"http":{"disableSubscriptionOverrides":false}}`},
		{"DeliveryPolicy", `{"http":{"defaultHealthyRetryPolicy":{"numRetries":101}}}`, "Invalid parameter: DeliveryPolicy: http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100", `{"http":{"disableSubscriptionOverrides":false}}`},
		{"DeliveryPolicy", `[`, "failed to parse JSON", `{"http":{"disableSubscriptionOverrides":false}}`},
		{"DeliveryPolicy", "", "", ""},
	} {
		err := s.SetAttribute(t.Context(), root, name, test.attribute, test.value)
		wantText(t, fmt.Sprintf("SetAttribute(%s, %q)", test.attribute, test.value), err, test.want)
		made, counts, err := s.Topic(t.Context(), root, name)
		wantText(t, "Topic", err, "")
		if got := made.Describe(counts)[test.attribute]; got != test.shown {
			t.Errorf("%s after setting %q = %q, want %q", test.attribute, test.value, got, test.shown)
		}
	}
	if err := s.SetAttribute(t.Context(), root, scope.ARN("sns", "none"), "DisplayName", "x"); !topic.IsKind(err, topic.NotFound) {
		t.Errorf("SetAttribute(missing topic) = %v, want NotFound", err)
	}
}

func TestEffectiveDeliveryPolicy(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	wantText(t, "SetAttribute", s.SetAttribute(t.Context(), root, name, "DeliveryPolicy",
		`{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}`), "")
	made, _, err := s.Topic(t.Context(), root, name)
	wantText(t, "Topic", err, "")
	const want = `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1,"numMaxDelayRetries":0,` +
		`"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,` +
		`"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`
	if got := made.Describe(topic.Counts{})["EffectiveDeliveryPolicy"]; got != want {
		t.Errorf("EffectiveDeliveryPolicy = %s, want %s", got, want)
	}
}

func TestParseARN(t *testing.T) {
	for text, want := range map[string]string{
		"randomstring":                          "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
		"":                                      "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
		"randomstring:1":                        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 2",
		"arn:aws:sns:us-east-1:random":          "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 5",
		"arn:aws:sns:eu-west-1:111122223333:t":  "Invalid parameter: TopicArn",
		"arn:aws:sqs:us-east-1:111122223333:t":  "Invalid parameter: TopicArn",
		"urn:aws:sns:us-east-1:111122223333:t":  "Invalid parameter: TopicArn",
		"arn:aws:sns:us-east-1:444455556666:ok": "",
	} {
		_, err := topic.ParseARN(scope, text)
		wantText(t, fmt.Sprintf("ParseARN(%q)", text), err, want)
	}
}

func TestTopicsPages(t *testing.T) {
	s, _ := newService(t)
	for i := range 101 {
		create(t, s, fmt.Sprintf("t%03d", i))
	}
	first, next, err := s.Topics(t.Context(), scope, "")
	if err != nil || len(first) != 100 || next == "" {
		t.Fatalf("Topics = %d, next %q, %v, want 100 and a token", len(first), next, err)
	}
	second, next, err := s.Topics(t.Context(), scope, next)
	if err != nil || len(second) != 1 || next != "" {
		t.Errorf("Topics(next) = %d, next %q, %v, want 1 and no token", len(second), next, err)
	}
	_, _, err = s.Topics(t.Context(), scope, "%")
	wantText(t, "Topics(bad token)", err, "Invalid parameter: NextToken")
}

func TestDelete(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	for range 2 {
		wantText(t, "Delete", s.Delete(t.Context(), root, name), "")
	}
	_, _, err := s.Topic(t.Context(), root, name)
	wantText(t, "Topic(deleted)", err, "Topic does not exist")
}

func TestTags(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	wantText(t, "Tag", s.Tag(t.Context(), root, name, []topic.Tag{{Key: "k2", Value: "v2"}, {Key: "k1", Value: "v1"}}), "")
	wantText(t, "Tag", s.Tag(t.Context(), root, name, []topic.Tag{{Key: "k2", Value: "v2b"}}), "")
	wantText(t, "Untag(aws:x)", s.Untag(t.Context(), root, name, []string{"aws:x"}), "Invalid parameter: Tags Reason: aws: prefixed tag key names are not allowed for external use.")
	wantText(t, "Tag(twice)", s.Tag(t.Context(), root, name, []topic.Tag{{Key: "k"}, {Key: "k"}}), "Invalid parameter: Duplicated keys are not allowed.")
	wantText(t, "Tag(no key)", s.Tag(t.Context(), root, name, []topic.Tag{{}}), "at most 256")
	wantText(t, "Untag", s.Untag(t.Context(), root, name, []string{"k1", "none"}), "")
	if got, err := s.Tags(t.Context(), root, name); err != nil || fmt.Sprint(got) != "[{k2 v2b}]" {
		t.Errorf("Tags = %v, %v, want [{k2 v2b}]", got, err)
	}
	many := []topic.Tag{}
	for i := range 51 {
		many = append(many, topic.Tag{Key: fmt.Sprint("k", i)})
	}
	if err := s.Tag(t.Context(), root, name, many); !topic.IsKind(err, topic.TagLimit) {
		t.Errorf("Tag(51) = %v, want TagLimit", err)
	}
	for what, err := range map[string]error{
		"Tag(missing)":    s.Tag(t.Context(), root, scope.ARN("sns", "none"), nil),
		"Tag(stranger)":   s.Tag(t.Context(), stranger, name, nil),
		"Untag(stranger)": s.Untag(t.Context(), stranger, name, nil),
	} {
		if !topic.IsKind(err, topic.ResourceNotFound) {
			t.Errorf("%s = %v, want ResourceNotFound", what, err)
		}
	}
}
