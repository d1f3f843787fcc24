package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// putLogEventsBody is a batch of CloudTrail-like events.
func putLogEventsBody(events int) []byte {
	type event struct {
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	}
	const record = `{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::123456789012:user/alice"},` +
		`"eventTime":"2026-11-20T13:47:12Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.%d",` +
		`"userAgent":"aws-cli/2.15","errorCode":"AccessDenied","errorMessage":"Access Denied","requestParameters":{"bucketName":"b","key":"k"},"responseElements":null}`
	batch := make([]event, events)
	for i := range batch {
		batch[i] = event{1795182432000 + int64(i), fmt.Sprintf(record, i%250)}
	}
	body, _ := json.Marshal(map[string]any{"logGroupName": "/cloudtrail/main", "logStreamName": "s", "logEvents": batch})
	return body
}

func BenchmarkPutLogEvents(b *testing.B) {
	e := endpoint[logs.PutLogEventsInput, logs.PutLogEventsOutput](b, logs.Model())
	body := putLogEventsBody(1000)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Decode(wire.Request{Protocol: wire.JSON11, Body: body}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPutMetricDataJSON(b *testing.B) {
	e := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](b, cloudwatch.Model())
	datum := `{"MetricName":"Latency","Dimensions":[{"Name":"Service","Value":"api"}],"Timestamp":1795182432,"Value":12.5,"Unit":"Milliseconds"}`
	body := []byte(`{"Namespace":"N","MetricData":[` + datum + string(bytes.Repeat([]byte(","+datum), 999)) + `]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Decode(wire.Request{Protocol: wire.JSON10, Body: body}); err != nil {
			b.Fatal(err)
		}
	}
}
