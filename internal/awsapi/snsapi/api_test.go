package snsapi_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// What Terraform does with a topic, in its order.
func TestTopicLife(t *testing.T) {
	r := newRig(t)
	created, err := r.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("alerts"), Attributes: map[string]string{"DisplayName": "Alerts"},
		Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
	if err != nil || *created.TopicArn != "arn:aws:sns:us-east-1:111122223333:alerts" {
		t.Fatalf("CreateTopic = %v, %v, want the ARN", created, err)
	}
	for _, name := range []string{"HTTP", "SQS", "Lambda", "Firehose", "Application"} {
		if _, err := r.SetTopicAttributes(t.Context(), &sns.SetTopicAttributesInput{TopicArn: created.TopicArn,
			AttributeName: aws.String(name + "SuccessFeedbackSampleRate"), AttributeValue: aws.String("0")}); err != nil {
			t.Errorf("SetTopicAttributes(%sSuccessFeedbackSampleRate): %v", name, err)
		}
	}
	got, err := r.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: created.TopicArn})
	if err != nil {
		t.Fatalf("GetTopicAttributes: %v", err)
	}
	for name, want := range map[string]string{"DisplayName": "Alerts", "Owner": "111122223333", "SQSSuccessFeedbackSampleRate": "0",
		"SubscriptionsConfirmed": "0", "TopicArn": *created.TopicArn} {
		if got.Attributes[name] != want {
			t.Errorf("GetTopicAttributes()[%s] = %q, want %q", name, got.Attributes[name], want)
		}
	}
	tags, err := r.ListTagsForResource(t.Context(), &sns.ListTagsForResourceInput{ResourceArn: created.TopicArn})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "k" {
		t.Errorf("ListTagsForResource = %v, %v, want k", tags, err)
	}
	if _, err := r.TagResource(t.Context(), &sns.TagResourceInput{ResourceArn: created.TopicArn, Tags: []types.Tag{{Key: aws.String("k2"), Value: aws.String("")}}}); err != nil {
		t.Errorf("TagResource: %v", err)
	}
	if _, err := r.UntagResource(t.Context(), &sns.UntagResourceInput{ResourceArn: created.TopicArn, TagKeys: []string{"k", "k2"}}); err != nil {
		t.Errorf("UntagResource: %v", err)
	}
	list, err := r.ListTopics(t.Context(), &sns.ListTopicsInput{})
	if err != nil || len(list.Topics) != 1 || list.NextToken != nil {
		t.Errorf("ListTopics = %v, %v, want one and no token", list, err)
	}
	if west, err := r.client("AKIAROOT", "us-west-2").ListTopics(t.Context(), &sns.ListTopicsInput{}); err != nil || len(west.Topics) != 0 {
		t.Errorf("ListTopics in another region = %v, %v, want none", west, err)
	}
	for range 2 {
		if _, err := r.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: created.TopicArn}); err != nil {
			t.Errorf("DeleteTopic: %v", err)
		}
	}
}

func TestPermissions(t *testing.T) {
	r := newRig(t)
	name := r.topic("alerts")
	other := r.client("AKIAOTHER", "us-east-1")
	publish := func() error {
		_, err := other.Publish(t.Context(), &sns.PublishInput{TopicArn: name, Message: aws.String("m")})
		return err
	}
	const told = "User: arn:aws:iam::444455556666:root is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:111122223333:alerts because no resource-based policy allows the SNS:Publish action"
	if got := refused(publish()); got != (refusal{"AuthorizationError", told, 403}) {
		t.Errorf("Publish(other account) = %v, want AuthorizationError 403", got)
	}
	if _, err := r.AddPermission(t.Context(), &sns.AddPermissionInput{TopicArn: name, Label: aws.String("l"), AWSAccountId: []string{"444455556666"}, ActionName: []string{"Publish"}}); err != nil {
		t.Fatalf("AddPermission: %v", err)
	}
	if err := publish(); err != nil {
		t.Errorf("Publish(other account, permitted) = %v, want nil", err)
	}
	if _, err := r.RemovePermission(t.Context(), &sns.RemovePermissionInput{TopicArn: name, Label: aws.String("l")}); err != nil {
		t.Fatalf("RemovePermission: %v", err)
	}
	if err := publish(); err == nil {
		t.Error("Publish(other account, permission removed) = nil, want a refusal")
	}
}

