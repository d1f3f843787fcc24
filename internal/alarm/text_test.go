package alarm

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

func ringing() Transition {
	t := vectorAlarm{
		AlarmName: "cis 3.1", Namespace: "CIS", MetricName: "Denied", Statistic: "Sum", Period: 300, EvaluationPeriods: 1, Threshold: 1,
		ComparisonOperator: "GreaterThanOrEqualToThreshold", TreatMissingData: "notBreaching",
		Dimensions:   []metric.Dimension{{Name: "b", Value: "2"}, {Name: "a", Value: "1"}},
		AlarmActions: []string{"arn:aws:sns:us-east-1:123456789012:t"},
	}.transition(alarmeval.OK, alarmeval.InAlarm, "us-east-1")
	t.Alarm.Reason = "because <it> \"rang\""
	return t
}

func TestEmail(t *testing.T) {
	want := `You are receiving this email because your Amazon CloudWatch Alarm "cis 3.1" in the US East (N. Virginia) region has entered the ALARM state, because "because <it> "rang"" at "Wednesday 15 September, 2021 18:32:31 UTC".

View this alarm in the AWS Management Console:
https://us-east-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=us-east-1#alarmsV2:alarm/cis%203.1

Alarm Details:
- Name:                       cis 3.1
- Description:                
- State Change:               OK -> ALARM
- Reason for State Change:    because <it> "rang"
- Timestamp:                  Wednesday 15 September, 2021 18:32:31 UTC
- AWS Account:                123456789012
- Alarm Arn:                  arn:aws:cloudwatch:us-east-1:123456789012:alarm:cis 3.1

Threshold:
- The alarm is in the ALARM state when the metric is GreaterThanOrEqualToThreshold 1.0 for at least 1 of the last 1 period(s) of 300 seconds.

Monitored Metric:
- MetricNamespace:                     CIS
- MetricName:                          Denied
- Dimensions:                          [a = 1] [b = 2]
- Period:                              300 seconds
- Statistic:                           Sum
- Unit:                                not specified
- TreatMissingData:                    notBreaching


State Change Actions:
- OK:
- ALARM: [arn:aws:sns:us-east-1:123456789012:t]
- INSUFFICIENT_DATA:
`
	if got := ringing().email(); got != want {
		t.Errorf("email =\n%s\nwant\n%s", got, want)
	}
}

func TestEmailKeepsItsLines(t *testing.T) {
	tr := ringing()
	lines := strings.Count(tr.email(), "\n")
	tr.Alarm.Name, tr.Alarm.Description, tr.Alarm.Reason = "a\nb", "c\r\n- State Change: forged", "d\u0085e\x1b[31m"
	got := tr.email()
	if strings.Count(got, "\n") != lines || strings.ContainsAny(got, "\r\x1b\u0085") {
		t.Errorf("email with control characters has other lines:\n%q", got)
	}
}

func TestMessage(t *testing.T) {
	want := `{"AlarmName":"cis 3.1","AlarmDescription":null,"AWSAccountId":"123456789012","AlarmConfigurationUpdatedTimestamp":"2021-09-15T18:32:31.123+0000",` +
		`"NewStateValue":"ALARM","NewStateReason":"because <it> \"rang\"","StateChangeTime":"2021-09-15T18:32:31.123+0000","Region":"US East (N. Virginia)",` +
		`"AlarmArn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:cis 3.1","OldStateValue":"OK","ActionExecutedAfterMuteWindow":false,"OKActions":[],` +
		`"AlarmActions":["arn:aws:sns:us-east-1:123456789012:t"],"InsufficientDataActions":[],"Trigger":{"MetricName":"Denied","Namespace":"CIS",` +
		`"StatisticType":"Statistic","Statistic":"SUM","Unit":null,"Dimensions":[{"value":"1","name":"a"},{"value":"2","name":"b"}],"Period":300,` +
		`"EvaluationPeriods":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","Threshold":1.0,"TreatMissingData":"notBreaching","EvaluateLowSampleCountPercentile":""}}`
	if got := ringing().json(); got != want {
		t.Errorf("json =\n%s\nwant\n%s", got, want)
	}
}

