package logsapi_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// RoundTrip lets the SDK's client call the handler without a socket.
func (r *rig) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	inner := httptest.NewRequestWithContext(request.Context(), request.Method, request.URL.String(), bytes.NewReader(body))
	inner.Header = request.Header.Clone()
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, inner)
	return answer.Result(), nil
}

// The SDK's own paginators must see every event once: GetLogEvents ends when a
// token comes back, FilterLogEvents when there is none.
func TestSDKPaginators(t *testing.T) {
	r := newRig(t)
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://127.0.0.1"), HTTPClient: &http.Client{Transport: r},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	})
	ctx := t.Context()
	group, stream := aws.String("/cloudtrail/main"), aws.String("111122223333_CloudTrail_us-east-1")
	if _, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream}); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UnixMilli()
	var want []string
	for batch := range 3 {
		in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream}
		for i := range 5 {
			message := fmt.Sprintf("%d.%d", batch, i)
			in.LogEvents = append(in.LogEvents, types.InputLogEvent{Timestamp: aws.Int64(now), Message: &message})
			want = append(want, message)
		}
		if _, err := client.PutLogEvents(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	filter := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, Limit: aws.Int32(4)})
	for filter.HasMorePages() {
		page, err := filter.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			got = append(got, *e.Message)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("FilterLogEvents pages = %q, want %q", got, want)
	}
	got = nil
	get := cloudwatchlogs.NewGetLogEventsPaginator(client, &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: group, LogStreamName: stream, Limit: aws.Int32(4), StartFromHead: aws.Bool(true),
	}, func(o *cloudwatchlogs.GetLogEventsPaginatorOptions) { o.StopOnDuplicateToken = true })
	for get.HasMorePages() {
		page, err := get.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			got = append(got, *e.Message)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("GetLogEvents pages = %q, want %q", got, want)
	}
}
