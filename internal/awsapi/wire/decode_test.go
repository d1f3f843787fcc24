package wire_test

import (
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

func TestDecodeJSON(t *testing.T) {
	getEvents := endpoint[logs.GetLogEventsInput, logs.GetLogEventsOutput](t, logs.Model())
	putAlarm := endpoint[cloudwatch.PutMetricAlarmInput, cloudwatch.PutMetricAlarmOutput](t, cloudwatch.Model())
	putData := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](t, cloudwatch.Model())
	datum := func(d cloudwatch.MetricDatum) any {
		d.MetricName = new("m")
		return &cloudwatch.PutMetricDataInput{Namespace: new("N"), MetricData: []cloudwatch.MetricDatum{d}}
	}
	const data = `{"Namespace":"N","MetricData":[{"MetricName":"m",`
	for _, tc := range []struct {
		name     string
		endpoint *wire.Endpoint
		body     string
		want     any // nil: malformed
	}{
		{"a long above 2^53", getEvents, `{"logStreamName":"s","endTime":9223372036854775807}`, &logs.GetLogEventsInput{LogStreamName: new("s"), EndTime: new(int64(math.MaxInt64))}},
		{"a long written as a float", getEvents, `{"logStreamName":"s","endTime":1.5e3}`, &logs.GetLogEventsInput{LogStreamName: new("s"), EndTime: new(int64(1500))}},
		{"a long that is too long", getEvents, `{"logStreamName":"s","endTime":9223372036854775808}`, nil},
		{"an integer of 33 bits", getEvents, `{"logStreamName":"s","limit":4294967297}`, nil},
		{"nulls and unknown members", getEvents, `{"logStreamName":"s","limit":null,"x":{"y":[1,null]}}`, &logs.GetLogEventsInput{LogStreamName: new("s")}},
		{"escapes", getEvents, `{"logStreamName":"\u00e9\ud83d\ude00\n"}`, &logs.GetLogEventsInput{LogStreamName: new("é😀\n")}},
		{"an empty list is not an absent one", putAlarm, `{"AlarmName":"a","AlarmActions":[]}`, &cloudwatch.PutMetricAlarmInput{AlarmName: new("a"), AlarmActions: []string{}}},
		{"a double written as an integer", putData, data + `"Value":2}]}`, datum(cloudwatch.MetricDatum{Value: new(2.0)})},
		{"infinity", putData, data + `"Value":"-Infinity"}]}`, datum(cloudwatch.MetricDatum{Value: new(math.Inf(-1))})},
		{"a time with decimals", putData, data + `"Timestamp":1795182432.6894}]}`, datum(cloudwatch.MetricDatum{Timestamp: new(time.UnixMilli(1795182432689).UTC())})},
		{"a time before 1970", putData, data + `"Timestamp":-1.5}]}`, datum(cloudwatch.MetricDatum{Timestamp: new(time.UnixMilli(-1500).UTC())})},
		{"an unset union member", putAlarm, `{"AlarmName":"a","EvaluationCriteria":{}}`, nil},
		{"nothing at all where nothing is required", endpoint[logs.DescribeLogGroupsInput, logs.DescribeLogGroupsOutput](t, logs.Model()), "", &logs.DescribeLogGroupsInput{}},
		{"not an object", getEvents, `[]`, nil},
		{"null", getEvents, `null`, nil},
		{"two values", getEvents, `{"logStreamName":"s"}{}`, nil},
		{"cut off", getEvents, `{"logStreamName":"s`, nil},
		{"too deep", getEvents, `{"logStreamName":"s","x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, nil},
		{"deep only inside a string", getEvents, `{"logStreamName":"` + strings.Repeat("[", 65) + `\""}`, &logs.GetLogEventsInput{LogStreamName: new(strings.Repeat("[", 65) + `"`)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			checkDecode(t, tc.endpoint, wire.Request{Protocol: wire.JSON10, Body: []byte(tc.body)}, tc.want)
		})
	}
}

// checkDecode compares a decoded request; a want of nil is a malformed one.
func checkDecode(t *testing.T, e *wire.Endpoint, r wire.Request, want any) {
	t.Helper()
	got, err := e.Decode(r)
	var refused *wire.Error
	switch {
	case want == nil && (!errors.As(err, &refused) || refused.Shape != wire.MalformedInput):
		t.Errorf("Decode = %+v, %v, want MalformedInput", got, err)
	case want != nil && err != nil:
		t.Errorf("Decode = %v, want %+v", err, want)
	case want != nil && !reflect.DeepEqual(got, want):
		t.Errorf("Decode = %+v, want %+v", got, want)
	}
}

