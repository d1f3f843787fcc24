//go:build linux

package e2e

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/fxamacker/cbor/v2"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// Ways to say the same thing.
const (
	asJSON  = "json"
	asCBOR  = "cbor"
	asQuery = "query"
)

var protocols = map[string][]string{
	"logs": {asJSON}, "cloudwatch": {asJSON, asCBOR, asQuery}, "sns": {asQuery}, "sts": {asQuery},
}

// Wrong types and extreme values in every member of every operation are
// answered at once, in AWS's shape, and never with a 5xx.
func TestBadMembers(t *testing.T) {
	t.Parallel()
	in := serve(t)
	t.Run("all", func(t *testing.T) {
		for service, spoken := range protocols {
			model := readModel(t, service)
			for _, protocol := range spoken {
				t.Run(service+" "+protocol, func(t *testing.T) {
					t.Parallel()
					c := caller{T: t, in: in, model: model, protocol: protocol}
					for operation := range model.Operations {
						prepare(t, in)
						c.mistreat(operation)
					}
					t.Logf("%d requests, %d refused", c.sent, c.refused)
				})
			}
		}
	})
	checkReady(t, in)
	checkMemory(t, in)
}

// prepare makes what the plausible names name.
func prepare(t *testing.T, in *instance.Instance) {
	send(t, in, request{service: "logs", header: logsHeader("CreateLogGroup"), body: []byte(`{"logGroupName":"bad"}`)})
	send(t, in, request{service: "logs", header: logsHeader("CreateLogStream"), body: []byte(`{"logGroupName":"bad","logStreamName":"bad"}`)})
	send(t, in, request{service: "monitoring", header: http.Header{"X-Amz-Target": {"GraniteServiceVersion20100801.PutMetricAlarm"}}, body: []byte(`{"AlarmName":"bad","MetricName":"Bad","Namespace":"Bad","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold"}`)})
	send(t, in, request{service: "sns", body: []byte("Action=CreateTopic&Name=bad&Version=2010-03-31")})
}

// junk is what a client may put where something else belongs.
var junk = []any{
	nil, true, false, "", "x", strings.Repeat("long", 3000), "\x00\x01\u2028\U0001F600", "arn:aws:sns:us-east-1:000000000000:", "%{$.*[?(^", "../../etc/passwd",
	"'; DROP TABLE log_group; --", 0, -1, 1.5, int64(math.MaxInt64), int64(math.MinInt64), 1e300, []any{}, []any{nil}, []any{[]any{}},
	map[string]any{}, map[string]any{"": ""}, map[string]any{"x": map[string]any{}},
}

// caller sends an operation's requests in one protocol and judges the answers.
type caller struct {
	*testing.T
	in            *instance.Instance
	model         serviceModel
	protocol      string
	sent, refused int
}

func (c *caller) mistreat(operation string) {
	shape := c.model.Operations[operation].Input.Shape
	c.model.requests(operation, func(whole map[string]any, part string) {
		if status := c.call(operation, shape, whole, operation, false); status != http.StatusOK && part == "" && sound()[operation] != nil {
			c.Errorf("%s of %v = %d, want 200", operation, whole, status)
		}
		input, tried, inner := any(whole), any(whole), shape
		set := func(x any) { input = x }
		if part != "" {
			tried, inner, set = whole[part], c.model.Shapes[shape].Members[part].Shape, func(x any) { whole[part] = x }
		}
		c.model.mutants(inner, tried, operation+"."+part, junk, set, func(path, kind string, value any) {
			c.call(operation, shape, input, fmt.Sprintf("%s = %.40q", path, fmt.Sprint(value)), c.protocol != asQuery && !fits(kind, value))
		})
	})
}

func (c *caller) call(operation, shape string, input any, what string, mustRefuse bool) (status int) {
	status, answer := send(c.T, c.in, c.request(operation, shape, input))
	c.sent++
	if status >= 400 {
		c.refused++
	}
	if problem := judge(c.protocol, status, answer); problem != "" {
		c.Errorf("%s (%s) = %s", what, c.protocol, problem)
	}
	if mustRefuse && status < 400 {
		c.Errorf("%s (%s) = %d, want a refusal", what, c.protocol, status)
	}
	return status
}

