package wire_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// decodeAll decodes with several endpoints. Whatever comes, an error must be one that clients understand.
func decodeAll(t *testing.T, r wire.Request, endpoints ...*wire.Endpoint) {
	t.Helper()
	for _, e := range endpoints {
		in, err := e.Decode(r)
		var refused *wire.Error
		var invalid *wire.ValidationError
		if err != nil && !errors.As(err, &refused) && !errors.As(err, &invalid) {
			t.Errorf("%s: Decode = %v, want an Error or a ValidationError", e.Name, err)
		}
		if err == nil && in == nil {
			t.Errorf("%s: Decode = nil, nil", e.Name)
		}
	}
}

func FuzzJSON(f *testing.F) {
	putData := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](f, cloudwatch.Model())
	putAlarm := endpoint[cloudwatch.PutMetricAlarmInput, cloudwatch.PutMetricAlarmOutput](f, cloudwatch.Model())
	putEvents := endpoint[logs.PutLogEventsInput, logs.PutLogEventsOutput](f, logs.Model())
	putFilter := endpoint[logs.PutMetricFilterInput, logs.PutMetricFilterOutput](f, logs.Model())
	for _, seed := range []string{
		``, `{}`, `null`, `[[[[`, `{"a":`, `{"AlarmName":"a","Threshold":"NaN","Metrics":[{"Id":"m","ReturnData":true}]}`,
		`{"Namespace":"N","MetricData":[{"MetricName":"m","Timestamp":1.5e9,"Values":[1,2.5],"Dimensions":[{"Name":"a","Value":"b"}]}]}`,
		`{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1795182813262,"message":"{\"errorCode\":\"AccessDenied\"}"}]}`,
		`{"filterName":"f","filterPattern":"","logGroupName":"g","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1","dimensions":{"a":"$.b"},"defaultValue":0}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		decodeAll(t, wire.Request{Protocol: wire.JSON11, Body: body}, putData, putAlarm, putEvents, putFilter)
	})
}

func FuzzForm(f *testing.F) {
	publish := endpoint[sns.PublishInput, sns.PublishOutput](f, sns.Model())
	batch := endpoint[sns.PublishBatchInput, sns.PublishBatchOutput](f, sns.Model())
	putData := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](f, cloudwatch.Model())
	for _, seed := range []string{
		"", "&&=", "%", "A=B", "Namespace=N&MetricData.member.1.Dimensions.member.1.Name=n&MetricData.member.1.Values.member.2=1.5",
		"Message=hi&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=Binary&MessageAttributes.entry.1.Value.BinaryValue=AAE%3D",
		"TopicArn=t&PublishBatchRequestEntries.member.1.Id=1&PublishBatchRequestEntries.member.1.Message=m&PublishBatchRequestEntries.member..=m",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, err := wire.ParseForm(text)
		if err == nil {
			decodeAll(t, wire.Request{Protocol: wire.Query, Form: form}, publish, batch, putData)
		}
	})
}

func FuzzCBOR(f *testing.F) {
	putData := endpoint[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput](f, cloudwatch.Model())
	putAlarm := endpoint[cloudwatch.PutMetricAlarmInput, cloudwatch.PutMetricAlarmOutput](f, cloudwatch.Model())
	for _, seed := range []string{
		"", "a0", "bfff", "f6", "9b7fffffffffffffff", "c1f97e00",
		"bf69416c61726d4e616d6568676f2d616c61726d72436f6d70617269736f6e4f70657261746f72781d477265617465725468616e4f72457175616c546f5468726573686f6c64" +
			"714576616c756174696f6e506572696f6473016a4d65747269634e616d65616d694e616d657370616365614e66506572696f6419012c695374617469737469636353756d695468726573686f6c64fb3ff0000000000000ff",
		"bf694e616d657370616365614e6a4d6574726963446174619fbf6a4d65747269634e616d65616d6954696d657374616d70c11a6b004f60ffffff",
	} {
		body, err := hex.DecodeString(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		decodeAll(t, wire.Request{Protocol: wire.CBOR, Body: body}, putData, putAlarm)
	})
}

func FuzzDecompress(f *testing.F) {
	seed, err := hex.DecodeString("1f8b08000000000000ffda9fe59b5a529499ec925892381fc6f14bcc4d4dcccd0cc9cc4d2d2e49cc2d38f8dbf1d601e11c060686d4b0c49cd2d4df0e0c10f0ff7f26486d714162726aa2df7f40000000ffff842924964d000000")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, body []byte) {
		if out, err := wire.Decompress("gzip", body, 4096); err == nil && len(out) > 4096 {
			t.Errorf("Decompress gave %d bytes, want at most 4096", len(out))
		}
	})
}
