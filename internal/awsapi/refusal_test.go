package awsapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

func authorization(service string) string {
	return "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261120/eu-west-1/" + service + "/aws4_request, SignedHeaders=host, Signature=00"
}

func jsonRequest(service, contentType, target, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Authorization", authorization(service))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Amz-Target", target)
	return r
}

func logsRequest(operation, body string) *http.Request {
	return jsonRequest("logs", "application/x-amz-json-1.1", "Logs_20140328."+operation, body)
}

func cloudwatchRequest(operation, body string) *http.Request {
	r := jsonRequest("monitoring", "application/x-amz-json-1.0", "GraniteServiceVersion20100801."+operation, body)
	r.Header.Set("X-Amzn-Query-Mode", "true")
	return r
}

func cborRequest(operation, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/service/GraniteServiceVersion20100801/operation/"+operation, strings.NewReader(body))
	r.Header.Set("Authorization", authorization("monitoring"))
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	r.Header.Set("X-Amzn-Query-Mode", "true")
	return r
}

func queryRequest(service, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Authorization", authorization(service))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func unsigned(r *http.Request) *http.Request {
	r.Header.Del("Authorization")
	return r
}

func gzipped(r *http.Request, body []byte) *http.Request {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body)
	_ = z.Close()
	out := httptest.NewRequest(r.Method, r.RequestURI, &b)
	out.Header = r.Header
	out.Header.Set("Content-Encoding", "gzip")
	return out
}

// requestID stands for the only part of an answer that differs from run to run.
var requestID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)

