package logsapi_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

const arnOfG = "arn:aws:logs:us-east-1:111122223333:log-group:g"

var timestamps = regexp.MustCompile(`"(creationTime|ingestionTime|lastIngestionTime)":\d+`)

// stable replaces the times that no test can know.
func stable(answer string) string { return timestamps.ReplaceAllString(answer, `"$1":0`) }

func (r *rig) want(want, operation, format string, args ...any) {
	r.t.Helper()
	if got := stable(r.ok(operation, format, args...)); got != want {
		r.t.Errorf("%s(%s) = %s\nwant %s", operation, fmt.Sprintf(format, args...), got, want)
	}
}

func TestErrors(t *testing.T) {
	r := newRig(t)
	r.ok("CreateLogGroup", `{"logGroupName":"g"}`)
	r.ok("CreateLogGroup", `{"logGroupName":"rare","logGroupClass":"INFREQUENT_ACCESS"}`)
	r.ok("CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	now := time.Now().UnixMilli()
	events := fmt.Sprintf(`[{"timestamp":%d,"message":"m"}]`, now)
	long := strings.Repeat("X", 513)
	const (
		noGroup  = "ResourceNotFoundException: The specified log group does not exist."
		noStream = "ResourceNotFoundException: The specified log stream does not exist."
		badToken = "InvalidParameterException: The specified nextToken is invalid."
		twoNames = "ValidationException: LogGroup name and LogGroup ARN are mutually exclusive parameters."
		limit    = "InvalidParameterException: 1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"
	)
	for _, tt := range []struct{ operation, body, want string }{
		// recorded from AWS
		{"CreateLogGroup", `{"logGroupName":"g"}`, "ResourceAlreadyExistsException: The specified log group already exists"},
		{"CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`, "ResourceAlreadyExistsException: The specified log stream already exists"},
		{"CreateLogStream", `{"logGroupName":"none","logStreamName":"s"}`, noGroup},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"none","logEvents":` + events + `}`, noStream},
		{"PutLogEvents", `{"logGroupName":"none","logStreamName":"s","logEvents":` + events + `}`, noGroup},
		{"PutLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":%d,"message":"m"},{"timestamp":%d,"message":"m"}]}`, now, now-1),
			"InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order."},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"s","nextToken":"invalid"}`, badToken},
		{"FilterLogEvents", `{"logGroupName":"g","nextToken":"invalid"}`, badToken},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"s","limit":10001}`, limit},
		{"FilterLogEvents", `{"logGroupName":"g","limit":10001}`, limit},
		{"DescribeLogGroups", `{"logGroupNamePrefix":"a","logGroupNamePattern":"b"}`,
			"InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."},
		{"DescribeLogStreams", `{"logGroupName":"g","logGroupIdentifier":"g"}`, twoNames},
		{"PutMetricFilter", `{"logGroupName":"g","filterName":"` + long + `","filterPattern":"","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1"}]}`,
			"InvalidParameterException: 1 validation error detected: Value '" + long + "' at 'filterName' failed to satisfy constraint: Member must have length less than or equal to 512"},
		{"PutMetricFilter", `{"logGroupName":"g","filterName":"f","filterPattern":"","metricTransformations":[{"metricName":"metric1","metricNamespace":"namespace1","metricValue":"1"},{"metricName":"metric2","metricNamespace":"namespace2","metricValue":"1"}]}`,
			"InvalidParameterException: 1 validation error detected: Value '[MetricTransformation(metricName=metric1, metricNamespace=namespace1, metricValue=1, defaultValue=null, unit=null, dimensions=null), " +
				"MetricTransformation(metricName=metric2, metricNamespace=namespace2, metricValue=1, defaultValue=null, unit=null, dimensions=null)]' at 'metricTransformations' failed to satisfy constraint: Member must have length less than or equal to 1"},
		{"DescribeMetricFilters", `{"filterNamePrefix":"` + long + `"}`,
			"InvalidParameterException: 1 validation error detected: Value '" + long + "' at 'filterNamePrefix' failed to satisfy constraint: Member must have length less than or equal to 512"},

		// the rest of what can go wrong
		{"DeleteLogGroup", `{"logGroupName":"none"}`, noGroup},
		{"PutRetentionPolicy", `{"logGroupName":"none","retentionInDays":7}`, noGroup},
		{"PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":2}`, "InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: " +
			"Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]"},
		{"DeleteRetentionPolicy", `{"logGroupName":"none"}`, noGroup},
		{"DeleteLogStream", `{"logGroupName":"g","logStreamName":"none"}`, noStream},
		{"DeleteLogStream", `{"logGroupName":"none","logStreamName":"s"}`, noGroup},
		{"DescribeLogStreams", `{"logGroupName":"none"}`, noGroup},
		{"DescribeLogStreams", `{}`, "InvalidParameterException: 1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"},
		{"DescribeLogStreams", `{"logGroupName":"g","orderBy":"LastEventTime","logStreamNamePrefix":"s"}`, "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix."},
		{"DescribeLogStreams", `{"logGroupName":"g","nextToken":"eA"}`, badToken},
		{"DescribeLogGroups", `{"nextToken":"x"}`, badToken},
		{"DescribeMetricFilters", `{"nextToken":"x"}`, badToken},
		{"DescribeMetricFilters", `{"logGroupName":"none"}`, noGroup},
		{"PutMetricFilter", `{"logGroupName":"none","filterName":"f","filterPattern":"","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1"}]}`, noGroup},
		{"PutMetricFilter", `{"logGroupName":"g","filterName":"f","filterPattern":"ERR*","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1"}]}`,
			"InvalidParameterException: Invalid character(s) in term '*'"},
		{"PutMetricFilter", `{"logGroupName":"g","filterName":"f","filterPattern":"{ $.a = 1 }","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"$.values[*]"}]}`,
			"InvalidParameterException: Invalid metric transformation: metric value $.values[*] must be a valid number"},
		{"PutMetricFilter", `{"logGroupName":"rare","filterName":"f","filterPattern":"","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1"}]}`,
			"InvalidOperationException: Metric filters are not supported by log groups of class INFREQUENT_ACCESS."},
		{"DeleteMetricFilter", `{"logGroupName":"g","filterName":"none"}`, "ResourceNotFoundException: The specified metric filter does not exist."},
		{"DeleteMetricFilter", `{"logGroupName":"none","filterName":"f"}`, noGroup},
		{"TestMetricFilter", `{"filterPattern":"{ $.a == 1 }","logEventMessages":["m"]}`, "InvalidParameterException: Invalid metric filter pattern"},
		{"FilterLogEvents", `{"logGroupName":"g","filterPattern":"{ $.a == 1 }"}`, "InvalidParameterException: Invalid filter pattern"},
		{"FilterLogEvents", `{"logGroupName":"g","filterPattern":"ERR*"}`, "InvalidParameterException: Invalid character(s) in term '*'"},
		{"FilterLogEvents", `{"logGroupName":"none"}`, noGroup},
		{"FilterLogEvents", `{"logGroupIdentifier":"arn:aws:logs:eu-west-1:111122223333:log-group:g"}`, noGroup},
		{"FilterLogEvents", `{"logGroupName":"g","logGroupIdentifier":"g"}`, twoNames},
		{"FilterLogEvents", `{"logGroupName":"g","logStreamNames":["none"]}`, noStream},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"none"}`, noStream},
		{"ListTagsForResource", `{"resourceArn":"` + arnOfG + `x"}`, noGroup},
		{"ListTagsForResource", `{"resourceArn":"g"}`, "InvalidParameterException: The specified resource ARN is not valid."},
		{"TagLogGroup", `{"logGroupName":"none","tags":{"a":"b"}}`, noGroup},
		{"CreateLogGroup", `{"logGroupName":"aws/spans"}`, "InvalidParameterException: Log groups starting with AWS/ are reserved for AWS."},
		{"CreateLogGroup", `{"logGroupName":"h","deletionProtectionEnabled":true}`, "InvalidParameterException: Deletion protection is not supported."},
	} {
		got := strings.ReplaceAll(r.fault(tt.operation, tt.body), "dimensions=null, unit=null", "unit=null, dimensions=null") // AWS's order is not the model's
		if got != tt.want {
			t.Errorf("%s(%.120s):\n got %.300s\nwant %.300s", tt.operation, tt.body, got, tt.want)
		}
	}
}

func TestGroups(t *testing.T) {
	r := newRig(t)
	r.want("", "CreateLogGroup", `{"logGroupName":"g"}`)
	r.want("", "CreateLogGroup", `{"logGroupName":"g2","kmsKeyId":"k","tags":{"a":"b"}}`)
	g := func(name, more string) string {
		return `{"logGroupName":"` + name + `","creationTime":0` + more
	}
	const rest = `,"metricFilterCount":0,"arn":"` + arnOfG + `:*","storedBytes":0,"logGroupClass":"STANDARD","logGroupArn":"` + arnOfG + `","deletionProtectionEnabled":false}`
	rest2 := strings.ReplaceAll(strings.Replace(rest, `"storedBytes":0`, `"storedBytes":0,"kmsKeyId":"k"`, 1), arnOfG, arnOfG+"2")
	r.want(`{"logGroups":[`+g("g", rest)+`,`+g("g2", rest2)+`]}`, "DescribeLogGroups", `{"logGroupNamePrefix":"g"}`)
	r.ok("PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":7}`)
	r.want(`{"logGroups":[`+g("g", `,"retentionInDays":7`+rest)+`]}`, "DescribeLogGroups", `{"logGroupIdentifiers":["%s"]}`, arnOfG)
	r.ok("DeleteRetentionPolicy", `{"logGroupName":"g"}`)
	byPattern := strings.NewReplacer(`,"storedBytes":0`, "", `,"deletionProtectionEnabled":false`, "").Replace(rest)
	r.ok("DeleteLogGroup", `{"logGroupName":"g2"}`)
	r.want(`{"logGroups":[`+g("g", byPattern)+`]}`, "DescribeLogGroups", `{"logGroupNamePattern":"G"}`)
	r.want(`{"logGroups":[]}`, "DescribeLogGroups", `{"logGroupNamePrefix":"x"}`)
	r.want(`{"logGroups":[]}`, "DescribeLogGroups", `{"accountIdentifiers":["999999999999"]}`)
	r.want(`{"logGroups":[]}`, "DescribeLogGroups", `{"logGroupIdentifiers":["arn:aws:logs:eu-west-1:111122223333:log-group:g"]}`)
	if status, body := r.doIn("eu-west-1", "DescribeLogGroups", `{}`); status != 200 || body != `{"logGroups":[]}` {
		t.Errorf("DescribeLogGroups in another region = %d %s, want none", status, body)
	}
}

