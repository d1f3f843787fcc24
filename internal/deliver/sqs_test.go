package deliver_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// queued is a SendMessage as the server got it.
type queued struct {
	QueueURL   string `json:"QueueUrl"`
	Body       string `json:"MessageBody"`
	Attributes map[string]struct {
		DataType, StringValue string
		BinaryValue           []byte
	} `json:"MessageAttributes"`
	authorization string
}

// queues is a server with the SQS API that refuses with a code, if one is given.
func queues(t *testing.T, status int, code string) (url string, last *queued, calls *int) {
	t.Helper()
	last, calls = &queued{}, new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*calls++
		if r.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessage" {
			t.Errorf("X-Amz-Target = %q, want AmazonSQS.SendMessage", r.Header.Get("X-Amz-Target"))
		}
		*last = queued{authorization: r.Header.Get("Authorization")}
		if err := json.NewDecoder(r.Body).Decode(last); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		answer := map[string]string{"__type": code}
		if code == "" {
			sum := md5.Sum([]byte(last.Body))
			answer = map[string]string{"MessageId": "1", "MD5OfMessageBody": hex.EncodeToString(sum[:])}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, last, calls
}

func bySQS(raw string) topic.Delivery {
	d := delivery()
	d.Subscription.Protocol, d.Subscription.Endpoint = "sqs", "arn:aws:sqs:eu-west-1:111122223333:q"
	d.Subscription.Attributes = map[string]string{"RawMessageDelivery": raw}
	d.Message.ByProtocol = map[string]string{"sqs": "for queues"}
	d.Message.Attributes = map[string]topic.Attribute{"n": {Type: "Number", Value: "1"}, "b": {Type: "Binary", Value: "aGk="}}
	return d
}

func newSQS(t *testing.T, endpoint string) *deliver.SQS {
	t.Helper()
	s, err := deliver.NewSQS(endpoint, composer(t, deliver.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSQSEnvelope(t *testing.T) {
	url, last, _ := queues(t, http.StatusOK, "")
	if err := newSQS(t, strings.Replace(url, "://", "://AKID:secret@", 1)+"/").Send(t.Context(), bySQS("false")); err != nil {
		t.Fatal(err)
	}
	if want := url + "/111122223333/q"; last.QueueURL != want || len(last.Attributes) != 0 {
		t.Errorf("sent to %s with %d attributes, want %s, none", last.QueueURL, len(last.Attributes), want)
	}
	if !strings.Contains(last.authorization, "Credential=AKID/") || !strings.Contains(last.authorization, "/eu-west-1/sqs/") {
		t.Errorf("Authorization = %s, want the URL's key and the queue's region", last.authorization)
	}
	var body struct{ Type, Message string }
	if err := json.Unmarshal([]byte(last.Body), &body); err != nil || body.Type != "Notification" || body.Message != "for queues" || strings.HasSuffix(last.Body, "\n") {
		t.Errorf("body = %q, %v, want the envelope of the text for queues", last.Body, err)
	}
	if keys := keysOf(last.Body); !slices.Equal(keys[:3], []string{"Type", "MessageId", "TopicArn"}) || keys[len(keys)-1] != "MessageAttributes" {
		t.Errorf("keys = %v, want those of a notification with attributes", keys)
	}
}

func TestSQSRaw(t *testing.T) {
	url, last, calls := queues(t, http.StatusOK, "")
	d := bySQS("true")
	if err := newSQS(t, url).Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if n, b := last.Attributes["n"], last.Attributes["b"]; last.Body != "for queues" || n.DataType != "Number" || n.StringValue != "1" ||
		!reflect.DeepEqual(b.BinaryValue, []byte("hi")) || b.StringValue != "" {
		t.Errorf("message = %+v, want the text and both attributes", last)
	}
	for _, name := range strings.Split("cdefghijk", "") {
		d.Message.Attributes[name] = topic.Attribute{Type: "String", Value: "v"}
	}
	if got := outcome(newSQS(t, url).Send(t.Context(), d)); got != "permanent" || *calls != 1 {
		t.Errorf("11 attributes: %s after %d calls, want permanent, none more than the first", got, *calls)
	}
}

func TestSQSOutcomes(t *testing.T) {
	for _, test := range []struct {
		status     int
		code, want string
	}{
		{200, "", "delivered"},
		{400, "com.amazonaws.sqs#QueueDoesNotExist", "permanent"},
		{400, "com.amazonaws.sqs#InvalidMessageContents", "permanent"},
		{400, "com.amazonaws.sqs#RequestThrottled", "again"},
		{403, "com.amazonaws.sqs#AccessDeniedException", "again"},
		{429, "TooMany", "again"},
		{500, "InternalFailure", "again"},
		{503, "ServiceUnavailable", "again"},
	} {
		url, _, calls := queues(t, test.status, test.code)
		if got := outcome(newSQS(t, url).Send(t.Context(), bySQS("false"))); got != test.want || *calls != 1 {
			t.Errorf("Send(%d %s): %s after %d calls, want %s after one", test.status, test.code, got, *calls, test.want)
		}
	}
	if got := outcome(newSQS(t, "http://"+closedPort(t)).Send(t.Context(), bySQS("false"))); got != "again" {
		t.Errorf("Send to a closed port: %s, want again", got)
	}
}

func TestNewSQSRefuses(t *testing.T) {
	for _, endpoint := range []string{"", "sqs.example.com", "ftp://hush@host", "http://", "http://key:hush@host:port"} {
		if _, err := deliver.NewSQS(endpoint, composer(t, deliver.Options{})); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("NewSQS(%q) = %v, want an error that does not repeat it", endpoint, err)
		}
	}
}
