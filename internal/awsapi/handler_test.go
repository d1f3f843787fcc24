package awsapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sts"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

func TestAnswers(t *testing.T) {
	answerWith := func(text string) func(any) {
		return func(out any) {
			switch out := out.(type) {
			case *sts.GetCallerIdentityOutput:
				out.Account = &text
			case *cloudwatch.DescribeAlarmsOutput:
				out.MetricAlarms = []cloudwatch.MetricAlarm{{AlarmName: &text, Threshold: new(2.0), AlarmActions: []string{}, StateUpdatedTimestamp: new(time.UnixMilli(1795182432689))}}
			}
		}
	}
	for _, tc := range []struct {
		name        string
		request     *http.Request
		contentType string
		body        string
	}{
		{"json without output", logsRequest("CreateLogGroup", `{"logGroupName":"g"}`), "application/x-amz-json-1.1", ""},
		{"json", cloudwatchRequest("DescribeAlarms", ""), "application/x-amz-json-1.0",
			`{"MetricAlarms":[{"AlarmName":"é<&\"","AlarmActions":[],"StateUpdatedTimestamp":1795182432.689,"Threshold":2.0}]}`},
		{"cbor", cborRequest("DescribeAlarms", ""), "application/cbor",
			"\xa1\x6cMetricAlarms\x81\xa4\x69AlarmName\x65é<&\"\x6cAlarmActions\x80\x75StateUpdatedTimestamp\xc1\xfb\x41\xda\xc0\x13\xd8\x2c\x18\x94\x69Threshold\xfb\x40\x00\x00\x00\x00\x00\x00\x00"},
		{"cbor without output", cborRequest("DeleteAlarms", "\xa1\x6aAlarmNames\x81\x61a"), "application/cbor", "\xa0"},
		{"query", queryRequest("monitoring", "Action=DescribeAlarms&Version=2010-08-01"), "text/xml",
			`<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><DescribeAlarmsResult><MetricAlarms><member>` +
				`<AlarmName>é&lt;&amp;&#34;</AlarmName><AlarmActions></AlarmActions><StateUpdatedTimestamp>2026-11-20T13:47:12.689Z</StateUpdatedTimestamp><Threshold>2.0</Threshold>` +
				`</member></MetricAlarms></DescribeAlarmsResult><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></DescribeAlarmsResponse>`},
		{"query without output", queryRequest("sns", "Action=DeleteTopic&Version=2010-03-31&TopicArn=x"), "text/xml",
			`<DeleteTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></DeleteTopicResponse>`},
		{"query in the URL of a POST, as boto3 presigns", posted("sns", "/?Action=DeleteTopic&Version=2010-03-31&TopicArn=x"), "text/xml",
			`<DeleteTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></DeleteTopicResponse>`},
		{"https namespace", queryRequest("sts", "Action=GetCallerIdentity&Version=2011-06-15"), "text/xml",
			`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>é&lt;&amp;&#34;</Account></GetCallerIdentityResult>` +
				`<ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></GetCallerIdentityResponse>`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := handler(t, awsapi.Options{Services: everyEcho(&echo{answer: answerWith(`é<&"`)})})
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, tc.request)
			if answer.Code != http.StatusOK {
				t.Errorf("status = %d, want 200", answer.Code)
			}
			if got := answer.Header().Get("Content-Type"); got != tc.contentType {
				t.Errorf("content type = %s, want %s", got, tc.contentType)
			}
			if got := strings.ReplaceAll(answer.Body.String(), answer.Header().Get("X-Amzn-Requestid"), "ID"); got != tc.body {
				t.Errorf("body = %q\nwant   %q", got, tc.body)
			}
		})
	}
}

// posted is a POST without a body.
func posted(service, target string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, nil)
	r.Header.Set("Authorization", authorization(service))
	return r
}

// confirmService answers ConfirmSubscription to everybody and DeleteTopic to the signed; it keeps the call.
func confirmService(call *awsapi.Call) awsapi.Service {
	return awsapi.Service{Model: sns.Model(), Ops: []wire.Operation{
		wire.Op(func(ctx context.Context, in *sns.ConfirmSubscriptionInput) (*sns.ConfirmSubscriptionOutput, error) {
			*call = awsapi.CallFrom(ctx)
			return &sns.ConfirmSubscriptionOutput{SubscriptionArn: in.TopicArn}, nil
		}).Unsigned(),
		wire.Op(func(ctx context.Context, _ *sns.DeleteTopicInput) (*sns.DeleteTopicOutput, error) {
			*call = awsapi.CallFrom(ctx)
			return nil, nil
		}),
	}}
}

func TestUnsignedOperations(t *testing.T) {
	const confirm = "/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:t&Token=abc"
	for _, tc := range []struct {
		name    string
		request *http.Request
		status  int
		signed  bool
	}{
		{"GET with version", httptest.NewRequest(http.MethodGet, confirm+"&Version=2010-03-31", nil), 200, false},
		{"GET as in AWS's SubscribeURL", httptest.NewRequest(http.MethodGet, confirm, nil), 200, false},
		{"POST", unsigned(queryRequest("sns", "Action=ConfirmSubscription&Version=2010-03-31&TopicArn=x&Token=y")), 200, false},
		{"signed all the same", queryRequest("sns", "Action=ConfirmSubscription&Version=2010-03-31&TopicArn=x&Token=y"), 200, true},
		{"an operation that is not open", httptest.NewRequest(http.MethodGet, "/?Action=DeleteTopic&Version=2010-03-31&TopicArn=x", nil), 403, false},
		{"a signature that cannot be read", httptest.NewRequest(http.MethodGet, confirm+"&Version=2010-03-31&X-Amz-Signature=00", nil), 403, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var call awsapi.Call
			h := handler(t, awsapi.Options{Services: []awsapi.Service{confirmService(&call)}, Account: "999999999999", Region: "eu-north-1"})
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, tc.request)
			if answer.Code != tc.status {
				t.Fatalf("status = %d %s, want %d", answer.Code, answer.Body, tc.status)
			}
			if tc.status == 200 && call.Signed() != tc.signed {
				t.Errorf("Signed() = %v, want %v", call.Signed(), tc.signed)
			}
		})
	}
}