func TestTags(t *testing.T) {
	r := newRig(t)
	r.ok("CreateLogGroup", `{"logGroupName":"g","tags":{"env":"testing1"}}`)
	check := func(want string) {
		t.Helper()
		r.want(want, "ListTagsForResource", `{"resourceArn":"%s"}`, arnOfG)
		r.want(want, "ListTagsLogGroup", `{"logGroupName":"g"}`)
	}
	check(`{"tags":{"env":"testing1"}}`)
	r.want("", "TagResource", `{"resourceArn":"%s","tags":{"test1":"val1","test2":"val2"}}`, arnOfG)
	r.want("", "TagLogGroup", `{"logGroupName":"g","tags":{"test3":"val3"}}`)
	check(`{"tags":{"env":"testing1","test1":"val1","test2":"val2","test3":"val3"}}`)
	r.want("", "UntagResource", `{"resourceArn":"%s","tagKeys":["env","test1"]}`, arnOfG)
	r.want("", "UntagLogGroup", `{"logGroupName":"g","tags":["test3"]}`)
	check(`{"tags":{"test2":"val2"}}`)
	var many []string
	for i := range 50 {
		many = append(many, fmt.Sprintf(`"k%d":""`, i))
	}
	if got := r.fault("TagResource", `{"resourceArn":"`+arnOfG+`","tags":{`+strings.Join(many, ",")+`}}`); !strings.HasPrefix(got, "TooManyTagsException: ") {
		t.Errorf("TagResource with the 51st tag = %s, want TooManyTagsException", got)
	}
	r.ok("UntagResource", `{"resourceArn":"%s","tagKeys":["test2"]}`, arnOfG)
	const reserved = "InvalidParameterException: aws: prefixed tag key names are not allowed for external use."
	for _, call := range [][2]string{
		{"CreateLogGroup", `{"logGroupName":"h","tags":{"aws:x":""}}`},
		{"TagResource", `{"resourceArn":"` + arnOfG + `","tags":{"AWS:x":""}}`}, {"UntagResource", `{"resourceArn":"` + arnOfG + `","tagKeys":["aws:x"]}`},
		{"TagLogGroup", `{"logGroupName":"g","tags":{"aws:x":""}}`}, {"UntagLogGroup", `{"logGroupName":"g","tags":["aws:x"]}`},
	} {
		if got := r.fault(call[0], call[1]); got != reserved {
			t.Errorf("%s(%s) = %s, want %s", call[0], call[1], got, reserved)
		}
	}
	check(`{"tags":{}}`)
}