func TestSubject(t *testing.T) {
	for _, c := range []struct{ name, region, want string }{
		{"plain", "eu-central-1", `ALARM: "plain" in EU (Frankfurt)`},
		{"unknown region", "xx-moon-1", `ALARM: "unknown region" in xx-moon-1`},
		{"größe überläuft", "us-east-1", `ALARM: "gr_e _berl_uft" in US East (N. Virginia)`},
		{"a\r\nBcc: x", "us-east-1", `ALARM: "a_Bcc: x" in US East (N. Virginia)`},
	} {
		if got := subject(alarmeval.InAlarm, c.name, c.region); got != c.want {
			t.Errorf("subject(%q) = %q, want %q", c.name, got, c.want)
		}
	}
	for length := range 256 {
		got := subject(alarmeval.InsufficientData, strings.Repeat("n", length), "sa-east-1")
		if len(got) > 100 || length > 60 && (len(got) != 100 || !strings.Contains(got, `..." in`)) {
			t.Errorf("subject(%d characters) = %q, %d characters, want it cut to 100", length, got, len(got))
		}
	}
}

func TestHistoryStaysWithinLimits(t *testing.T) {
	data := `{"a":"` + strings.Repeat("x", 3900) + `"}`
	tr := ringing()
	tr.Alarm.ReasonData, tr.Old.ReasonData = data, data
	tr.Alarm.Description = strings.Repeat("\"", 1024)
	tr.Alarm.Name = strings.Repeat("n", 255)
	action := Action{Target: "arn:aws:sns:us-east-1:123456789012:" + strings.Repeat("t", 256), Transition: tr}
	quoted := tr
	quoted.Alarm.Reason, quoted.Old.Reason = strings.Repeat("\x01", 1023), strings.Repeat("\"", 1023)
	wide := tr.Alarm
	for i := range 30 {
		wide.Metric.Dimensions = append(wide.Metric.Dimensions, metric.Dimension{Name: fmt.Sprint(i), Value: strings.Repeat("v", 1024)})
	}
	for range 5 {
		wide.AlarmActions = append(wide.AlarmActions, "arn:"+strings.Repeat("a", 1020))
	}
	for _, item := range []HistoryItem{
		quoted.item(), wide.configured(vectorTime, "updated"), action.ran(vectorTime, strings.Repeat("\x01", 4000)),
		tr.item(), action.ran(vectorTime, ""), action.ran(vectorTime, strings.Repeat("e", 300)), tr.Alarm.configured(vectorTime, "created"),
	} {
		if n := utf8.RuneCountInString(item.Summary); n > 255 {
			t.Errorf("%s summary has %d characters, want at most 255", item.Type, n)
		}
		if n := utf8.RuneCountInString(item.Data); n > 4095 || !json.Valid([]byte(item.Data)) {
			t.Errorf("%s data has %d characters, valid %v, want at most 4095 of JSON", item.Type, n, json.Valid([]byte(item.Data)))
		}
	}
}

func TestStateUpdateItem(t *testing.T) {
	tr := ringing()
	tr.Alarm.ReasonData, tr.Old = `{"version":"1.0"}`, initial(vectorTime)
	got := tr.item()
	want := `{"version":"1.0","oldState":{"stateValue":"INSUFFICIENT_DATA","stateReason":"Unchecked: Initial alarm creation"},` +
		`"newState":{"stateValue":"ALARM","stateReason":"because <it> \"rang\"","stateReasonData":{"version":"1.0"}}}`
	if got.Data != want || got.Summary != "Alarm updated from INSUFFICIENT_DATA to ALARM" {
		t.Errorf("item = %s %s, want %s", got.Summary, got.Data, want)
	}
}

