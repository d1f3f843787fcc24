package snsapi_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type vector struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Feature    string `json:"feature"`
	Operation  string `json:"operation"`
	Case       string `json:"case"`
	Code       string `json:"expected_code"`
	HTTP       int    `json:"expected_http"`
	Message    string `json:"expected_message"`
	Note       string `json:"note"`
	Source     string `json:"source"`
	Confidence string `json:"confidence"`
}

// TestVectorsErrors makes the calls that the recorded refusals describe.
func TestVectorsErrors(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var kind struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		if kind.Kind != "sns_api_error" {
			continue
		}
		var v vector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		got, err := newRig(t).provoke(v)
		if want := (refusal{v.Code, v.Message, v.HTTP}); err == nil && got == want {
			passed++
			continue
		}
		failed++
		if v.Confidence != "inferred" && v.Confidence != "low" {
			t.Errorf("%s: %s, %s = %v, %v, want %s: %s (%d)", v.ID, v.Operation, v.Case, got, err, v.Code, v.Message, v.HTTP)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

// provoke makes the call of a vector, whose case is words. The error is about
// words that are not understood.
func (r *rig) provoke(v vector) (refusal, error) {
	about := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(strings.ToLower(v.Case), word) {
				return true
			}
		}
		return false
	}
	name := r.topic("alerts")
	ctx := r.t.Context()
	client, given := r.Client, name
	switch { // which topic is named
	case about("region"):
		client = r.client("AKIAROOT", "eu-central-1")
	case about("missing", "nonexist", "non-exist", "does not exist", "unknown topic", "deleted topic"):
		given = aws.String(*name + "x")
	case about("five", "5 elements"):
		given = aws.String("arn:aws:sns:us-east-1:random")
	case about("malformed", "not an arn", "no arn", "bad arn", "wrong arn", "invalid arn", "arn of wrong form"):
		given = aws.String("randomstring")
	}
	var err error
	switch v.Operation {
	case "GetTopicAttributes":
		_, err = client.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: given})
	case "DeleteTopic":
		_, err = client.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: given})
	case "ListSubscriptionsByTopic":
		_, err = client.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: given})
	case "SetTopicAttributes":
		attribute := "DisplayName"
		if about("attribute") {
			attribute = "FifoTopic"
		}
		_, err = client.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: given, AttributeName: &attribute, AttributeValue: aws.String("false")})
	case "CreateTopic":
		in := &sns.CreateTopicInput{Name: aws.String("alerts")}
		switch {
		case about("tag") && about("duplicate", "twice"):
			in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("1")}, {Key: aws.String("k"), Value: aws.String("2")}}
		case about("tag"):
			in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
		case about("attribute"):
			in.Attributes = map[string]string{"DisplayName": "other"}
		case about("long", "257"):
			in.Name = aws.String(strings.Repeat("a", 257))
		case about("fifo"):
			in.Name = aws.String("test.fifo")
		case about("name", "character"):
			in.Name = aws.String("bad:name")
		default:
			return refusal{}, fmt.Errorf("case %q is not understood", v.Case)
		}
		_, err = client.CreateTopic(ctx, in)
	case "Subscribe":
		in := &sns.SubscribeInput{TopicArn: given, Protocol: aws.String("email"), Endpoint: aws.String("reader@example.com")}
		switch {
		case about("protocol"):
			in.Protocol = aws.String(afterColon(v.Message, "test-protocol"))
		case about("raw"):
			in.Attributes = map[string]string{"RawMessageDelivery": "wrongvalue"}
		case about("queue", "sqs", "url"):
			in.Protocol, in.Endpoint = aws.String("sqs"), aws.String("https://sqs.us-east-1.amazonaws.com/111122223333/q")
		case about("phone", "sms"):
			in.Protocol, in.Endpoint = aws.String("sms"), aws.String(afterColon(v.Message, "NAA+15551234567"))
		case about("different", "already"):
			if _, err := client.Subscribe(ctx, in); err != nil {
				return refusal{}, err
			}
			in.Attributes = map[string]string{"FilterPolicyScope": "MessageBody"}
		}
		_, err = client.Subscribe(ctx, in)
	case "ConfirmSubscription":
		_, token := r.pending(name, "reader@example.com")
		switch {
		case about("topic") && about("not an arn", "malformed"):
			given = aws.String("not-an-arn")
		case about("topic"):
			given = aws.String(strings.Replace(*name, "us-east-1", "eu-central-1", 1))
		case about("form", "malformed", "hexadecimal"):
			token = "randomtoken"
		case about("token"):
			token = "abc123"
		default:
			return refusal{}, fmt.Errorf("case %q is not understood", v.Case)
		}
		_, err = r.ConfirmSubscription(ctx, &sns.ConfirmSubscriptionInput{TopicArn: given, Token: &token})
	case "Unsubscribe":
		sub, _ := r.pending(name, "reader@example.com")
		switch {
		case about("pending"):
		case about("five", "5 elements"):
			sub = aws.String("arn:aws:sns:us-east-1:random")
		case about(" id", "uuid", "topic"):
			sub = aws.String("arn:aws:sns:us-east-1:111111111111:random")
		case about("no value", "without", "absent", "no parameter", "omitted"):
			return r.refusedLink("Action=Unsubscribe")
		default:
			sub = aws.String("randomstring")
		}
		_, err = r.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: sub})
	case "GetSubscriptionAttributes":
		_, err = client.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: aws.String(*name + ":2bcfbf39-05c3-41de-beaa-fcfcc21c8f55")})
	case "SetSubscriptionAttributes":
		sub, _ := r.pending(name, "reader@example.com")
		in := &sns.SetSubscriptionAttributesInput{SubscriptionArn: sub, AttributeName: aws.String("fake"), AttributeValue: aws.String("x")}
		switch {
		case about("scope"):
			in.AttributeName, in.AttributeValue = aws.String("FilterPolicyScope"), aws.String("RandomValue")
		case about("raw"):
			in.AttributeName, in.AttributeValue = aws.String("RawMessageDelivery"), aws.String("test-ValUe")
		case about("redrive", "dead"):
			in.AttributeName, in.AttributeValue = aws.String("RedrivePolicy"), aws.String(`{"deadLetterTargetArn":"fake"}`)
		}
		_, err = client.SetSubscriptionAttributes(ctx, in)
	case "Publish":
		in := &sns.PublishInput{TopicArn: given, Message: aws.String("m")}
		switch {
		case about("subject"):
			in.Subject = aws.String("")
			if about("long", "100") {
				in.Subject = aws.String(strings.Repeat("s", 101))
			}
			if about("line", "control") {
				in.Subject = aws.String("a\nb")
			}
		case about("empty"):
			in.Message = aws.String("")
		case about("262144", "long", "large"):
			in.Message = aws.String(strings.Repeat("a", 262145))
		case about("default"):
			in.Message, in.MessageStructure = aws.String(`{"sqs":"m"}`), aws.String("json")
		case about("json", "parse"):
			in.Message, in.MessageStructure = aws.String(`{"default": "m"} }`), aws.String("json")
		case given == name && client == r.Client:
			return refusal{}, fmt.Errorf("case %q is not understood", v.Case)
		}
		_, err = client.Publish(ctx, in)
	default:
		return refusal{}, fmt.Errorf("operation %s is not understood", v.Operation)
	}
	return refused(err), nil
}

func afterColon(message, otherwise string) string {
	if i := strings.LastIndex(message, ": "); i >= 0 {
		return message[i+2:]
	}
	return otherwise
}

func (r *rig) refusedLink(query string) (refusal, error) {
	status, body := r.get(query)
	var answer struct {
		Error struct{ Code, Message string }
	}
	err := xml.Unmarshal([]byte(body), &answer)
	return refusal{answer.Error.Code, answer.Error.Message, status}, err
}