func TestStreams(t *testing.T) {
	r := newRig(t)
	r.ok("CreateLogGroup", `{"logGroupName":"g"}`)
	for _, name := range []string{"c", "a", "b"} {
		r.want("", "CreateLogStream", `{"logGroupName":"g","logStreamName":"%s"}`, name)
	}
	stream := func(name, more string) string {
		return `{"logStreamName":"` + name + `","creationTime":0,` + more + `"arn":"` + arnOfG + `:log-stream:` + name + `","storedBytes":0}`
	}
	r.want(`{"logStreams":[`+stream("a", "")+`,`+stream("b", "")+`,`+stream("c", "")+`]}`, "DescribeLogStreams", `{"logGroupName":"g"}`)
	r.want(`{"logStreams":[`+stream("b", "")+`]}`, "DescribeLogStreams", `{"logGroupIdentifier":"%s","logStreamNamePrefix":"b"}`, arnOfG)
	now := time.Now().UnixMilli()
	r.ok("PutLogEvents", `{"logGroupName":"g","logStreamName":"b","logEvents":[{"timestamp":%d,"message":"m"},{"timestamp":%d,"message":"n"}]}`, now-5, now)
	written := stream("b", fmt.Sprintf(`"firstEventTimestamp":%d,"lastEventTimestamp":%d,"lastIngestionTime":0,`, now-5, now))
	r.want(`{"logStreams":[`+written+`,`+stream("c", "")+`,`+stream("a", "")+`]}`, "DescribeLogStreams", `{"logGroupName":"g","orderBy":"LastEventTime","descending":true}`)
	r.ok("DeleteLogStream", `{"logGroupName":"g","logStreamName":"b"}`)
	r.want(`{"logStreams":[`+stream("a", "")+`,`+stream("c", "")+`]}`, "DescribeLogStreams", `{"logGroupName":"g"}`)
}

