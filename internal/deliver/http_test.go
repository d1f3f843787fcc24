package deliver_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

var loopback = deliver.Networks{netip.MustParsePrefix("127.0.0.0/8")}

// post is a request as a subscriber got it.
type post struct {
	method string
	header http.Header
	body   string
	keys   []string // of the body, in order
}

// subscriber answers with a status and remembers the last request.
func subscriber(t *testing.T, status int, header map[string]string) (url string, last *post) {
	t.Helper()
	last = &post{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*last = post{method: r.Method, header: r.Header, body: string(body), keys: keysOf(string(body))}
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, last
}

// keysOf are the keys of a JSON object of texts and, at its end, other values.
func keysOf(text string) (keys []string) {
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return nil
		}
		keys = append(keys, key.(string))
	}
	return keys
}

func byHTTP(endpoint string) topic.Delivery {
	d := delivery()
	d.Subscription.Protocol, d.Subscription.Endpoint = "http", endpoint
	return d
}

func poster(t *testing.T, allow deliver.Networks) *deliver.HTTP {
	t.Helper()
	signer, err := deliver.OpenSigner(t.TempDir(), deliver.SHA1)
	if err != nil {
		t.Fatal(err)
	}
	return deliver.NewHTTP(composer(t, deliver.Options{Signer: signer}), deliver.HTTPOptions{Allow: allow})
}

func TestHTTPRequests(t *testing.T) {
	sender := poster(t, loopback)
	standard := map[string]string{"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": delivery().Message.ID,
		"X-Amz-Sns-Topic-Arn": topicARN, "X-Amz-Sns-Subscription-Arn": topicARN + ":" + subID, "X-Amz-Sns-Rawdelivery": "",
		"Content-Type": "text/plain; charset=UTF-8", "User-Agent": "Amazon Simple Notification Service Agent", "Accept-Encoding": "gzip,deflate"}
	notification := "Type MessageId TopicArn Subject Message Timestamp SignatureVersion Signature SigningCertURL UnsubscribeURL"
	confirmation := "Type MessageId Token TopicArn Message SubscribeURL Timestamp SignatureVersion Signature SigningCertURL"
	for name, test := range map[string]struct {
		change func(*topic.Delivery)
		header map[string]string // that differs from the standard
		keys   string
		holds  string
	}{
		"notification": {func(*topic.Delivery) {}, nil, notification, `"SignatureVersion" : "1"`},
		"no subject":   {func(d *topic.Delivery) { d.Message.Subject = "" }, nil, strings.ReplaceAll(notification, "Subject ", ""), ""},
		"attributes": {func(d *topic.Delivery) {
			d.Message.Attributes = map[string]topic.Attribute{"a": {Type: "String", Value: "v"}}
		}, nil,
			notification + " MessageAttributes", `"MessageAttributes" : {"a":{"Type":"String","Value":"v"}}`},
		"own text":  {func(d *topic.Delivery) { d.Message.ByProtocol = map[string]string{"http": "for http"} }, nil, notification, `"Message" : "for http"`},
		"version 2": {func(d *topic.Delivery) { d.SignatureVersion = "2" }, nil, notification, `"SignatureVersion" : "2"`},
		"content type": {func(d *topic.Delivery) {
			d.Subscription.Attributes = map[string]string{"DeliveryPolicy": `{"requestPolicy":{"headerContentType":"application/json"}}`}
		}, map[string]string{"Content-Type": "application/json"}, notification, ""},
		"raw": {func(d *topic.Delivery) { d.Subscription.Attributes = map[string]string{"RawMessageDelivery": "true"} },
			map[string]string{"X-Amz-Sns-Rawdelivery": "true"}, "AlarmName", ""},
		"confirmation": {func(d *topic.Delivery) {
			d.Message.Type, d.Message.Token = topic.SubscriptionConfirmation, "ab12"
			d.Subscription.Attributes = map[string]string{"RawMessageDelivery": "true"}
		}, map[string]string{"X-Amz-Sns-Message-Type": "SubscriptionConfirmation", "X-Amz-Sns-Subscription-Arn": ""}, confirmation,
			`"SubscribeURL" : "http://127.0.0.1:4566/?Action=ConfirmSubscription&TopicArn=` + topicARN + `&Token=ab12"`},
		"farewell": {func(d *topic.Delivery) { d.Message.Type, d.Message.Token = topic.UnsubscribeConfirmation, "ab12" },
			map[string]string{"X-Amz-Sns-Message-Type": "UnsubscribeConfirmation"}, confirmation,
			`"Message" : "You have chosen to deactivate subscription ` + topicARN + ":" + subID + `.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message."`},
	} {
		t.Run(name, func(t *testing.T) {
			url, got := subscriber(t, 200, nil)
			d := byHTTP(url)
			test.change(&d)
			if err := sender.Send(t.Context(), d); err != nil {
				t.Fatalf("Send = %v, want nil", err)
			}
			want := maps.Clone(standard)
			maps.Copy(want, test.header)
			for name, value := range want {
				if got.header.Get(name) != value {
					t.Errorf("%s = %q, want %q", name, got.header.Get(name), value)
				}
			}
			if keys := strings.Join(got.keys, " "); got.method != "POST" || keys != test.keys || !strings.Contains(got.body, test.holds) {
				t.Errorf("request = %s %s, want POST with keys %s and %s", got.method, got.body, test.keys, test.holds)
			}
		})
	}
}