func TestRefusals(t *testing.T) {
	const xmlError = `<ErrorResponse xmlns="%s"><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>ID</RequestId></ErrorResponse>`
	const snsNamespace, cloudwatchNamespace = "http://sns.amazonaws.com/doc/2010-03-31/", "http://monitoring.amazonaws.com/doc/2010-08-01/"
	putAlarm := `{"AlarmName":"a","EvaluationPeriods":1,"ComparisonOperator":"GreaterThanThreshold"}`
	for _, tc := range []struct {
		name      string
		request   *http.Request
		err       error // of the operation
		status    int
		errorType string
		query     string // x-amzn-query-error
		body      string
	}{
		{
			name: "logs: a shape of the model", request: logsRequest("CreateLogGroup", `{"logGroupName":"g"}`),
			err:    &logs.ResourceAlreadyExistsException{Message: "The specified log group already exists"},
			status: 400, errorType: "ResourceAlreadyExistsException",
			body: `{"__type":"ResourceAlreadyExistsException","message":"The specified log group already exists"}`,
		},
		{
			name: "logs: an error with more members", request: logsRequest("PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`),
			err:    &logs.InvalidSequenceTokenException{Message: "no", ExpectedSequenceToken: new("7")},
			status: 400, errorType: "InvalidSequenceTokenException",
			body: `{"__type":"InvalidSequenceTokenException","message":"no","expectedSequenceToken":"7"}`,
		},
		{
			name: "logs: a constraint", request: logsRequest("GetLogEvents", `{"logStreamName":"s","limit":10001}`),
			status: 400, errorType: "InvalidParameterException",
			body: `{"__type":"InvalidParameterException","message":"1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"}`,
		},
		{
			name: "logs: a wrong type", request: logsRequest("GetLogEvents", `{"logStreamName":5}`),
			status: 400, errorType: "com.amazon.coral.service#SerializationException",
			body: `{"__type":"com.amazon.coral.service#SerializationException","message":"NUMBER_VALUE cannot be converted to String"}`,
		},
		{
			name: "logs: wrong type before violated constraint", request: logsRequest("GetLogEvents", `{"limit":10001,"logStreamName":[]}`),
			status: 400, errorType: "com.amazon.coral.service#SerializationException",
			body: `{"__type":"com.amazon.coral.service#SerializationException","message":"Start of list found where not expected"}`,
		},
		{
			name: "logs: no such operation", request: logsRequest("Frobnicate", `{}`),
			status: 400, errorType: "com.amazon.coral.service#UnknownOperationException",
			body: `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Could not find operation Frobnicate for version 2014-03-28"}`,
		},
		{
			name: "logs: an operation of AWS that is out of scope", request: logsRequest("StartQuery", `{}`),
			status: 400, errorType: "com.amazon.coral.service#UnknownOperationException",
			body: `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Tocsin does not implement logs:StartQuery"}`,
		},
		{
			name: "logs: unsigned", request: unsigned(logsRequest("CreateLogGroup", `{"logGroupName":"g"}`)),
			status: 400, errorType: "MissingAuthenticationTokenException",
			body: `{"__type":"MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}`,
		},
		{
			name: "logs: one of our own errors", request: logsRequest("CreateLogGroup", `{"logGroupName":"g"}`), err: errors.New("disk /secret is full"),
			status: 500, errorType: "InternalFailure",
			body: `{"__type":"InternalFailure","message":"We encountered an internal error. Please try again."}`,
		},
		{
			name: "logs: denied", request: logsRequest("CreateLogGroup", `{"logGroupName":"g"}`), err: &awsapi.AuthError{Code: wire.AccessDenied, Message: "no"},
			status: 400, errorType: "AccessDeniedException", body: `{"__type":"AccessDeniedException","message":"no"}`,
		},
		{
			name: "cloudwatch json: a shape of the model", request: cloudwatchRequest("PutMetricAlarm", putAlarm),
			err:    &cloudwatch.ResourceNotFound{},
			status: 404, errorType: "com.amazonaws.cloudwatch.v2010_08_01#ResourceNotFound", query: "ResourceNotFound;Sender",
			body: `{"__type":"com.amazonaws.cloudwatch.v2010_08_01#ResourceNotFound","message":""}`,
		},
		{
			name: "cloudwatch json: a code unlike its shape", request: cloudwatchRequest("PutMetricAlarm", putAlarm),
			err:    &cloudwatch.InvalidParameterCombinationException{Message: "m"},
			status: 400, errorType: "com.amazonaws.cloudwatch.v2010_08_01#InvalidParameterCombinationException", query: "InvalidParameterCombination;Sender",
			body: `{"__type":"com.amazonaws.cloudwatch.v2010_08_01#InvalidParameterCombinationException","message":"m"}`,
		},
		{
			name: "cloudwatch json: a fault of ours", request: cloudwatchRequest("PutMetricAlarm", putAlarm),
			err:    &cloudwatch.InternalServiceFault{Message: "m"},
			status: 500, errorType: "com.amazonaws.cloudwatch.v2010_08_01#InternalServiceFault", query: "InternalServiceError;Receiver",
			body: `{"__type":"com.amazonaws.cloudwatch.v2010_08_01#InternalServiceFault","Message":"m"}`,
		},
		{
			name: "cloudwatch json: an enum", request: cloudwatchRequest("SetAlarmState", `{"AlarmName":"a","StateReason":"r","StateValue":"INVALID"}`),
			status: 400, errorType: "com.amazon.coral.validate#ValidationException", query: "ValidationError;Sender",
			body: `{"__type":"com.amazon.coral.validate#ValidationException","message":"1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"}`,
		},
		{
			name: "cloudwatch query: an enum", request: queryRequest("monitoring", "Action=SetAlarmState&Version=2010-08-01&AlarmName=a&StateReason=r&StateValue=INVALID"),
			status: 400,
			body: fmt.Sprintf(xmlError, cloudwatchNamespace, "Sender", "ValidationError",
				"1 validation error detected: Value &#39;INVALID&#39; at &#39;stateValue&#39; failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"),
		},
		{
			name: "cloudwatch query: a wrong type", request: queryRequest("monitoring", "Action=DescribeAlarms&Version=2010-08-01&MaxRecords=many"),
			status: 400, body: fmt.Sprintf(xmlError, cloudwatchNamespace, "Sender", "MalformedInput", "STRING_VALUE cannot be converted to Integer"),
		},
		{
			name: "cloudwatch cbor: a shape of the model", request: cborRequest("DescribeAlarms", "\xa0"), err: &cloudwatch.InvalidNextToken{Message: "m"},
			status: 400, errorType: "com.amazonaws.cloudwatch.v2010_08_01#InvalidNextToken", query: "InvalidNextToken;Sender",
			body: "\xa2\x66__type\x78\x35com.amazonaws.cloudwatch.v2010_08_01#InvalidNextToken\x67message\x61m",
		},
		{
			name: "cloudwatch cbor: not cbor", request: cborRequest("DescribeAlarms", "\xff"),
			status: 400, errorType: "com.amazon.coral.service#SerializationException", query: "MalformedInput;Sender",
			body: "\xa2\x66__type\x78\x2fcom.amazon.coral.service#SerializationException\x67message\x78\x32Request is not CBOR: cbor: unexpected \"break\" code",
		},
		{
			name: "sns: a code unlike its shape", request: queryRequest("sns", "Action=GetTopicAttributes&Version=2010-03-31&TopicArn=x"),
			err:    &sns.NotFoundException{Message: "Topic does not exist"},
			status: 404, body: fmt.Sprintf(xmlError, snsNamespace, "Sender", "NotFound", "Topic does not exist"),
		},
		{
			name:    "sns: null in a map of structures",
			request: queryRequest("sns", "Action=Publish&Version=2010-03-31&Message=m&MessageAttributes.entry.1.Name=attr1&MessageAttributes.entry.1.Value.StringValue=v"),
			status:  400,
			body: fmt.Sprintf(xmlError, snsNamespace, "Sender", "ValidationError",
				"1 validation error detected: Value null at &#39;messageAttributes.attr1.member.dataType&#39; failed to satisfy constraint: Member must not be null"),
		},
		{
			name: "sns: unknown action", request: queryRequest("sns", "Action=Frobnicate&Version=2010-03-31"),
			status: 400, body: fmt.Sprintf(xmlError, snsNamespace, "Sender", "InvalidAction", "Could not find operation Frobnicate for version 2010-03-31"),
		},
		{
			name: "sns: other version", request: queryRequest("sns", "Action=ListTopics&Version=2010-08-01"),
			status: 400, body: fmt.Sprintf(xmlError, snsNamespace, "Sender", "InvalidAction", "Could not find operation ListTopics for version 2010-08-01"),
		},
		{
			name: "sns: no action", request: queryRequest("sns", ""),
			status: 400, body: fmt.Sprintf(xmlError, snsNamespace, "Sender", "MissingAction", "The request is missing an action or a required parameter."),
		},
		{
			name: "logs: no target", request: jsonRequest("logs", "application/x-amz-json-1.1", "", "{}"),
			status: 400, errorType: "com.amazon.coral.service#UnknownOperationException",
			body: `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Could not find operation  for version 2014-03-28"}`,
		},
		{
			name: "sns: unsigned", request: unsigned(queryRequest("sns", "Action=ListTopics&Version=2010-03-31")),
			status: 403, body: fmt.Sprintf(xmlError, snsNamespace, "Sender", "MissingAuthenticationToken", "Request is missing Authentication Token"),
		},
		{
			name: "sns: not percent-encoded", request: queryRequest("sns", "Action=%zz"),
			status: 400, body: fmt.Sprintf(xmlError, "http://webservices.amazon.com/AWSFault/2005-15-09", "Sender", "MalformedInput", "Parameter is not percent-encoded: invalid URL escape &#34;%zz&#34;"),
		},
		{
			name: "a service that nobody knows", request: queryRequest("ec2", "Action=RunInstances&Version=2016-11-15"),
			status: 400, body: fmt.Sprintf(xmlError, "http://webservices.amazon.com/AWSFault/2005-15-09", "Sender", "InvalidAction", "Could not find operation RunInstances for version 2016-11-15"),
		},
		{
			name: "signed for one service, addressed to another", request: jsonRequest("sns", "application/x-amz-json-1.1", "Logs_20140328.CreateLogGroup", "{}"),
			status: 400, errorType: "com.amazon.coral.service#UnknownOperationException",
			body: `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Could not find operation CreateLogGroup for version 2010-03-31"}`,
		},
		{
			name: "a body that grows too much", request: gzipped(logsRequest("CreateLogGroup", ""), make([]byte, 1<<20)),
			status: 413, errorType: "RequestEntityTooLargeException",
			body: `{"__type":"RequestEntityTooLargeException","message":"Request must be smaller than 65536 bytes"}`,
		},
		{
			name: "a body that is too large", request: logsRequest("CreateLogGroup", strings.Repeat(" ", 1<<17)),
			status: 413, errorType: "RequestEntityTooLargeException",
			body: `{"__type":"RequestEntityTooLargeException","message":"Request must be smaller than 65536 bytes"}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := handler(t, awsapi.Options{Services: everyEcho(&echo{err: tc.err}), MaxBody: 1 << 16})
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, tc.request)
			id := answer.Header().Get("X-Amzn-Requestid")
			if !requestID.MatchString(id) {
				t.Errorf("x-amzn-RequestId = %q, want a UUID", id)
			}
			if answer.Code != tc.status {
				t.Errorf("status = %d, want %d", answer.Code, tc.status)
			}
			if got := answer.Header().Get("X-Amzn-Errortype"); got != tc.errorType {
				t.Errorf("x-amzn-ErrorType = %q, want %q", got, tc.errorType)
			}
			if got := answer.Header().Get("X-Amzn-Query-Error"); got != tc.query {
				t.Errorf("x-amzn-query-error = %q, want %q", got, tc.query)
			}
			if got := strings.ReplaceAll(answer.Body.String(), id, "ID"); got != tc.body {
				t.Errorf("body = %q\nwant   %q", got, tc.body)
			}
		})
	}
}

func TestPanicIsInternalFailure(t *testing.T) {
	var journal bytes.Buffer
	service := awsapi.Service{Model: logs.Model(), Ops: []wire.Operation{
		wire.Op(func(context.Context, *logs.CreateLogGroupInput) (*logs.CreateLogGroupOutput, error) { panic("oh") }),
	}}
	h := handler(t, awsapi.Options{Services: []awsapi.Service{service}, Logger: slog.New(slog.NewTextHandler(&journal, nil))})
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, logsRequest("CreateLogGroup", `{"logGroupName":"g"}`))
	if answer.Code != 500 || strings.Contains(answer.Body.String(), "oh") {
		t.Errorf("answer = %d %s, want 500 without the panic's text", answer.Code, answer.Body)
	}
	if !strings.Contains(journal.String(), "panic: oh") || !strings.Contains(journal.String(), answer.Header().Get("X-Amzn-Requestid")) {
		t.Errorf("log = %s, want the panic and the request id", journal.String())
	}
}