func TestPagesOfLists(t *testing.T) {
	r := newRig(t)
	const filter = `"filterPattern":"","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1"}]}`
	for _, group := range []string{"g1", "g2", "g3"} {
		r.ok("CreateLogGroup", `{"logGroupName":"%s"}`, group)
		for i := range 3 {
			r.ok("CreateLogStream", `{"logGroupName":"%s","logStreamName":"s%d"}`, group, i)
			r.ok("PutMetricFilter", `{"logGroupName":"%s","filterName":"f%d",%s`, group, i, filter)
		}
	}
	r.ok("PutLogEvents", `{"logGroupName":"g1","logStreamName":"s1","logEvents":[{"timestamp":%d,"message":"m"}]}`, time.Now().UnixMilli())
	type page struct {
		LogGroups     []struct{ LogGroupName string }
		LogStreams    []struct{ LogStreamName string }
		MetricFilters []struct{ LogGroupName, FilterName string }
		NextToken     *string
	}
	for _, tt := range []struct{ operation, params, want string }{
		{"DescribeLogGroups", ``, "g1 g2 g3"},
		{"DescribeLogStreams", `,"logGroupName":"g1"`, "s0 s1 s2"},
		{"DescribeLogStreams", `,"logGroupName":"g1","descending":true`, "s2 s1 s0"},
		{"DescribeLogStreams", `,"logGroupName":"g1","orderBy":"LastEventTime"`, "s0 s2 s1"},
		{"DescribeLogStreams", `,"logGroupName":"g1","orderBy":"LastEventTime","descending":true`, "s1 s2 s0"},
		{"DescribeMetricFilters", ``, "g1/f0 g1/f1 g1/f2 g2/f0 g2/f1 g2/f2 g3/f0 g3/f1 g3/f2"},
		{"DescribeMetricFilters", `,"filterNamePrefix":"f1"`, "g1/f1 g2/f1 g3/f1"},
	} {
		var got []string
		token := ""
		for {
			p := into[page](r, tt.operation, `{"limit":1%s%s}`, tt.params, token)
			for _, g := range p.LogGroups {
				got = append(got, g.LogGroupName)
			}
			for _, s := range p.LogStreams {
				got = append(got, s.LogStreamName)
			}
			for _, f := range p.MetricFilters {
				got = append(got, f.LogGroupName+"/"+f.FilterName)
			}
			if p.NextToken == nil {
				break
			}
			token = `,"nextToken":"` + *p.NextToken + `"`
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("pages of %s(%s) = %q, want %s", tt.operation, tt.params, got, tt.want)
		}
	}
}