func (c *caller) request(operation, shape string, input any) request {
	meta := c.model.Metadata
	r := request{service: cmp.Or(meta.EndpointPrefix, "sts"), header: http.Header{}}
	switch c.protocol {
	case asJSON:
		r.header.Set("X-Amz-Target", meta.TargetPrefix+"."+operation)
		r.header.Set("Content-Type", "application/x-amz-json-1.1")
		r.body = must(json.Marshal(input))
	case asCBOR:
		r.path = "/service/" + meta.TargetPrefix + "/operation/" + operation
		r.header.Set("Smithy-Protocol", "rpc-v2-cbor")
		r.header.Set("Content-Type", "application/cbor")
		r.body = must(cbor.Marshal(input))
	default:
		form := url.Values{}
		c.model.form(shape, input, "", form)
		form.Set("Action", operation)
		form.Set("Version", meta.APIVersion)
		r.body = []byte(form.Encode())
	}
	return r
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err) // values of the tests' own making
	}
	return b
}

// judge says what is wrong with an answer: a 5xx, or an error that a client of
// the protocol cannot read.
func judge(protocol string, status int, answer []byte) (problem string) {
	if status >= 500 {
		return fmt.Sprintf("%d %.300s", status, answer)
	}
	if status < 400 {
		return ""
	}
	code, message := errorOf(protocol, answer)
	if code == "" || len(answer) > 64<<10 {
		return fmt.Sprintf("%d with code %q, message %.100q in %d bytes, want an error in AWS's shape: %.300q", status, code, message, len(answer), answer)
	}
	return ""
}

// errorOf reads an error as a client of the protocol does; no code means that it cannot.
func errorOf(protocol string, answer []byte) (code, message string) {
	var plain struct {
		Type         string `json:"__type" cbor:"__type"`
		Message      string `json:"message" cbor:"message"`
		UpperMessage string `json:"Message" cbor:"Message"`
	}
	switch protocol {
	case asJSON:
		if json.Unmarshal(answer, &plain) != nil {
			return "", ""
		}
	case asCBOR:
		if cbor.Unmarshal(answer, &plain) != nil {
			return "", ""
		}
	default:
		var document struct {
			XMLName xml.Name `xml:"ErrorResponse"`
			Error   struct{ Type, Code, Message string }
		}
		if xml.Unmarshal(answer, &document) != nil || document.Error.Type != "Sender" && document.Error.Type != "Receiver" {
			return "", ""
		}
		return document.Error.Code, document.Error.Message
	}
	return plain.Type[strings.LastIndex(plain.Type, "#")+1:], cmp.Or(plain.Message, plain.UpperMessage)
}

// request is a request to the API. Zero members are the usual ones.
type request struct {
	method, path string
	service      string
	header       http.Header
	body         []byte
	unsigned     bool
	key, secret  string    // of the signature
	at           time.Time // of the signature
	spoil        func(*http.Request)
}

// patient fails what takes longer than any request may.
var patient = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func send(t *testing.T, in *instance.Instance, r request) (status int, answer []byte) {
	t.Helper()
	response, answer, err := r.send(t, in)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

func (r request) send(t *testing.T, in *instance.Instance) (*http.Response, []byte, error) {
	out, err := http.NewRequestWithContext(t.Context(), cmp.Or(r.method, http.MethodPost), in.Endpoint()+cmp.Or(r.path, "/"), bytes.NewReader(r.body))
	if err != nil {
		return nil, nil, err
	}
	if r.header != nil {
		out.Header = r.header.Clone()
	}
	if !r.unsigned {
		if r.at.IsZero() {
			r.at = time.Now()
		}
		hash := sha256.Sum256(r.body)
		key := awssdk.Credentials{AccessKeyID: cmp.Or(r.key, instance.AccessKeyID), SecretAccessKey: cmp.Or(r.secret, instance.SecretAccessKey)}
		if err := v4.NewSigner().SignHTTP(t.Context(), key, out, hex.EncodeToString(hash[:]), r.service, "us-east-1", r.at); err != nil {
			return nil, nil, err
		}
	}
	if r.spoil != nil {
		r.spoil(out)
	}
	response, err := patient.Do(out)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response, answer, err
}

// Requests that are wrong as a whole are refused with the status and code that
// clients of the protocol know.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	in := serve(t)
	prepare(t, in)
	for _, c := range badRequests() {
		t.Run(c.name, func(t *testing.T) {
			status, answer := send(t, in, c.request)
			code, message := errorOf(c.protocol, answer)
			if status != c.status || !strings.HasSuffix(code, c.code) || code == "" {
				t.Errorf("answered %d %s %q (%.200q), want %d %s", status, code, message, answer, c.status, c.code)
			}
		})
	}
	checkReady(t, in)
}

