package deliver

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// HTTP delivers to http and https subscribers, as SNS does: a POST of the
// envelope, or of the message alone where raw delivery is set.
type HTTP struct {
	composer *Composer
	client   *http.Client
}

var _ topic.Sender = (*HTTP)(nil)

// HTTPOptions are how subscribers are reached. Their zero value reaches what is
// on the Internet, and trusts what the system trusts.
type HTTPOptions struct {
	Allow Networks    // that may be reached although they are not on the Internet
	TLS   *tls.Config // nil: certificates that the system trusts
}

// NewHTTP makes a sender. Proxies of the environment are not used: they would
// reach networks for us that we refuse to reach.
func NewHTTP(c *Composer, o HTTPOptions) *HTTP {
	dialer := &net.Dialer{Timeout: 15 * time.Second, Control: o.Allow.control}
	return &HTTP{composer: c, client: &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        o.TLS,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			DisableCompression:     true, // nobody reads the answer
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send posts a delivery once, within ctx. Answers that say that the request
// itself is at fault are permanent failures.
func (h *HTTP) Send(ctx context.Context, d topic.Delivery) error {
	request, err := h.request(ctx, d)
	if err != nil {
		return err
	}
	response, err := h.client.Do(request)
	if err != nil {
		return fmt.Errorf("deliver %s: %w", d.Message.ID, err)
	}
	defer response.Body.Close()
	// A short answer is read so that the connection can be used again. That it
	// ends badly does not matter: the status has come.
	_, _ = io.CopyN(io.Discard, response.Body, maxRead)
	return judge(response.StatusCode)
}

const maxRead = 16 << 10 // bytes of an answer

func (h *HTTP) request(ctx context.Context, d topic.Delivery) (*http.Request, error) {
	raw := isNotification(d.Message) && d.Subscription.Attributes["RawMessageDelivery"] == "true"
	body := d.Message.TextFor(d.Subscription.Protocol)
	if !raw {
		var err error
		if body, err = h.composer.envelope(d); err != nil {
			return nil, fmt.Errorf("envelope of %s: %w", d.Message.ID, err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Subscription.Endpoint, strings.NewReader(body))
	if err != nil {
		return nil, topic.Permanent(fmt.Errorf("subscriber's URL: %w", err))
	}
	setHeader(request.Header, d, raw)
	return request, nil
}

func setHeader(header http.Header, d topic.Delivery, raw bool) {
	kind := d.Message.Type
	if kind == "" {
		kind = topic.Notification
	}
	for name, value := range map[string]string{
		"x-amz-sns-message-type": string(kind),
		"x-amz-sns-message-id":   d.Message.ID,
		"x-amz-sns-topic-arn":    d.Message.TopicARN,
		"Content-Type":           topic.DefaultContentType,
		"User-Agent":             "Amazon Simple Notification Service Agent",
		"Accept-Encoding":        "gzip,deflate",
	} {
		header[name] = []string{value} // as AWS writes the name, for receivers that look at it
	}
	if kind != topic.SubscriptionConfirmation {
		header["x-amz-sns-subscription-arn"] = []string{d.Subscription.ARN}
	}
	if isNotification(d.Message) {
		header.Set("Content-Type", d.HTTPPolicy().ContentType)
	}
	if raw {
		header["x-amz-sns-rawdelivery"] = []string{"true"}
	}
}

// judge sorts answers: 2xx is delivered; of the others those that blame the
// request (4xx) are not tried again, but for 429, which asks to come later.
// Redirects are not followed: they lead where nobody has confirmed.
func judge(status int) error {
	switch {
	case status >= 200 && status <= 299:
		return nil
	case status >= 400 && status <= 499 && status != http.StatusTooManyRequests:
		return topic.Permanent(fmt.Errorf("the subscriber answered %s", name(status)))
	}
	return fmt.Errorf("the subscriber answered %s", name(status))
}

func name(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}