// Names of headers are lower-case on the wire, as AWS's are.
func TestHTTPHeaderNames(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	go func() {
		defer close(got)
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		head := make([]byte, 64<<10)
		n, _ := connection.Read(head)
		got <- string(head[:n])
		_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}()
	if err := poster(t, loopback).Send(t.Context(), byHTTP("http://"+listener.Addr().String())); err != nil {
		t.Errorf("Send = %v, want nil", err)
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
	head := <-got
	for _, name := range []string{"x-amz-sns-message-type", "x-amz-sns-message-id", "x-amz-sns-topic-arn", "x-amz-sns-subscription-arn", "Content-Type", "User-Agent", "Content-Length"} {
		if strings.Count(head, "\r\n"+name+": ") != 1 {
			t.Errorf("request = %q, want %s in it once", head, name)
		}
	}
}

// outcome says what becomes of a try: "delivered", "again" or "permanent".
func outcome(err error) string {
	var permanent *topic.PermanentError
	switch {
	case err == nil:
		return "delivered"
	case errors.As(err, &permanent):
		return "permanent"
	}
	return "again"
}

func TestHTTPOutcomes(t *testing.T) {
	sender := poster(t, loopback)
	for status, want := range map[int]string{200: "delivered", 204: "delivered", 299: "delivered", 300: "again", 301: "again", 302: "again", 307: "again",
		400: "permanent", 401: "permanent", 403: "permanent", 404: "permanent", 410: "permanent", 429: "again", 499: "permanent", 500: "again", 503: "again", 599: "again", 999: "again"} {
		url, _ := subscriber(t, status, map[string]string{"Location": "http://169.254.169.254/latest/meta-data/"})
		if err := sender.Send(t.Context(), byHTTP(url)); outcome(err) != want {
			t.Errorf("Send to one who answers %d = %v, want it %s", status, err, want)
		}
	}
}

func TestHTTPDoesNotFollowRedirects(t *testing.T) {
	target, got := subscriber(t, 200, nil)
	url, _ := subscriber(t, 307, map[string]string{"Location": target})
	if err := poster(t, loopback).Send(t.Context(), byHTTP(url)); outcome(err) != "again" || got.method != "" {
		t.Errorf("Send to one who redirects = %v, and %s at the target, want a failure and nothing there", err, got.method)
	}
}

func TestHTTPIgnoresProxies(t *testing.T) {
	proxy, asked := subscriber(t, 200, nil)
	t.Setenv("HTTP_PROXY", proxy)
	t.Setenv("http_proxy", proxy)
	err := poster(t, nil).Send(t.Context(), byHTTP("http://nobody.invalid/"))
	if outcome(err) != "again" || asked.method != "" {
		t.Errorf("Send with a proxy in the environment = %v, and %q at the proxy, want a failure and nothing there", err, asked.method)
	}
}

func TestHTTPVerifiesCertificates(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("request to a server that nobody vouches for") }))
	defer server.Close()
	d := byHTTP(server.URL)
	d.Subscription.Protocol = "https"
	if err := poster(t, loopback).Send(t.Context(), d); outcome(err) != "again" || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("Send = %v, want a failure about the certificate", err)
	}
}

// An answer without end is not read to its end.
func TestHTTPAnswerWithoutEnd(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"body": func(w http.ResponseWriter, r *http.Request) {
			for block := make([]byte, 64<<10); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		},
		"header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		},
	} {
		server := httptest.NewServer(handler)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := poster(t, loopback).Send(ctx, byHTTP(server.URL))
		if want := map[string]string{"body": "delivered", "header": "again"}[name]; outcome(err) != want || ctx.Err() != nil {
			t.Errorf("%s: Send = %v, want it %s at once", name, err, want)
		}
		cancel()
		server.Close()
	}
}

func TestHTTPRefusesClosedNetworks(t *testing.T) {
	url, got := subscriber(t, 200, nil)
	port := url[strings.LastIndex(url, ":"):]
	sender := poster(t, nil)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		err := sender.Send(t.Context(), byHTTP("http://"+host+port))
		if outcome(err) != "again" || !strings.Contains(err.Error(), "--allow-delivery-to") || got.method != "" {
			t.Errorf("Send to %s = %v, and %q there, want it refused", host, err, got.method)
		}
	}
}

func TestNetworks(t *testing.T) {
	allowed := deliver.Networks{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	for address, want := range map[string]bool{
		"8.8.8.8": false, "2606:4700::1111": false, "::ffff:8.8.8.8": false, "172.32.0.1": false, "100.128.0.1": false, "11.0.0.1": false,
		"127.0.0.1": true, "127.255.255.254": true, "::1": true, "::": true, "0.0.0.0": true, "::ffff:127.0.0.1": true, "::127.0.0.1": true,
		"10.0.0.1": true, "172.16.0.1": true, "172.31.255.255": true, "192.168.0.1": true, "100.64.0.1": true, "100.127.255.255": true, "fc00::1": true, "fd12::1": true,
		"169.254.169.254": true, "::ffff:169.254.169.254": true, "fe80::1": true, "fe80::1%eth0": true, "fd00:ec2::254": true, "100.100.100.200": true, "168.63.129.16": true,
		"64:ff9b::7f00:1": true, "2002:7f00:1::1": true, "2001:0:1::1": true, "224.0.0.1": true, "239.1.1.1": true, "ff02::1": true, "255.255.255.255": true, "fec0::1": true,
		"10.1.2.3": false, "::ffff:10.1.2.3": false, "10.2.0.1": true, "fd00:1::5": false, "fd00:2::5": true,
	} {
		if got := allowed.Refuses(netip.MustParseAddr(address)); got != want {
			t.Errorf("Refuses(%s) = %v, want %v", address, got, want)
		}
	}
	if !allowed.Refuses(netip.Addr{}) {
		t.Error("Refuses(no address) = false, want true")
	}
}
