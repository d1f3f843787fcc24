package deliver

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// SQS delivers to queues of one server that speaks the SQS API: AWS's own or
// another.
type SQS struct {
	composer *Composer
	client   *sqs.Client
	base     string // of queue URLs
}

var _ topic.Sender = (*SQS)(nil)

// NewSQS reads http[s]://[accessKeyID:secret@]host[:port]. Without a key one is
// made up, for servers that do not look at it. Errors do not repeat the URL.
func NewSQS(endpoint string, c *Composer) (*SQS, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("SQS endpoint: want http[s]://[accessKeyID:secret@]host[:port]")
	}
	key := aws.Credentials{AccessKeyID: "tocsin", SecretAccessKey: "tocsin"}
	if u.User != nil {
		key.AccessKeyID = u.User.Username()
		key.SecretAccessKey, _ = u.User.Password()
	}
	u.User = nil
	base := strings.TrimRight(u.String(), "/")
	return &SQS{composer: c, base: base, client: sqs.New(sqs.Options{
		BaseEndpoint: &base,
		Retryer:      aws.NopRetryer{}, // we try again ourselves
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return key, nil
		}),
	})}, nil
}

// Send puts a delivery into its queue, once.
func (s *SQS) Send(ctx context.Context, d topic.Delivery) error {
	queue, err := arn.Parse(d.Subscription.Endpoint)
	if err != nil {
		return topic.Permanent(fmt.Errorf("subscriber's queue: %w", err))
	}
	in, err := s.input(d, queue)
	if err != nil {
		return err
	}
	if _, err := s.client.SendMessage(ctx, in, func(o *sqs.Options) { o.Region = queue.Region }); err != nil {
		return judgeSQS(fmt.Errorf("queue %s: %w", queue, err))
	}
	return nil
}

// input is the envelope or, where raw delivery is set, the message with its
// attributes as those of the queue's message.
func (s *SQS) input(d topic.Delivery, queue arn.ARN) (*sqs.SendMessageInput, error) {
	in := &sqs.SendMessageInput{QueueUrl: aws.String(s.base + "/" + queue.Account + "/" + queue.Resource)}
	if isNotification(d.Message) && d.Subscription.Attributes["RawMessageDelivery"] == "true" {
		in.MessageBody = aws.String(d.Message.TextFor("sqs"))
		var err error
		in.MessageAttributes, err = queueAttributes(d.Message.Attributes)
		return in, err
	}
	body, err := s.composer.envelope(d)
	if err != nil {
		return nil, fmt.Errorf("envelope of %s: %w", d.Message.ID, err)
	}
	in.MessageBody = aws.String(strings.TrimSuffix(body, "\n"))
	return in, nil
}

// mostAttributes are what SQS takes with a message. SNS discards a raw message
// that has more.
const mostAttributes = 10

func queueAttributes(attributes map[string]topic.Attribute) (map[string]types.MessageAttributeValue, error) {
	if len(attributes) > mostAttributes {
		return nil, topic.Permanent(fmt.Errorf("a raw message has %d attributes, a queue takes %d", len(attributes), mostAttributes))
	}
	values := map[string]types.MessageAttributeValue{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[name]
		value := types.MessageAttributeValue{DataType: &attribute.Type, StringValue: &attribute.Value}
		if strings.HasPrefix(attribute.Type, "Binary") {
			content, err := base64.StdEncoding.DecodeString(attribute.Value)
			if err != nil {
				return nil, topic.Permanent(fmt.Errorf("attribute %s: %w", name, err))
			}
			value.StringValue, value.BinaryValue = nil, content
		}
		values[name] = value
	}
	return values, nil
}

// judgeSQS finds what trying again will not mend: the request is at fault, as
// when there is no such queue. Refused keys and policies the operator can mend.
func judgeSQS(err error) error {
	var response *smithyhttp.ResponseError
	if !errors.As(err, &response) {
		return err
	}
	var api smithy.APIError
	throttled := errors.As(err, &api) && strings.Contains(api.ErrorCode(), "hrottl") // RequestThrottled, ThrottlingException
	switch status := response.HTTPStatusCode(); {
	case throttled, status == http.StatusTooManyRequests, status == http.StatusUnauthorized, status == http.StatusForbidden:
		return err
	case status >= 400 && status <= 499:
		return topic.Permanent(err)
	}
	return err
}