func TestCall(t *testing.T) {
	var call awsapi.Call
	h := handler(t, awsapi.Options{Services: []awsapi.Service{confirmService(&call)}, Region: "us-east-1"})
	r := queryRequest("sns", "Action=DeleteTopic&Version=2010-03-31&TopicArn=x")
	r.RemoteAddr, r.Header = "192.0.2.7:999", r.Header.Clone()
	r.Header.Set("User-Agent", "aws-cli/1.45")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	want := awsapi.Call{
		Caller:    access.Caller{Account: "123456789012", ARN: "arn:aws:iam::123456789012:root", UserID: "123456789012", AccessKeyID: "AKIAEXAMPLE", Root: true},
		Scope:     arn.Scope{Partition: "aws", Account: "123456789012", Region: "eu-west-1"},
		RequestID: answer.Header().Get("X-Amzn-Requestid"),
		SourceIP:  "192.0.2.7",
		UserAgent: "aws-cli/1.45",
	}
	if call != want {
		t.Errorf("CallFrom = %+v, want %+v", call, want)
	}
}

// journal is an Observer.
type journal []awsapi.Observation

func (j *journal) Observe(o awsapi.Observation) { *j = append(*j, o) }

// denying is an Authorizer that knows one allowed action.
type denying string

func (d denying) Authorize(_ context.Context, call awsapi.Call, a awsapi.Action) error {
	if a.Name == string(d) {
		return nil
	}
	return &awsapi.AuthError{Code: wire.AccessDenied, Message: "User: " + call.Caller.ARN + " is not authorized to perform: " + a.Name}
}

func TestObserver(t *testing.T) {
	for _, tc := range []struct {
		name    string
		request *http.Request
		err     error
		want    string // service operation status code
	}{
		{"success", logsRequest("CreateLogGroup", `{"logGroupName":"g"}`), nil, "logs logs.amazonaws.com CreateLogGroup 200 "},
		{"failure", logsRequest("CreateLogGroup", `{"logGroupName":"g"}`), errors.New("x"), "logs logs.amazonaws.com CreateLogGroup 500 InternalFailure"},
		{"denied", logsRequest("DeleteLogGroup", `{"logGroupName":"g"}`), nil, "logs logs.amazonaws.com DeleteLogGroup 400 AccessDenied"},
		{"out of scope", logsRequest("StartQuery", `{}`), nil, "logs logs.amazonaws.com StartQuery 400 InvalidAction"},
		{"invented", logsRequest("Frobnicate", `{}`), nil, "logs logs.amazonaws.com unknown 400 InvalidAction"},
		{"invented service", queryRequest("nope", "Action=ListTopics"), nil, "unknown  unknown 400 InvalidAction"},
		{"malformed", logsRequest("CreateLogGroup", `{`), nil, "logs logs.amazonaws.com CreateLogGroup 400 MalformedInput"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var j journal
			h := handler(t, awsapi.Options{Services: everyEcho(&echo{err: tc.err}), Observer: &j, Authorizer: denying("logs:CreateLogGroup")})
			h.ServeHTTP(httptest.NewRecorder(), tc.request)
			if len(j) != 1 {
				t.Fatalf("%d observations, want 1", len(j))
			}
			if j[0].Call.SourceIP != "192.0.2.1" || j[0].Call.RequestID == "" {
				t.Errorf("observed call %+v, want the address and request id of refused calls too", j[0].Call)
			}
			got := strings.Join([]string{j[0].Service, j[0].EventSource, j[0].Operation, http.StatusText(j[0].Status), j[0].Code}, " ")
			want := strings.NewReplacer("200", "OK", "400", "Bad Request", "500", "Internal Server Error").Replace(tc.want)
			if got != want {
				t.Errorf("observed %q, want %q", got, want)
			}
		})
	}
}

func TestNewRefusesWrongTables(t *testing.T) {
	type PutMetricAlarmInput struct{ AlarmName *int64 }
	for _, tc := range []struct {
		name string
		op   wire.Operation
		want string
	}{
		{"unknown", wire.Op(func(context.Context, *sns.PublishInput) (*sns.PublishOutput, error) { return nil, nil }), "bind logs operation Publish: the model does not have it"},
		{"another type", wire.Op(func(context.Context, *logs.PutLogEventsInput) (*sns.PublishOutput, error) { return nil, nil }), "no field"},
		{"another kind", wire.Op(func(context.Context, *PutMetricAlarmInput) (*sns.PublishOutput, error) { return nil, nil }), "cannot be held by int64"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			model := logs.Model()
			if tc.op.Name == "PutMetricAlarm" {
				model = cloudwatch.Model()
			}
			_, err := awsapi.New(awsapi.Options{Authenticator: trusting{}, Services: []awsapi.Service{{Model: model, Ops: []wire.Operation{tc.op}}}})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("New = %v, want an error with %q", err, tc.want)
			}
		})
	}
}