func TestDecodeForm(t *testing.T) {
	publish := endpoint[sns.PublishInput, sns.PublishOutput](t, sns.Model())
	subscribe := endpoint[sns.SubscribeInput, sns.SubscribeOutput](t, sns.Model())
	putAlarm := endpoint[cloudwatch.PutMetricAlarmInput, cloudwatch.PutMetricAlarmOutput](t, cloudwatch.Model())
	putData := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](t, cloudwatch.Model())
	for _, tc := range []struct {
		name     string
		endpoint *wire.Endpoint
		form     string
		want     any
	}{
		{"order is numeric, gaps close", putAlarm, "AlarmName=a&AlarmActions.member.10=c&AlarmActions.member.2=b&AlarmActions.member.1=a",
			&cloudwatch.PutMetricAlarmInput{AlarmName: new("a"), AlarmActions: []string{"a", "b", "c"}}},
		{"empty list", putAlarm, "AlarmName=a&OKActions=", &cloudwatch.PutMetricAlarmInput{AlarmName: new("a"), OKActions: []string{}}},
		{"keys that sort between those of a list", putAlarm, "AlarmName=a&AlarmActions.member.1=a&AlarmActions-x=1&AlarmActionsX=2",
			&cloudwatch.PutMetricAlarmInput{AlarmName: new("a"), AlarmActions: []string{"a"}}},
		{"numbers, booleans", putAlarm, "AlarmName=a&Threshold=1&ActionsEnabled=True&Period=60",
			&cloudwatch.PutMetricAlarmInput{AlarmName: new("a"), Threshold: new(1.0), ActionsEnabled: new(true), Period: new(int32(60))}},
		{"of a twice-given parameter the first", putAlarm, "AlarmName=a&AlarmName=b", &cloudwatch.PutMetricAlarmInput{AlarmName: new("a")}},
		{"structures in lists in structures", putData, "Namespace=N&MetricData.member.1.MetricName=m&MetricData.member.1.Dimensions.member.1.Name=n&MetricData.member.1.Dimensions.member.1.Value=v&MetricData.member.1.Values.member.1=1.5",
			&cloudwatch.PutMetricDataInput{Namespace: new("N"), MetricData: []cloudwatch.MetricDatum{{MetricName: new("m"), Dimensions: []cloudwatch.Dimension{{Name: new("n"), Value: new("v")}}, Values: []float64{1.5}}}}},
		{"map with names of its own", publish, "Message=m&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=Binary&MessageAttributes.entry.1.Value.BinaryValue=AAE%3D",
			&sns.PublishInput{Message: new("m"), MessageAttributes: map[string]sns.MessageAttributeValue{"k": {DataType: new("Binary"), BinaryValue: []byte{0, 1}}}}},
		{"map", subscribe, "TopicArn=t&Protocol=sqs&Attributes.entry.1.key=k&Attributes.entry.1.value=", &sns.SubscribeInput{TopicArn: new("t"), Protocol: new("sqs"), Attributes: map[string]string{"k": ""}}},
		{"plus, percent, bytes that are not UTF-8", publish, "Message=a+b%2Bc%ff", &sns.PublishInput{Message: new("a b+c\uFFFD")}},
		{"map entry without a key", subscribe, "TopicArn=t&Protocol=sqs&Attributes.entry.1.value=v", nil},
		{"text where a list is", putAlarm, "AlarmName=a&AlarmActions=x", nil},
		{"no member", putAlarm, "AlarmName=a&Dimensions.Name=x", nil},
		{"no number", putAlarm, "AlarmName=a&AlarmActions.member.x=x", nil},
		{"structure where text is", putAlarm, "AlarmName.x=a", nil},
		{"an integer with decimals", putAlarm, "AlarmName=a&Period=60.5", nil},
		{"a hexadecimal double", putAlarm, "AlarmName=a&Threshold=0x1p4", nil},
		{"an epoch time", putData, "Namespace=N&MetricData.member.1.MetricName=m&MetricData.member.1.Timestamp=1795182432", nil},
		{"not base64", publish, "Message=m&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=B&MessageAttributes.entry.1.Value.BinaryValue=***", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			form, err := wire.ParseForm(tc.form)
			if err != nil {
				t.Fatal(err)
			}
			checkDecode(t, tc.endpoint, wire.Request{Protocol: wire.Query, Form: form}, tc.want)
		})
	}
}