func TestMetricFilters(t *testing.T) {
	r := newRig(t)
	r.ok("CreateLogGroup", `{"logGroupName":"g"}`)
	r.ok("CreateLogGroup", `{"logGroupName":"h"}`)
	const seed = `{"logGroupName":"g","filterName":"unauthorized","filterPattern":"{($.errorCode = \"*UnauthorizedOperation\") ||\n ($.errorCode = \"AccessDenied*\")}",`
	r.want("", "PutMetricFilter", seed+`"metricTransformations":[{"metricName":"m","metricNamespace":"CIS","metricValue":"1","unit":"None"}]}`)
	const described = `{"filterName":"unauthorized","filterPattern":"{($.errorCode = \"*UnauthorizedOperation\") ||\n ($.errorCode = \"AccessDenied*\")}",`
	const rest = `"creationTime":0,"logGroupName":"g","applyOnTransformedLogs":false}`
	r.want(`{"metricFilters":[`+described+`"metricTransformations":[{"metricName":"m","metricNamespace":"CIS","metricValue":"1","unit":"None"}],`+rest+`]}`,
		"DescribeMetricFilters", `{"logGroupName":"g","filterNamePrefix":"unauthorized"}`)

	r.ok("PutMetricFilter", seed+`"metricTransformations":[{"metricName":"m2","metricNamespace":"CIS","metricValue":"1","defaultValue":0}]}`)
	replaced := `{"metricFilters":[` + described + `"metricTransformations":[{"metricName":"m2","metricNamespace":"CIS","metricValue":"1","defaultValue":0.0}],` + rest + `]}`
	r.want(replaced, "DescribeMetricFilters", `{"logGroupName":"g"}`)

	r.ok("PutMetricFilter", `{"logGroupName":"h","filterName":"a","filterPattern":"[ip, user]","emitSystemFieldDimensions":["@aws.region"],
		"metricTransformations":[{"metricName":"m2","metricNamespace":"Other","metricValue":"$user","dimensions":{"B":"$user","A":"$ip"}}]}`)
	r.want(`{"metricFilters":[{"filterName":"a","filterPattern":"[ip, user]","metricTransformations":[{"metricName":"m2","metricNamespace":"Other","metricValue":"$user",`+
		`"dimensions":{"A":"$ip","B":"$user"}}],"creationTime":0,"logGroupName":"h","applyOnTransformedLogs":false,"emitSystemFieldDimensions":["@aws.region"]}]}`,
		"DescribeMetricFilters", `{"metricName":"m2","metricNamespace":"Other"}`)
	r.want(replaced, "DescribeMetricFilters", `{"metricName":"m2","metricNamespace":"CIS"}`)
	if got := r.ok("DescribeLogGroups", `{"logGroupNamePrefix":"g"}`); !strings.Contains(got, `"metricFilterCount":1`) {
		t.Errorf("DescribeLogGroups = %s, want metricFilterCount 1", got)
	}
	r.want("", "DeleteMetricFilter", `{"logGroupName":"g","filterName":"unauthorized"}`)
	r.ok("DeleteLogGroup", `{"logGroupName":"h"}`)
	r.want(`{"metricFilters":[]}`, "DescribeMetricFilters", `{}`)
}

func TestTestMetricFilter(t *testing.T) {
	r := newRig(t)
	r.want(`{"matches":[{"eventNumber":2,"eventMessage":"{\"a\":1}","extractedValues":{}}]}`,
		"TestMetricFilter", `{"filterPattern":"{ $.a = 1 }","logEventMessages":["x","{\"a\":1}","{\"a\":2}"]}`)
	r.want(`{"matches":[{"eventNumber":1,"eventMessage":"1.2.3.4 - bob 200","extractedValues":{"$2":"-","$ip":"1.2.3.4","$rest":"bob 200"}}]}`,
		"TestMetricFilter", `{"filterPattern":"[ip, , rest]","logEventMessages":["1.2.3.4 - bob 200","x"]}`)
	r.want(`{"matches":[]}`, "TestMetricFilter", `{"filterPattern":"ERROR","logEventMessages":["x"]}`)
}