func TestSubscriptionLife(t *testing.T) {
	r := newRig(t)
	name := r.topic("alerts")
	in := &sns.SubscribeInput{TopicArn: name, Protocol: aws.String("email"), Endpoint: aws.String("reader@example.com")}
	if out, err := r.Subscribe(t.Context(), in); err != nil || *out.SubscriptionArn != "pending confirmation" {
		t.Errorf("Subscribe = %v, %v, want pending confirmation", out, err)
	}
	sub, token := r.pending(name, "reader@example.com")
	if !strings.HasPrefix(*sub, *name+":") {
		t.Errorf("Subscribe(ReturnSubscriptionArn) = %s, want an ARN of the topic", *sub)
	}
	listed := func() string {
		t.Helper()
		all, err := r.ListSubscriptions(t.Context(), &sns.ListSubscriptionsInput{})
		if err != nil || len(all.Subscriptions) != 1 {
			t.Fatalf("ListSubscriptions = %v, %v, want one", all, err)
		}
		byTopic, err := r.ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: name})
		if err != nil || len(byTopic.Subscriptions) != 1 || *byTopic.Subscriptions[0].SubscriptionArn != *all.Subscriptions[0].SubscriptionArn {
			t.Fatalf("ListSubscriptionsByTopic = %v, %v, want the same", byTopic, err)
		}
		return *all.Subscriptions[0].SubscriptionArn
	}
	if got := listed(); got != "PendingConfirmation" {
		t.Errorf("listed as %q, want PendingConfirmation", got)
	}
	_, err := r.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: sub})
	if got := refused(err); got.code != "InvalidParameter" || !strings.Contains(got.message, "Cannot unsubscribe a subscription that is pending confirmation") {
		t.Errorf("Unsubscribe(pending) = %v, want what Terraform forgives", got)
	}
	confirmed, err := r.ConfirmSubscription(t.Context(), &sns.ConfirmSubscriptionInput{TopicArn: name, Token: &token, AuthenticateOnUnsubscribe: aws.String("true")})
	if err != nil || *confirmed.SubscriptionArn != *sub {
		t.Fatalf("ConfirmSubscription = %v, %v, want %s", confirmed, err, *sub)
	}
	if got := listed(); got != *sub {
		t.Errorf("listed as %q, want %q", got, *sub)
	}
	if _, err := r.SetSubscriptionAttributes(t.Context(), &sns.SetSubscriptionAttributesInput{SubscriptionArn: sub, AttributeName: aws.String("RawMessageDelivery"), AttributeValue: aws.String("false")}); err != nil {
		t.Errorf("SetSubscriptionAttributes: %v", err)
	}
	got, err := r.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: sub})
	if err != nil || got.Attributes["PendingConfirmation"] != "false" || got.Attributes["ConfirmationWasAuthenticated"] != "true" {
		t.Errorf("GetSubscriptionAttributes = %v, %v, want it confirmed by a signed call", got, err)
	}
	if status, body := r.get("Action=Unsubscribe&SubscriptionArn=" + *sub); status != 403 || !strings.Contains(body, "<Code>AuthorizationError</Code>") {
		t.Errorf("GET Unsubscribe(guarded) = %d %s, want 403 AuthorizationError", status, body)
	}
	if _, err := r.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: sub}); err != nil {
		t.Errorf("Unsubscribe: %v", err)
	}
	_, err = r.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: sub})
	if got := refused(err); got != (refusal{"NotFound", "Subscription does not exist", 404}) {
		t.Errorf("GetSubscriptionAttributes(unsubscribed) = %v, want NotFound", got)
	}
}

// Links in messages are unsigned GETs that name no version.
func TestConfirmByLink(t *testing.T) {
	r := newRig(t)
	name := r.topic("alerts")
	sub, token := r.pending(name, "reader@example.com")
	status, body := r.get("Action=ConfirmSubscription&TopicArn=" + *name + "&Token=" + token)
	want := `<ConfirmSubscriptionResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ConfirmSubscriptionResult><SubscriptionArn>` + *sub +
		`</SubscriptionArn></ConfirmSubscriptionResult><ResponseMetadata><RequestId>`
	if status != 200 || !strings.Contains(body, want) {
		t.Errorf("GET ConfirmSubscription = %d %s, want 200 %s", status, body, want)
	}
	if status, body := r.get("Action=Unsubscribe&SubscriptionArn=" + *sub); status != 200 || !strings.Contains(body, "<UnsubscribeResponse") {
		t.Errorf("GET Unsubscribe = %d %s, want 200", status, body)
	}
	if status, body := r.get("Action=Unsubscribe"); status != 400 || !strings.Contains(body, "<Message>Invalid parameter: SubscriptionArn Reason: no value for required parameter</Message>") {
		t.Errorf("GET Unsubscribe of nothing = %d %s, want 400 in AWS's words", status, body)
	}
	if status, _ := r.get("Action=ListTopics&Version=2010-03-31"); status != 403 {
		t.Errorf("GET ListTopics unsigned = %d, want 403", status)
	}
}