type badRequest struct {
	name     string
	protocol string
	request  request
	status   int
	code     string
}

func logsHeader(operation string) http.Header {
	return http.Header{"X-Amz-Target": {"Logs_20140328." + operation}, "Content-Type": {"application/x-amz-json-1.1"}}
}

func cborHeader() http.Header {
	return http.Header{"Smithy-Protocol": {"rpc-v2-cbor"}, "Content-Type": {"application/cbor"}}
}

func withHeader(h http.Header, name, value string) http.Header {
	h.Set(name, value)
	return h
}

func badRequests() []badRequest {
	whoami := []byte("Action=GetCallerIdentity&Version=2011-06-15")
	groups := func(body string) request {
		return request{service: "logs", header: logsHeader("DescribeLogGroups"), body: []byte(body)}
	}
	alarms := func(body string) request {
		return request{service: "monitoring", path: "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", header: cborHeader(), body: []byte(body)}
	}
	query := func(body string) request { return request{service: "sns", body: []byte(body)} }
	signed := func(change func(*request)) request {
		r := request{service: "sts", body: whoami}
		change(&r)
		return r
	}
	bomb := bytes.Repeat(zipped(bytes.Repeat([]byte(" "), 16<<20)), 64)
	zippedHeader := withHeader(logsHeader("DescribeLogGroups"), "Content-Encoding", "gzip")
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	return []badRequest{
		{"json: empty list", asJSON, groups(`[]`), 400, "SerializationException"},
		{"json: text", asJSON, groups(`"x"`), 400, "SerializationException"},
		{"json: no JSON", asJSON, groups(`<xml/>`), 400, "SerializationException"},
		{"json: truncated", asJSON, groups(`{"limit":`), 400, "SerializationException"},
		{"json: two values", asJSON, groups(`{}{}`), 400, "SerializationException"},
		{"json: NUL bytes", asJSON, groups("\x00\x00"), 400, "SerializationException"},
		{"json: deep", asJSON, groups(`{"limit":` + deep + `}`), 400, "SerializationException"},
		{"json: deep in an unknown member", asJSON, groups(`{"x":` + deep + `}`), 400, "SerializationException"},
		{"json: endless number", asJSON, groups(`{"limit":` + strings.Repeat("9", 100_000) + `}`), 400, "SerializationException"},
		{"json: invalid UTF-8", asJSON, groups("{\"logGroupNamePrefix\":\"\xff\xfe\"}"), 400, "InvalidParameterException"},
		{"json: 9 MiB", asJSON, groups(strings.Repeat(" ", 9<<20)), 413, "RequestEntityTooLargeException"},
		{"json: many structures", asJSON, request{service: "monitoring", header: http.Header{"X-Amz-Target": {"GraniteServiceVersion20100801.PutMetricData"}}, body: []byte(`{"Namespace":"x","MetricData":[` + strings.Repeat("{},", 1<<20) + `{}]}`)}, 400, "SerializationException"},
		{"cbor: many maps", asCBOR, alarms("\x9f" + strings.Repeat("\xa0", 1<<18) + "\xff"), 400, "SerializationException"},
		{"gzip: bomb", asJSON, request{service: "logs", header: zippedHeader, body: bomb}, 413, "RequestEntityTooLargeException"},
		{"gzip: not gzip", asJSON, request{service: "logs", header: zippedHeader, body: []byte("{}")}, 400, "SerializationException"},
		{"gzip: truncated", asJSON, request{service: "logs", header: zippedHeader, body: zipped([]byte("{}"))[:15]}, 400, "SerializationException"},
		{"gzip: unknown encoding", asJSON, request{service: "logs", header: withHeader(logsHeader("DescribeLogGroups"), "Content-Encoding", "br")}, 400, "SerializationException"},
		{"target: unknown operation", asJSON, request{service: "logs", header: logsHeader("Nonsense")}, 400, "UnknownOperationException"},
		{"target: not in scope", asJSON, request{service: "logs", header: logsHeader("CreateExportTask")}, 400, "UnknownOperationException"},
		{"target: unknown service", asJSON, request{service: "logs", header: http.Header{"X-Amz-Target": {"Nobody_2026.Nothing"}}}, 400, "UnknownOperationException"},
		{"target: dots", asJSON, request{service: "logs", header: http.Header{"X-Amz-Target": {"...."}}}, 400, ""},
		{"target: of another service", asJSON, request{service: "monitoring", header: logsHeader("DescribeLogGroups")}, 400, ""},
		{"cbor: truncated", asCBOR, alarms("\xa1\x6aAlarmNames\x81"), 400, "SerializationException"},
		{"cbor: text", asCBOR, alarms("\x61x"), 400, "SerializationException"},
		{"cbor: break", asCBOR, alarms("\xff"), 400, "SerializationException"},
		{"cbor: huge list", asCBOR, alarms("\xa1\x6aAlarmNames\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"), 400, "SerializationException"},
		{"cbor: huge text", asCBOR, alarms("\xa1\x6aAlarmNames\x7b\x7f\xff\xff\xff\xff\xff\xff\xff"), 400, "SerializationException"},
		{"cbor: deep", asCBOR, alarms(strings.Repeat("\x81", 10_000) + "\x00"), 400, "SerializationException"},
		{"cbor: endless maps", asCBOR, alarms(strings.Repeat("\xbf\x61x", 10_000)), 400, "SerializationException"},
		{"cbor: tags", asCBOR, alarms(strings.Repeat("\xc1", 10_000) + "\x00"), 400, "SerializationException"},
		{"cbor: invalid UTF-8", asCBOR, alarms("\xa1\x6fAlarmNamePrefix\x62\xff\xfe"), 400, "SerializationException"},
		{"cbor: JSON", asCBOR, alarms(`{"AlarmNames":["x"]}`), 400, "SerializationException"},
		{"cbor: unknown operation", asCBOR, request{service: "monitoring", path: "/service/GraniteServiceVersion20100801/operation/Nonsense", header: cborHeader()}, 400, "UnknownOperationException"},
		{"cbor: unknown service", asCBOR, request{service: "monitoring", path: "/service/Nobody/operation/Nothing", header: cborHeader()}, 400, "UnknownOperationException"},
		{"cbor: odd path", asCBOR, request{service: "monitoring", path: "/service/a/b/c/d/e", header: cborHeader()}, 400, ""},
		{"query: nothing", asQuery, query(""), 400, "MissingAction"},
		{"query: no action", asQuery, query("Version=2010-03-31"), 400, "MissingAction"},
		{"query: unknown action", asQuery, query("Action=Nonsense&Version=2010-03-31"), 400, "InvalidAction"},
		{"query: another version", asQuery, query("Action=ListTopics&Version=1999-01-01"), 400, "InvalidAction"},
		{"query: percent", asQuery, query("Action=ListTopics&Version=2010-03-31&NextToken=%zz"), 400, "MalformedInput"},
		{"query: list without numbers", asQuery, query("Action=TagResource&Version=2010-03-31&ResourceArn=x&Tags.member.x.Key=y"), 400, "MalformedInput"},
		{"query: text for a list", asQuery, query("Action=TagResource&Version=2010-03-31&ResourceArn=x&Tags=y"), 400, "MalformedInput"},
		{"query: list for a text", asQuery, query("Action=CreateTopic&Version=2010-03-31&Name.member.1=y"), 400, "MalformedInput"},
		{"query: deep", asQuery, query("Action=CreateTopic&Version=2010-03-31&Name" + strings.Repeat(".x", 100_000) + "=y"), 400, "MalformedInput"},
		{"query: many parameters", asQuery, query("Action=ListTopics&Version=2010-03-31" + strings.Repeat("&a=b", 200_000)), 400, "MalformedInput"},
		{"query: map without a key", asQuery, query("Action=CreateTopic&Version=2010-03-31&Name=x&Attributes.entry.1.value=y"), 400, "MalformedInput"},
		{"unsigned", asQuery, signed(func(r *request) { r.unsigned = true }), 403, "MissingAuthenticationToken"},
		{"unsigned json", asJSON, request{unsigned: true, header: logsHeader("DescribeLogGroups")}, 400, "MissingAuthenticationTokenException"},
		{"unknown key", asQuery, signed(func(r *request) { r.key = "AKIAUNKNOWNUNKNOWNUN" }), 403, "InvalidClientTokenId"},
		{"wrong secret", asQuery, signed(func(r *request) { r.secret = "wrong" }), 403, "SignatureDoesNotMatch"},
		{"yesterday", asQuery, signed(func(r *request) { r.at = time.Now().Add(-24 * time.Hour) }), 403, "SignatureDoesNotMatch"},
		{"tomorrow", asQuery, signed(func(r *request) { r.at = time.Now().Add(24 * time.Hour) }), 403, "SignatureDoesNotMatch"},
		{"another service's scope", asQuery, signed(func(r *request) { r.service = "sns" }), 400, "InvalidAction"},
		{"changed body", asQuery, signed(func(r *request) {
			r.spoil = func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15&x=y")), 47
			}
		}), 403, "SignatureDoesNotMatch"},
		{"garbled authorization", asQuery, signed(func(r *request) {
			r.spoil = func(r *http.Request) {
				r.Header.Set("Authorization", "AWS4-HMAC-SHA256 "+strings.Repeat("=,/", 10_000))
			}
		}), 400, "IncompleteSignature"},
		{"basic authorization", asQuery, signed(func(r *request) {
			r.spoil = func(r *http.Request) { r.SetBasicAuth("root", "x") }
		}), 403, ""},
		{"no date", asQuery, signed(func(r *request) {
			r.spoil = func(r *http.Request) { r.Header.Del("X-Amz-Date") }
		}), 400, "IncompleteSignature"},
		{"presigned garbage", asQuery, request{unsigned: true, method: http.MethodGet, path: "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=x&X-Amz-Credential=%00&X-Amz-Signature=y"}, 400, "IncompleteSignature"},
		{"GET", asQuery, request{unsigned: true, method: http.MethodGet}, 400, "MissingAction"},
		{"PUT", asQuery, request{unsigned: true, method: http.MethodPut, path: "/bucket/key", body: []byte("x")}, 400, "MissingAction"},
		{"DELETE", asQuery, request{unsigned: true, method: http.MethodDelete, path: "/../../etc/passwd"}, 400, "MissingAction"},
		{"OPTIONS", asQuery, request{unsigned: true, method: http.MethodOptions, path: "/%00%ff"}, 400, "MissingAction"},
		{"unknown method", asQuery, request{unsigned: true, method: "BREW", path: "/coffee"}, 400, "MissingAction"},
	}
}

