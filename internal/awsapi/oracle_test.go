package awsapi_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	cwshapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	snsshapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// The oracle is the AWS SDK for Go: what its client writes we must read as it was
// meant, and what we write its client must read as we meant it. Random values
// come from the shapes, so every member of every operation takes part.

const rounds = 40

func TestSDKReadsAndWritesWhatWeDo(t *testing.T) {
	for _, tc := range []struct {
		name   string
		echo   func(*echo) awsapi.Service
		client func(aws.Config) any
	}{
		{"cloudwatch over cbor", cloudwatchEcho, func(c aws.Config) any { return cloudwatch.NewFromConfig(c) }},
		{"logs over json", logsEcho, func(c aws.Config) any { return cloudwatchlogs.NewFromConfig(c) }},
		{"sns over query", snsEcho, func(c aws.Config) any { return sns.NewFromConfig(c) }},
		{"sts over query", stsEcho, func(c aws.Config) any { return sts.NewFromConfig(c) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := &echo{}
			service := tc.echo(e)
			client := tc.client(sdkConfig(serve(t, service)))
			if len(service.Ops) != len(service.Model.Operations) {
				t.Errorf("the test knows %d operations, the model %d", len(service.Ops), len(service.Model.Operations))
			}
			for _, op := range service.Model.Operations {
				t.Run(op.Name, func(t *testing.T) { roundTrip(t, e, service.Model, client, op) })
			}
		})
	}
}

// roundTrip sends random inputs through the SDK's client and answers random outputs.
func roundTrip(t *testing.T, e *echo, m *wire.Model, client any, op wire.OperationShape) {
	method := reflect.ValueOf(client).MethodByName(op.Name)
	g := generator{Rand: rand.New(rand.NewPCG(1, uint64(len(op.Name)))), shapes: m.Shapes, noEmptyMaps: slices.Equal(m.Protocols, []wire.Protocol{wire.Query})}
	for range rounds {
		argument := reflect.New(method.Type().In(1).Elem())
		fill(m.Shapes, op.Input, g.value(op.Input, 0), argument)
		answer := reflect.New(method.Type().Out(0).Elem())
		value := g.value(op.Output, 0)
		fill(m.Shapes, op.Output, value, answer)
		e.answer = func(out any) { fill(m.Shapes, op.Output, value, reflect.ValueOf(out)) }

		results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), argument})
		if err, _ := results[1].Interface().(error); err != nil {
			t.Fatalf("%s: %v", op.Name, err)
		}
		want := take(m.Shapes, op.Input, argument)
		if diff := differ("input", take(m.Shapes, op.Input, reflect.ValueOf(e.in)), want); diff != "" {
			t.Errorf("%s as we read it from the SDK: %s", op.Name, diff)
		}
		want = take(m.Shapes, op.Output, answer)
		if diff := differ("output", take(m.Shapes, op.Output, results[0]), want); diff != "" {
			t.Errorf("%s as the SDK read it from us: %s", op.Name, diff)
		}
	}
}

// TestSDKReadsErrors checks that the SDK makes its typed errors of ours, in each protocol.
func TestSDKReadsErrors(t *testing.T) {
	ctx := context.Background()
	e := &echo{}
	config := sdkConfig(serve(t, everyEcho(e)...))
	for _, tc := range []struct {
		name string
		err  error
		call func() error
		want error // a pointer of the SDK's type
		code string
	}{
		{"json", &logs.ResourceNotFoundException{Message: "The specified log group does not exist."}, func() error {
			_, err := cloudwatchlogs.NewFromConfig(config).DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
			return err
		}, &logstypes.ResourceNotFoundException{}, "ResourceNotFoundException"},
		{"cbor", &cwshapes.ResourceNotFound{}, func() error {
			_, err := cloudwatch.NewFromConfig(config).DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"a"}})
			return err
		}, &cwtypes.ResourceNotFound{}, "ResourceNotFound"},
		{"cbor, a code unlike its shape", &cwshapes.InvalidParameterValueException{Message: "no"}, func() error {
			_, err := cloudwatch.NewFromConfig(config).DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"a"}})
			return err
		}, &cwtypes.InvalidParameterValueException{}, "InvalidParameterValue"},
		{"query", &snsshapes.NotFoundException{Message: "Topic does not exist"}, func() error {
			_, err := sns.NewFromConfig(config).GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: aws.String("t")})
			return err
		}, &snstypes.NotFoundException{}, "NotFound"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e.err = tc.err
			err := tc.call()
			if target := reflect.New(reflect.TypeOf(tc.want)); !errors.As(err, target.Interface()) {
				t.Errorf("the SDK read %v, want a %T", err, tc.want)
			}
			var api smithy.APIError
			if !errors.As(err, &api) || api.ErrorCode() != tc.code {
				t.Errorf("the SDK read %v, want code %s", err, tc.code)
			}
		})
	}
}

func TestSDKWritesUnion(t *testing.T) {
	e := &echo{}
	client := cloudwatch.NewFromConfig(sdkConfig(serve(t, cloudwatchEcho(e))))
	_, err := client.PutMetricAlarm(context.Background(), &cloudwatch.PutMetricAlarmInput{
		AlarmName:          aws.String("a"),
		EvaluationCriteria: &cwtypes.EvaluationCriteriaMemberPromQLCriteria{Value: cwtypes.AlarmPromQLCriteria{Query: aws.String("up == 0")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	criteria := e.in.(*cwshapes.PutMetricAlarmInput).EvaluationCriteria
	if criteria == nil || criteria.PromQLCriteria == nil || wire.Value(criteria.PromQLCriteria.Query) != "up == 0" {
		t.Errorf("EvaluationCriteria = %+v, want the query", criteria)
	}
}

// differ names the first difference between values of take and generator. A NaN equals a NaN.
func differ(path string, got, want any) string {
	g, gotMap := got.(map[string]any)
	w, wantMap := want.(map[string]any)
	if gotMap && wantMap {
		for _, key := range slices.Sorted(maps.Keys(merged(g, w))) {
			if diff := differ(path+"."+key, g[key], w[key]); diff != "" {
				return diff
			}
		}
		return ""
	}
	gl, gotList := got.([]any)
	wl, wantList := want.([]any)
	if gotList && wantList && len(gl) == len(wl) {
		for i := range gl {
			if diff := differ(fmt.Sprintf("%s[%d]", path, i), gl[i], wl[i]); diff != "" {
				return diff
			}
		}
		return ""
	}
	if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
		return fmt.Sprintf("%s = %#v, want %#v", path, got, want)
	}
	return ""
}

func merged(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// echo is what stands behind the operations: it keeps the input and gives the output that the test wants.
type echo struct {
	in     any
	answer func(out any)
	err    error
}

func echoOp[I, O any](e *echo) wire.Operation {
	return wire.Op(func(_ context.Context, in *I) (*O, error) {
		e.in = in
		if e.err != nil {
			return nil, e.err
		}
		out := new(O)
		if e.answer != nil {
			e.answer(out)
		}
		return out, nil
	})
}

func serve(t *testing.T, services ...awsapi.Service) string {
	t.Helper()
	h, err := awsapi.New(awsapi.Options{Services: services, Authenticator: trusting{}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func sdkConfig(url string) aws.Config {
	return aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(url),
		Credentials:      credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
		RetryMaxAttempts: 1,
	}
}