func TestPublish(t *testing.T) {
	r := newRig(t)
	name := r.topic("alerts")
	for what, in := range map[string]*sns.PublishInput{
		"topic":  {TopicArn: name, Message: aws.String("m"), Subject: aws.String("s")},
		"target": {TargetArn: name, Message: aws.String("m")},
		"json":   {TopicArn: name, Message: aws.String(`{"default":"d"}`), MessageStructure: aws.String("json")},
		"attributes": {TopicArn: name, Message: aws.String("m"), MessageAttributes: map[string]types.MessageAttributeValue{
			"k": {DataType: aws.String("String"), StringValue: aws.String("v")}, "b": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1}}}},
	} {
		if out, err := r.Publish(t.Context(), in); err != nil || len(*out.MessageId) != 36 {
			t.Errorf("%s: Publish = %v, %v, want a message ID", what, out, err)
		}
	}
	out, err := r.PublishBatch(t.Context(), &sns.PublishBatchInput{TopicArn: name, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
		{Id: aws.String("1"), Message: aws.String("m")}, {Id: aws.String("2"), Message: aws.String("m")}}})
	if err != nil || len(out.Successful) != 2 || *out.Successful[1].Id != "2" || len(out.Failed) != 0 {
		t.Errorf("PublishBatch = %v, %v, want two", out, err)
	}
}

// Codes and statuses of refusals; the texts are tested where they are made.
func TestRefusals(t *testing.T) {
	r := newRig(t)
	name := r.topic("alerts")
	missing := aws.String(*name + "x")
	batch := func(entries ...types.PublishBatchRequestEntry) error {
		_, err := r.PublishBatch(t.Context(), &sns.PublishBatchInput{TopicArn: name, PublishBatchRequestEntries: entries})
		return err
	}
	entry := func(id string) types.PublishBatchRequestEntry {
		return types.PublishBatchRequestEntry{Id: &id, Message: aws.String("m")}
	}
	publish := func(in sns.PublishInput) error {
		if in.Message == nil {
			in.Message = aws.String("m")
		}
		_, err := r.Publish(t.Context(), &in)
		return err
	}
	eleven := make([]types.PublishBatchRequestEntry, 11)
	for i := range eleven {
		eleven[i] = entry(string(rune('a' + i)))
	}
	_, elsewhere := r.client("AKIAROOT", "us-west-2").GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: name})
	_, noTag := r.ListTagsForResource(t.Context(), &sns.ListTagsForResourceInput{ResourceArn: missing})
	_, noTopic := r.SetTopicAttributes(t.Context(), &sns.SetTopicAttributesInput{TopicArn: missing, AttributeName: aws.String("DisplayName")})
	_, subElsewhere := r.client("AKIAROOT", "us-west-2").Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: aws.String(*name + ":2bcfbf39-05c3-41de-beaa-fcfcc21c8f55")})
	for what, test := range map[string]struct {
		err  error
		want refusal
	}{
		"region":           {elsewhere, refusal{"InvalidParameter", "Invalid parameter: TopicArn", 400}},
		"region of sub":    {subElsewhere, refusal{"InvalidParameter", "Invalid parameter: SubscriptionArn", 400}},
		"tags of nothing":  {noTag, refusal{"ResourceNotFound", "Resource does not exist", 404}},
		"missing topic":    {noTopic, refusal{"NotFound", "Topic does not exist", 404}},
		"no target":        {publish(sns.PublishInput{}), refusal{"InvalidParameter", "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter", 400}},
		"phone":            {publish(sns.PublishInput{PhoneNumber: aws.String("+1a234")}), refusal{"InvalidParameter", "Invalid parameter: PhoneNumber Reason: +1a234 is not valid to publish to", 400}},
		"endpoint":         {publish(sns.PublishInput{TargetArn: aws.String("arn:aws:sns:us-east-1:111122223333:endpoint/APNS/a/b")}), refusal{"InvalidParameter", "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified", 400}},
		"deduplication":    {publish(sns.PublishInput{TopicArn: name, MessageDeduplicationId: aws.String("1")}), refusal{"InvalidParameter", "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type", 400}},
		"attribute":        {publish(sns.PublishInput{TopicArn: name, MessageAttributes: map[string]types.MessageAttributeValue{".a": {DataType: aws.String("String"), StringValue: aws.String("v")}}}), refusal{"ParameterValueInvalid", "Invalid message attribute name starting with character '.' was found.", 400}},
		"batch, too many":  {batch(eleven...), refusal{"TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.", 400}},
		"batch, same id":   {batch(entry("1"), entry("1")), refusal{"BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.", 400}},
		"batch, id":        {batch(entry("a.b")), refusal{"InvalidBatchEntryId", "The Id of a batch entry in the batch request contains an impermissible character: a.b", 400}},
		"batch, no entry":  {batch([]types.PublishBatchRequestEntry{}...), refusal{"EmptyBatchRequest", "The batch request doesn't contain any entries.", 400}},
		"batch, too large": {batch(types.PublishBatchRequestEntry{Id: aws.String("1"), Message: aws.String(strings.Repeat("a", 262145))}), refusal{"BatchRequestTooLong", "The length of all the messages put together is more than the limit.", 400}},
	} {
		if got := refused(test.err); got != test.want {
			t.Errorf("%s: refused as %v, want %v", what, got, test.want)
		}
	}
}