func TestPutLogEvents(t *testing.T) {
	r := newRig(t)
	r.ok("CreateLogGroup", `{"logGroupName":"g"}`)
	r.ok("CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	put := func(at ...time.Duration) string {
		t.Helper()
		var events []string
		for _, d := range at {
			events = append(events, fmt.Sprintf(`{"timestamp":%d,"message":"m"}`, time.Now().Add(d).UnixMilli()))
		}
		answer := r.ok("PutLogEvents", `{"logGroupName":"g","logStreamName":"s","sequenceToken":"whatever","logEvents":[%s]}`, strings.Join(events, ","))
		return regexp.MustCompile(`"nextSequenceToken":"\d{56}"`).ReplaceAllString(answer, "TOKEN")
	}
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name string
		at   []time.Duration
		want string
	}{
		{"all accepted", []time.Duration{-time.Second, 0}, `{TOKEN}`},
		{"too old", []time.Duration{-14*day - time.Minute, -14*day + time.Minute}, `{TOKEN,"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}`},
		{"too new", []time.Duration{0, 3 * time.Hour}, `{TOKEN,"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":1}}`},
	} {
		if got := put(tt.at...); got != tt.want {
			t.Errorf("%s: PutLogEvents = %s, want %s", tt.name, got, tt.want)
		}
	}
	r.ok("PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":3}`)
	if got, want := put(-4*day, -4*day, -4*day+23*time.Hour), `{TOKEN,"rejectedLogEventsInfo":{"expiredLogEventEndIndex":3}}`; got != want {
		t.Errorf("PutLogEvents of expired events = %s, want %s", got, want)
	}
}

func TestReading(t *testing.T) {
	r := newRig(t)
	r.ok("CreateLogGroup", `{"logGroupName":"g"}`)
	now := time.Now().UnixMilli()
	for i, stream := range []string{"s1", "s2"} {
		r.ok("CreateLogStream", `{"logGroupName":"g","logStreamName":"%s"}`, stream)
		r.ok("PutLogEvents", `{"logGroupName":"g","logStreamName":"%s","logEvents":[{"timestamp":%d,"message":"{\"errorCode\":\"AccessDenied\"}"},{"timestamp":%d,"message":"fine ☃"}]}`,
			stream, now+int64(i), now+2+int64(i))
	}
	event := func(at int64, message string) string {
		return fmt.Sprintf(`{"timestamp":%d,"message":%s,"ingestionTime":0}`, now+at, message)
	}
	const denied, fine = `"{\"errorCode\":\"AccessDenied\"}"`, `"fine ☃"`
	tokens := regexp.MustCompile(`"next(Forward|Backward)Token":"[fb]/\d{56}/s"`)
	got := tokens.ReplaceAllString(stable(r.ok("GetLogEvents", `{"logGroupIdentifier":"%s","logStreamName":"s1"}`, arnOfG)), "$1")
	if want := `{"events":[` + event(0, denied) + `,` + event(2, fine) + `],Forward,Backward}`; got != want {
		t.Errorf("GetLogEvents = %s\nwant %s", got, want)
	}
	found := func(stream string, at int64, message string) string {
		return fmt.Sprintf(`{"logStreamName":"%s","timestamp":%d,"message":%s,"ingestionTime":0,"eventId":ID}`, stream, now+at, message)
	}
	ids := regexp.MustCompile(`"eventId":"\d{56}"`)
	for _, tt := range []struct{ params, want string }{
		{``, found("s1", 0, denied) + "," + found("s2", 1, denied) + "," + found("s1", 2, fine) + "," + found("s2", 3, fine)},
		{`,"filterPattern":"{ $.errorCode = \"AccessDenied*\" }"`, found("s1", 0, denied) + "," + found("s2", 1, denied)},
		{`,"filterPattern":"fine","logStreamNames":["s2"]`, found("s2", 3, fine)},
		{`,"logStreamNamePrefix":"s1","interleaved":true`, found("s1", 0, denied) + "," + found("s1", 2, fine)},
		{fmt.Sprintf(`,"startTime":%d,"endTime":%d`, now+1, now+2), found("s2", 1, denied) + "," + found("s1", 2, fine)},
		{`,"filterPattern":"nothing"`, ""},
	} {
		got := ids.ReplaceAllString(stable(r.ok("FilterLogEvents", `{"logGroupName":"g"%s}`, tt.params)), `"eventId":ID`)
		if want := `{"events":[` + tt.want + `],"searchedLogStreams":[]}`; got != want {
			t.Errorf("FilterLogEvents(%s) = %s\nwant %s", tt.params, got, want)
		}
	}
}