func TestConfigurationItem(t *testing.T) {
	a := ringing().Alarm
	a.Rule.DatapointsToAlarm, a.Description = 1, "d"
	want := `{"version":"1.0","type":"Create","createdAlarm":{"alarmName":"cis 3.1","alarmDescription":"d",` +
		`"alarmArn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:cis 3.1","alarmConfigurationUpdatedTimestamp":"2021-09-15T18:32:31.123+0000",` +
		`"namespace":"CIS","metricName":"Denied","statistic":"Sum","period":300,"dimensions":[{"value":"1","name":"a"},{"value":"2","name":"b"}],` +
		`"threshold":1.0,"comparisonOperator":"GreaterThanOrEqualToThreshold","evaluationPeriods":1,"datapointsToAlarm":1,"treatMissingData":"notBreaching",` +
		`"stateValue":"ALARM","stateUpdatedTimestamp":"2021-09-15T18:32:31.123+0000","actionsEnabled":true,` +
		`"alarmActions":["arn:aws:sns:us-east-1:123456789012:t"],"insufficientDataActions":[],"okactions":[]}}`
	if got := a.configured(vectorTime, "created"); got.Data != want || got.Summary != `Alarm "cis 3.1" created` {
		t.Errorf("configured = %s\n%s\nwant\n%s", got.Summary, got.Data, want)
	}
}

func TestActionItem(t *testing.T) {
	a := Action{Target: "arn:aws:sns:us-east-1:123456789012:t", Transition: ringing()}
	var data struct {
		ActionState, NotificationResource, PublishedMessage string
		StateUpdateTimestamp                                int64
		Error                                               *string
	}
	ok := a.ran(vectorTime.Add(time.Second), "")
	if err := json.Unmarshal([]byte(ok.Data), &data); err != nil {
		t.Fatal(err)
	}
	var message map[string]string
	if err := json.Unmarshal([]byte(data.PublishedMessage), &message); err != nil {
		t.Fatal(err)
	}
	if data.ActionState != "Succeeded" || data.Error != nil || data.StateUpdateTimestamp != vectorTime.UnixMilli() ||
		message["default"] != ringing().json() || message["email"] != ringing().email() || message["sms"] != ringing().subject() {
		t.Errorf("ran = %s, want success with the published texts", ok.Data)
	}
	failed := a.ran(vectorTime, "no such topic")
	if want := fmt.Sprintf(`Failed to execute action %s. Received error: "no such topic"`, a.Target); failed.Summary != want {
		t.Errorf("summary = %s, want %s", failed.Summary, want)
	}
}

// TestStoredNames guards the names under which stores keep alarms: renaming a
// field would lose it for every alarm that is there.
func TestStoredNames(t *testing.T) {
	text, err := json.Marshal(ringing())
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{
		`"Scope":{"Partition":"aws","Account":"123456789012","Region":"us-east-1"}`, `"Name":"cis 3.1"`, `"Metric":{"Namespace":"CIS","Name":"Denied","Dimensions":[{"Name":"a"`,
		`"Rule":{"Namespace":"","Statistic":"Sum"`, `"Period":300000000000`, `"AlarmActions":["arn`, `"State":"ALARM"`, `"Seen":"`, `"Configured":"`, `"Transitioned":"`,
	} {
		if !strings.Contains(string(text), member) {
			t.Errorf("stored transition has no %s:\n%s", member, text)
		}
	}
}

func TestTokens(t *testing.T) {
	token := sealToken(alarmToken, "name with \x00 and ü")
	if got, err := openToken(alarmToken, token); err != nil || got != "name with \x00 and ü" {
		t.Errorf("openToken = %q, %v", got, err)
	}
	for _, bad := range []string{"x", "!!", sealToken(historyToken, "1 2"), sealToken(alarmToken, "")} {
		if _, err := openToken(alarmToken, bad); err != ErrInvalidToken {
			t.Errorf("openToken(%q) error = %v, want ErrInvalidToken", bad, err)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{"", "x", sealToken(alarmToken, "a"), sealToken(historyToken, "1 2"), sealToken(historyToken, "-1"), sealToken(historyToken, "9223372036854775808 0")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		place, err := openToken(historyToken, token)
		if err != nil && place != "" {
			t.Errorf("openToken(%q) = %q with %v", token, place, err)
		}
		if after, err := parsePlace(place); err != nil && after != nil {
			t.Errorf("parsePlace(%q) = %v with %v", place, after, err)
		}
	})
}