// PutLogEvents refuses, and says of what it takes, what AWS does.
func TestBadLogEvents(t *testing.T) {
	t.Parallel()
	in := serve(t)
	prepare(t, in)
	now := time.Now()
	for _, c := range badLogEvents(now) {
		t.Run(c.name, func(t *testing.T) {
			body := must(json.Marshal(map[string]any{"logGroupName": cmp.Or(c.group, "bad"), "logStreamName": cmp.Or(c.stream, "bad"), "logEvents": c.events}))
			status, answer := send(t, in, request{service: "logs", header: logsHeader("PutLogEvents"), body: body})
			if status != c.status || !strings.Contains(string(answer), c.words) {
				t.Errorf("PutLogEvents = %d %.300s, want %d with %q", status, answer, c.status, c.words)
			}
		})
	}
	checkReady(t, in)
	checkMemory(t, in)
}

type logEvent struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
}

type badLogEvent struct {
	name          string
	group, stream string
	events        []logEvent
	status        int
	words         string
}

func badLogEvents(now time.Time) []badLogEvent {
	at := func(ages ...time.Duration) []logEvent {
		var events []logEvent
		for _, age := range ages {
			events = append(events, logEvent{now.Add(-age).UnixMilli(), "x"})
		}
		return events
	}
	long := func(bytes ...int) []logEvent {
		var events []logEvent
		for _, n := range bytes {
			events = append(events, logEvent{now.UnixMilli(), strings.Repeat("x", n)})
		}
		return events
	}
	const day = 24 * time.Hour
	return []badLogEvent{
		{"too old", "", "", at(14*day + 5*time.Minute), 200, `"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}`},
		{"the first too old", "", "", at(14*day+5*time.Minute, 14*day-5*time.Minute), 200, `"tooOldLogEventEndIndex":1`},
		{"too new", "", "", at(-2*time.Hour - 5*time.Minute), 200, `"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":0}`},
		{"the last too new", "", "", at(0, -2*time.Hour-5*time.Minute), 200, `"tooNewLogEventStartIndex":1`},
		{"before 1970", "", "", []logEvent{{-1, "x"}}, 400, "failed to satisfy constraint: Member must have value greater than or equal to 0"},
		{"the end of time", "", "", []logEvent{{math.MaxInt64, "x"}}, 200, `"tooNewLogEventStartIndex":0`},
		{"out of order", "", "", at(0, time.Second), 400, "Log events in a single PutLogEvents request must be in chronological order."},
		{"more than a day", "", "", at(25*time.Hour, 0), 400, "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."},
		{"none", "", "", []logEvent{}, 400, "Member must have length greater than or equal to 1"},
		{"null", "", "", nil, 400, "Value null at 'logEvents' failed to satisfy constraint: Member must not be null"},
		{"10,000", "", "", long(make([]int, 10_000)...), 400, "Member must have length greater than or equal to 1"},
		{"10,001", "", "", long(ones(10_001)...), 400, "at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to 10000"},
		{"over 1 MiB", "", "", long(600_000, 500_000), 400, "Upload too large: 1100052 bytes exceeds limit of 1048576"},
		{"one event over 1 MiB", "", "", long(1 << 20), 400, "Log event too large: 1048602 bytes exceeds limit of 1048576"},
		{"the largest event", "", "", long(1<<20 - 26), 200, "nextSequenceToken"},
		{"no message", "", "", []logEvent{{now.UnixMilli(), ""}}, 400, "Value '' at 'logEvents.1.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"no group", "nowhere", "", at(0), 400, "The specified log group does not exist."},
		{"no stream", "", "nowhere", at(0), 400, "The specified log stream does not exist."},
	}
}

func ones(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = 1
	}
	return list
}

