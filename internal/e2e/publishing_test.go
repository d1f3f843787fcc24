package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// publishingVector is a metric filter put and, perhaps, events put through it.
type publishingVector struct {
	ID, Kind, Feature, Source, Confidence, Note string
	FilterPattern                               string
	MetricTransformations                       json.RawMessage
	EmitSystemFieldDimensions                   []string
	Batches                                     [][]string
	Expected                                    struct {
		Accepted bool
		Error    *struct{ Code, Message string }
		Series   []struct {
			Dimensions                         map[string]string
			Sum, SampleCount, Minimum, Maximum *float64
		}
	}
}

// What a metric filter publishes, from PutMetricFilter and PutLogEvents to
// GetMetricStatistics, as recorded from AWS in eu-west-1.
func TestVectorsMetricFilterPublishing(t *testing.T) {
	in := serve(t)
	passed, failed := 0, 0
	for n, line := range vectors.Lines(t, "metric_filter_publishing.jsonl") {
		var v publishingVector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Errorf("line %d: %v", n+1, err)
			failed++
			continue
		}
		switch problem := (&publisher{t: t, in: in, group: fmt.Sprintf("vector-%d", n)}).judge(v); {
		case problem == "":
			passed++
		case v.Confidence == "inferred" || v.Confidence == "low":
			t.Logf("low confidence %s: %s", v.ID, problem)
		default:
			failed++
			t.Errorf("%s: %s", v.ID, problem)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

// publisher plays one vector in a log group and a namespace of its own.
type publisher struct {
	t     *testing.T
	in    *instance.Instance
	group string
}

func (p *publisher) judge(v publishingVector) (problem string) {
	p.call("CreateLogGroup", map[string]any{"logGroupName": p.group})
	if strings.Contains(v.FilterPattern, "sixth regex") {
		v.FilterPattern = "%x%"
		for i := range 5 {
			p.call("PutMetricFilter", p.filter(fmt.Sprint("other", i), v))
		}
	}
	status, answer := p.call("PutMetricFilter", p.filter("f", v))
	if want := v.Expected.Error; want != nil {
		code, message := answer.Type[strings.LastIndex(answer.Type, "#")+1:], answer.Message
		if code != want.Code || want.Message != "" && message != want.Message {
			return fmt.Sprintf("PutMetricFilter answered %d %s %q, want %s %q", status, code, message, want.Code, want.Message)
		}
		return ""
	}
	if status != http.StatusOK {
		return fmt.Sprintf("PutMetricFilter answered %d %s %q, want that it is accepted", status, answer.Type, answer.Message)
	}
	if v.Expected.Accepted {
		return ""
	}
	p.putEvents(v.Batches)
	return p.compare(v)
}

func (p *publisher) filter(name string, v publishingVector) map[string]any {
	transformations := bytes.ReplaceAll(v.MetricTransformations, []byte(`"NS"`), []byte(`"`+p.group+`"`))
	input := map[string]any{
		"logGroupName": p.group, "filterName": name, "filterPattern": v.FilterPattern,
		"metricTransformations": json.RawMessage(transformations),
	}
	if len(v.EmitSystemFieldDimensions) > 0 {
		input["emitSystemFieldDimensions"] = v.EmitSystemFieldDimensions
	}
	return input
}

func (p *publisher) putEvents(batches [][]string) {
	p.call("CreateLogStream", map[string]any{"logGroupName": p.group, "logStreamName": "s"})
	for _, batch := range batches {
		var events []map[string]any
		for _, message := range batch {
			events = append(events, map[string]any{"timestamp": time.Now().UnixMilli(), "message": message})
		}
		if status, answer := p.call("PutLogEvents", map[string]any{"logGroupName": p.group, "logStreamName": "s", "logEvents": events}); status != 200 {
			p.t.Fatalf("PutLogEvents answered %d %+v", status, answer)
		}
	}
}

// compare reads all series of the namespace and sets them beside the expected ones.
func (p *publisher) compare(v publishingVector) string {
	config := sdkConfig(p.in)
	config.Region = "eu-west-1"
	client := cloudwatch.NewFromConfig(config)
	listed, err := client.ListMetrics(p.t.Context(), &cloudwatch.ListMetricsInput{Namespace: awssdk.String(p.group)})
	if err != nil {
		p.t.Fatal(err)
	}
	var got, want []string
	for _, m := range listed.Metrics {
		got = append(got, p.describe(client, m))
	}
	for _, s := range v.Expected.Series {
		want = append(want, describe(s.Dimensions, s.Sum, s.SampleCount, nil, nil))
		if s.Minimum != nil {
			want[len(want)-1] = describe(s.Dimensions, s.Sum, s.SampleCount, s.Minimum, s.Maximum)
		}
	}
	for i := range got { // a vector may say nothing of the extremes
		if i < len(want) && !strings.Contains(strings.Join(want, ""), "min") {
			got[i], _, _ = strings.Cut(got[i], " min")
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Sprintf("published %q, want %q", got, want)
	}
	return ""
}

func (p *publisher) describe(client *cloudwatch.Client, m cwtypes.Metric) string {
	out, err := client.GetMetricStatistics(p.t.Context(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: m.Namespace, MetricName: m.MetricName, Dimensions: m.Dimensions, Period: awssdk.Int32(86400),
		StartTime: awssdk.Time(time.Now().Add(-24 * time.Hour)), EndTime: awssdk.Time(time.Now().Add(24 * time.Hour)),
		Statistics: []cwtypes.Statistic{"Sum", "SampleCount", "Minimum", "Maximum"},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	dimensions := map[string]string{}
	for _, d := range m.Dimensions {
		dimensions[*d.Name] = strings.ReplaceAll(*d.Value, "000000000000", "<CALLER_ACCOUNT>")
	}
	var sum, samples float64
	var smallest, largest *float64
	for _, point := range out.Datapoints {
		sum, samples = sum+*point.Sum, samples+*point.SampleCount
		smallest, largest = point.Minimum, point.Maximum
	}
	return describe(dimensions, &sum, &samples, smallest, largest)
}

func describe(dimensions map[string]string, sum, samples, smallest, largest *float64) string {
	text := fmt.Sprintf("%v sum %v of %v", dimensions, *sum, *samples)
	if smallest != nil {
		text += fmt.Sprintf(" min %v max %v", *smallest, *largest)
	}
	return text
}

type jsonError struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

// call sends a logs operation as raw JSON, so that a vector's wrong types reach
// the server as they are.
func (p *publisher) call(operation string, input any) (status int, answer jsonError) {
	p.t.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		p.t.Fatal(err)
	}
	status, text := signedCall(p.t, p.in, "logs", "eu-west-1", http.Header{
		"X-Amz-Target": {"Logs_20140328." + operation}, "Content-Type": {"application/x-amz-json-1.1"},
	}, body)
	if status != http.StatusOK {
		if err := json.Unmarshal(text, &answer); err != nil {
			p.t.Fatalf("%s answered %d %q: %v", operation, status, text, err)
		}
	}
	return status, answer
}

// signedCall posts a body to the API, signed as the root key.
func signedCall(t *testing.T, in *instance.Instance, service, region string, header http.Header, body []byte) (status int, answer []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, in.Endpoint()+"/", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	hash := sha256.Sum256(body)
	key := awssdk.Credentials{AccessKeyID: instance.AccessKeyID, SecretAccessKey: instance.SecretAccessKey}
	if err := v4.NewSigner().SignHTTP(t.Context(), key, request, hex.EncodeToString(hash[:]), service, region, time.Now()); err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}