func TestDecodeFormTimes(t *testing.T) {
	e := endpoint[cloudwatch.DescribeAlarmHistoryInput, cloudwatch.DescribeAlarmHistoryOutput](t, cloudwatch.Model())
	for text, want := range map[string]time.Time{
		"2026-11-20T13:47:12Z":        time.Date(2026, 11, 20, 13, 47, 12, 0, time.UTC),
		"2026-11-20T13:47:12.920771Z": time.Date(2026, 11, 20, 13, 47, 12, 920e6, time.UTC),
		"2026-11-20T14:47:12%2B01:00": time.Date(2026, 11, 20, 13, 47, 12, 0, time.UTC),
		"2026-11-20T13:47:12":         time.Date(2026, 11, 20, 13, 47, 12, 0, time.UTC),
		"2026-11-20T13:47Z":           time.Date(2026, 11, 20, 13, 47, 0, 0, time.UTC),
		"2026-11-20":                  time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
	} {
		form, err := wire.ParseForm("StartDate=" + text)
		if err != nil {
			t.Fatal(err)
		}
		checkDecode(t, e, wire.Request{Protocol: wire.Query, Form: form}, &cloudwatch.DescribeAlarmHistoryInput{StartDate: &want})
	}
}

func TestDecodeCBOR(t *testing.T) {
	putData := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](t, cloudwatch.Model())
	datum := func(d cloudwatch.MetricDatum) any {
		d.MetricName = new("m")
		return &cloudwatch.PutMetricDataInput{Namespace: new("N"), MetricData: []cloudwatch.MetricDatum{d}}
	}
	// head is {_ "Namespace": "N", "MetricData": [_ {_ "MetricName": "m", ... with indefinite lengths.
	const head, tail = "bf694e616d657370616365614e6a4d6574726963446174619fbf6a4d65747269634e616d65616d", "ffffff"
	const value, timestamp, resolution = "6556616c7565", "6954696d657374616d70", "7153746f726167655265736f6c7574696f6e"
	for _, tc := range []struct {
		name string
		hex  string
		want any
	}{
		{"double", head + value + "fb4004000000000000" + tail, datum(cloudwatch.MetricDatum{Value: new(2.5)})},
		{"half float", head + value + "f94100" + tail, datum(cloudwatch.MetricDatum{Value: new(2.5)})},
		{"single float", head + value + "fa40200000" + tail, datum(cloudwatch.MetricDatum{Value: new(2.5)})},
		{"integer for double", head + value + "21" + tail, datum(cloudwatch.MetricDatum{Value: new(-2.0)})},
		{"double for integer", head + resolution + "f95380" + tail, datum(cloudwatch.MetricDatum{StorageResolution: new(int32(60))})},
		{"time as double", head + timestamp + "c1fb41dac013d82c1893" + tail, datum(cloudwatch.MetricDatum{Timestamp: new(time.UnixMilli(1795182432689).UTC())})},
		{"time as integer", head + timestamp + "c11a6b004f60" + tail, datum(cloudwatch.MetricDatum{Timestamp: new(time.Unix(1795182432, 0).UTC())})},
		{"time without tag", head + timestamp + "1a6b004f60" + tail, datum(cloudwatch.MetricDatum{Timestamp: new(time.Unix(1795182432, 0).UTC())})},
		{"null", head + value + "f6" + tail, datum(cloudwatch.MetricDatum{})},
		{"undefined", head + value + "f7" + tail, datum(cloudwatch.MetricDatum{})},
		{"fraction for integer", head + resolution + "f94100" + tail, nil},
		{"text for double", head + value + "6131" + tail, nil},
		{"huge integer", head + resolution + "1bffffffffffffffff" + tail, nil},
		{"a time that is not a number", head + timestamp + "c1f97e00" + tail, nil},
		{"a list that promises too much", "a16a4d657472696344617461" + "9affffffff", nil},
		{"a key that is not text", "a10102", nil},
		{"not a map", "80", nil},
		{"something behind", "a0a0", nil},
		{"too deep", "a16178" + strings.Repeat("81", 70) + "80", nil},
		{"text that is not UTF-8", "a1694e616d65737061636561ff", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body, err := hex.DecodeString(tc.hex)
			if err != nil {
				t.Fatal(err)
			}
			checkDecode(t, putData, wire.Request{Protocol: wire.CBOR, Body: body}, tc.want)
		})
	}
}