// However many large and costly requests come at once, memory stays bounded and
// small requests are answered.
func TestManyLargeRequests(t *testing.T) {
	t.Parallel()
	in := serve(t)
	prepare(t, in)
	const size = 8<<20 - 100
	logs := func(operation, body string) request {
		return request{service: "logs", header: logsHeader(operation), body: []byte(body)}
	}
	event := fmt.Sprintf(`{"timestamp":%d,"message":"x"},`, time.Now().UnixMilli())
	costly := []request{
		logs("PutLogEvents", `{"logGroupName":"bad","logStreamName":"bad","logEvents":[`+strings.Repeat(event, size/len(event))+`null]}`),
		logs("DescribeLogGroups", `{"x":[`+strings.Repeat(`{},`, size/3-10)+`0]}`),
		logs("DescribeLogGroups", `{"x":[`+strings.Repeat(`{"":0},`, size/7-10)+`0]}`),
		logs("DescribeLogGroups", `{"x":[`+strings.Repeat(`0,`, size/2-10)+`0]}`),
		logs("DescribeLogGroups", `{"logGroupNamePrefix":"`+strings.Repeat(`\u0000`, size/6-10)+`"}`),
		{service: "monitoring", path: "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", header: cborHeader(), body: []byte("\x9f" + strings.Repeat("\xa1\x60\x00", size/3) + "\xff")},
		{service: "sns", body: []byte("Action=ListTopics&Version=2010-03-31" + strings.Repeat("&a=b", 100_000))},
		{service: "logs", header: withHeader(logsHeader("DescribeLogGroups"), "Content-Encoding", "gzip"), body: zipped([]byte(`{"x":"` + strings.Repeat("x", size) + `"}`))},
		{unsigned: true, header: logsHeader("DescribeLogGroups"), body: bytes.Repeat([]byte(" "), size)},
	}
	var all sync.WaitGroup
	for range 8 {
		for _, r := range costly {
			all.Go(func() {
				response, answer, err := r.send(t, in)
				switch {
				case err != nil:
					t.Error(err)
				case response.StatusCode >= 500 && response.StatusCode != http.StatusServiceUnavailable:
					t.Errorf("answered %d %.300q, want no failure but to be told to come again", response.StatusCode, answer)
				}
			})
		}
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	for busy := true; busy; {
		begun := time.Now()
		if status, answer := send(t, in, logs("DescribeLogGroups", `{}`)); status != http.StatusOK || time.Since(begun) > 5*time.Second {
			t.Errorf("a small request took %v: %d %s", time.Since(begun), status, answer)
		}
		select {
		case <-done:
			busy = false
		default:
		}
	}
	checkReady(t, in)
	checkMemory(t, in)
}
