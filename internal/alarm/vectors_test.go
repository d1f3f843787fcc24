package alarm

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// Vector is a line of alarms.jsonl by its members.
type Vector map[string]json.RawMessage

// Get decodes a member; one that is not there leaves the zero value.
func Get[T any](v Vector, member string) (T, error) {
	var value T
	raw, ok := v[member]
	if !ok {
		return value, nil
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, fmt.Errorf("member %s: %w", member, err)
	}
	return value, nil
}

// RunVectors runs the lines of the kinds that checks knows, each with the
// members that it understands.
func RunVectors(t *testing.T, members map[string][]string, checks map[string]func(Vector) error) {
	t.Helper()
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var v Vector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		id, _ := Get[string](v, "id")
		kind, _ := Get[string](v, "kind")
		confidence, _ := Get[string](v, "confidence")
		check, ok := checks[kind]
		if !ok {
			continue
		}
		err := known(v, members[kind])
		if err == nil {
			err = check(v)
		}
		switch {
		case errors.Is(err, errElsewhere):
		case err == nil:
			passed++
		case confidence == "low" || confidence == "inferred":
			t.Logf("%s (confidence %s): %v", id, confidence, err)
		default:
			failed++
			t.Errorf("%s: %v", id, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

// errElsewhere says that another package answers for a line of a shared kind.
var errElsewhere = errors.New("not of this package")

func known(v Vector, members []string) error {
	members = append([]string{"id", "kind", "feature", "note", "source", "confidence"}, members...)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if !slices.Contains(members, name) {
			return fmt.Errorf("unknown member %q", name)
		}
	}
	return nil
}

func TestVectorsAlarmTexts(t *testing.T) {
	RunVectors(t, map[string][]string{
		"actions": {"previous_state", "new_state", "actions_enabled", "ok_actions", "alarm_actions", "insufficient_data_actions", "expected_invoked"},
		"history": {"event", "expected", "expected_data_keys", "expected_summary_prefix"},
		"sns_message": {"alarm", "previous_state", "old_state", "new_state", "expected_paths", "expected_present", "expected_absent",
			"expected_keys_in_order", "timestamp_format"},
		"email_subject": {"alarm_name", "region", "new_state", "expected_subject"},
		"email_body":    {"alarm", "new_state", "old_state", "previous_state", "expected_lines_in_order", "expected_lines_contains"},
	}, map[string]func(Vector) error{
		"actions": checkActions, "history": checkHistory, "sns_message": checkMessage,
		"email_subject": checkSubject, "email_body": checkEmail,
	})
}

func checkActions(v Vector) error {
	var line struct {
		Previous     alarmeval.State `json:"previous_state"`
		New          alarmeval.State `json:"new_state"`
		Enabled      bool            `json:"actions_enabled"`
		OK           []string        `json:"ok_actions"`
		Alarm        []string        `json:"alarm_actions"`
		Insufficient []string        `json:"insufficient_data_actions"`
		Want         []string        `json:"expected_invoked"`
	}
	if err := v.decode(&line); err != nil {
		return err
	}
	a := Alarm{
		Definition: Definition{ActionsEnabled: line.Enabled, OKActions: line.OK, AlarmActions: line.Alarm, InsufficientDataActions: line.Insufficient},
		Status:     Status{State: line.Previous},
	}
	var got []string
	for _, action := range a.become(Status{State: line.New}, nil).Actions {
		got = append(got, action.Target)
	}
	if !slices.Equal(got, line.Want) {
		return fmt.Errorf("actions = %q, want %q", got, line.Want)
	}
	return nil
}

func (v Vector) decode(to any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

var (
	stateEvent  = regexp.MustCompile(`(\S+) -> (\S+)`)
	quotedName  = regexp.MustCompile(`^Alarm "(.*)" `)
	actionOf    = regexp.MustCompile(`action (arn:\S+?)(?:\.|$)`)
	eventWords  = map[string]string{"creat": "created", "updat": "updated", "delet": "deleted"}
	vectorScope = arn.Scope{Partition: "aws", Account: "123456789012", Region: "us-east-1"}
	vectorTime  = time.Date(2021, 9, 15, 18, 32, 31, 123e6, time.UTC)
)

func checkHistory(v Vector) error {
	var line struct {
		Event         string
		Expected      struct{ AlarmType, AlarmName, HistoryItemType, HistorySummary string }
		DataKeys      []string `json:"expected_data_keys"`
		SummaryPrefix string   `json:"expected_summary_prefix"`
	}
	if err := v.decode(&line); err != nil {
		return err
	}
	rule := ""
	if line.Expected.AlarmType == Composite {
		rule = "TRUE"
	}
	item, err := historyOf(line.Event, rule, line.Expected.HistorySummary+line.SummaryPrefix)
	if err != nil {
		return err
	}
	want := line.Expected
	switch {
	case string(item.Type) != want.HistoryItemType:
		return fmt.Errorf("type = %s, want %s", item.Type, want.HistoryItemType)
	case want.HistorySummary != "" && item.Summary != want.HistorySummary:
		return fmt.Errorf("summary = %q, want %q", item.Summary, want.HistorySummary)
	case !strings.HasPrefix(item.Summary, line.SummaryPrefix):
		return fmt.Errorf("summary = %q, want prefix %q", item.Summary, line.SummaryPrefix)
	case want.AlarmType != "" && item.AlarmType != want.AlarmType:
		return fmt.Errorf("alarm type = %s, want %s", item.AlarmType, want.AlarmType)
	case want.AlarmName != "" && item.AlarmName != want.AlarmName:
		return fmt.Errorf("alarm name = %s, want %s", item.AlarmName, want.AlarmName)
	}
	if keys := keysOf(item.Data); line.DataKeys != nil && !slices.Equal(keys, line.DataKeys) {
		return fmt.Errorf("data keys = %q, want %q", keys, line.DataKeys)
	}
	return nil
}

// historyOf makes the item of an event; what the line leaves open is taken from
// the summary that it expects.
func historyOf(event, rule, summary string) (HistoryItem, error) {
	a := Alarm{Scope: vectorScope, Definition: Definition{Name: "a", AlarmRule: rule}, Status: initial(vectorTime)}
	if m := quotedName.FindStringSubmatch(summary); m != nil {
		a.Name = m[1]
	}
	if m := stateEvent.FindStringSubmatch(event); m != nil {
		a.State = alarmeval.State(m[1])
		return a.become(Status{State: alarmeval.State(m[2]), Updated: vectorTime}, nil).History[0], nil
	}
	action := Action{Target: "arn:aws:sns:us-east-1:123456789012:t", Transition: Transition{Alarm: a}}
	if m := actionOf.FindStringSubmatch(summary); m != nil {
		action.Target = m[1]
	}
	switch {
	case strings.Contains(event, "publish ok"):
		return action.ran(vectorTime, ""), nil
	case strings.Contains(event, "publish denied"):
		return action.ran(vectorTime, "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: "+action.Target), nil
	}
	for word, what := range eventWords {
		if strings.Contains(event+summary, word) {
			return a.configured(vectorTime, what), nil
		}
	}
	return HistoryItem{}, fmt.Errorf("unknown event %q", event)
}

func keysOf(object string) []string {
	d := json.NewDecoder(strings.NewReader(object))
	var keys []string
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return keys
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			continue
		}
		if depth == 1 {
			keys = append(keys, fmt.Sprint(token))
			var value json.RawMessage
			if err := d.Decode(&value); err != nil {
				return keys
			}
		}
	}
}

// vectorAlarm is an alarm in the members of PutMetricAlarm, all optional.
type vectorAlarm struct {
	AlarmName, AlarmRule                             string
	AlarmDescription                                 *string
	Namespace, MetricName                            string
	Dimensions                                       []metric.Dimension
	Statistic, ExtendedStatistic                     string
	Unit                                             *string
	Period, EvaluationPeriods, DatapointsToAlarm     int
	Threshold                                        float64
	ComparisonOperator, TreatMissingData             string
	EvaluateLowSampleCountPercentile                 string
	OKActions, AlarmActions, InsufficientDataActions []string
	Note                                             string
}

func (v vectorAlarm) transition(old, state alarmeval.State, region string) Transition {
	a := Alarm{
		Scope: arn.Scope{Partition: "aws", Account: "123456789012", Region: region},
		Definition: Definition{
			Name: v.AlarmName, AlarmRule: v.AlarmRule, ActionsEnabled: true,
			Metric: metric.NewKey(v.Namespace, v.MetricName, v.Dimensions...),
			Rule: alarmeval.Alarm{
				Statistic: v.Statistic, ExtendedStatistic: v.ExtendedStatistic, Period: time.Duration(v.Period) * time.Second,
				EvaluationPeriods: max(1, v.EvaluationPeriods), DatapointsToAlarm: v.DatapointsToAlarm, Threshold: v.Threshold,
				ComparisonOperator: v.ComparisonOperator, TreatMissingData: v.TreatMissingData,
				EvaluateLowSampleCountPercentile: v.EvaluateLowSampleCountPercentile,
			},
			OKActions: v.OKActions, AlarmActions: v.AlarmActions, InsufficientDataActions: v.InsufficientDataActions,
		},
		Status: Status{State: state, Reason: "{reason}", Updated: vectorTime}, Configured: vectorTime,
	}
	if v.AlarmDescription != nil {
		a.Description = *v.AlarmDescription
	}
	if v.Unit != nil {
		a.Rule.Unit = *v.Unit
	}
	t := Transition{Alarm: a, Old: Status{State: old}}
	for _, m := range regexp.MustCompile(`(ALARM|OK|INSUFFICIENT_DATA)\("?([^")]+)"?\)`).FindAllStringSubmatch(v.AlarmRule, -1) {
		t.Children = append(t.Children, Child{ARN: a.Scope.ARN("cloudwatch", "alarm:"+m[2]).String(), State: alarmeval.State(m[1]), Updated: vectorTime})
	}
	return t
}

func checkMessage(v Vector) error {
	var line struct {
		Alarm    vectorAlarm
		Previous alarmeval.State `json:"previous_state"`
		Old      alarmeval.State `json:"old_state"`
		New      alarmeval.State `json:"new_state"`
		Paths    map[string]any  `json:"expected_paths"`
		Present  []string        `json:"expected_present"`
		Absent   []string        `json:"expected_absent"`
		Keys     []string        `json:"expected_keys_in_order"`
		Format   string          `json:"timestamp_format"`
	}
	if err := v.decode(&line); err != nil {
		return err
	}
	old := line.Previous + line.Old
	if old == "" {
		old = map[alarmeval.State]alarmeval.State{alarmeval.InAlarm: alarmeval.OK}[line.New]
	}
	if old == "" {
		old = alarmeval.InAlarm
	}
	text := line.Alarm.transition(old, line.New, "us-east-1").json()
	var message any
	if err := json.Unmarshal([]byte(text), &message); err != nil {
		return fmt.Errorf("message %s: %w", text, err)
	}
	for _, path := range slices.Sorted(maps.Keys(line.Paths)) {
		if got, ok := lookUp(message, path); !ok || !reflect.DeepEqual(got, line.Paths[path]) {
			return fmt.Errorf("%s = %v (present %v), want %v", path, got, ok, line.Paths[path])
		}
	}
	for _, path := range line.Present {
		if _, ok := lookUp(message, path); !ok {
			return fmt.Errorf("%s is missing in %s", path, text)
		}
	}
	for _, path := range line.Absent {
		if got, ok := lookUp(message, path); ok {
			return fmt.Errorf("%s = %v, want it absent", path, got)
		}
	}
	if line.Keys != nil && !slices.Equal(keysOf(text), line.Keys) {
		return fmt.Errorf("keys = %q, want %q", keysOf(text), line.Keys)
	}
	if got, _ := lookUp(message, "StateChangeTime"); line.Format == "yyyy-MM-ddTHH:mm:ss.SSS+0000" && got != "2021-09-15T18:32:31.123+0000" {
		return fmt.Errorf("StateChangeTime = %v, want the format %s", got, line.Format)
	}
	return nil
}

// lookUp follows a dotted path such as TriggeringChildren[0].State.Value.
func lookUp(value any, path string) (any, bool) {
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		switch container := value.(type) {
		case map[string]any:
			member, ok := container[step]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(container) {
				return nil, false
			}
			value = container[i]
		default:
			return nil, false
		}
	}
	return value, true
}

func checkSubject(v Vector) error {
	var line struct {
		Name   string          `json:"alarm_name"`
		Region string          `json:"region"`
		State  alarmeval.State `json:"new_state"`
		Want   string          `json:"expected_subject"`
	}
	if err := v.decode(&line); err != nil {
		return err
	}
	if got := (vectorAlarm{AlarmName: line.Name}).transition("", line.State, line.Region).subject(); got != line.Want {
		return fmt.Errorf("subject = %q, want %q", got, line.Want)
	}
	return nil
}

var (
	mailTime   = regexp.MustCompile(`\w+day \d\d? \w+, \d{4} \d\d:\d\d:\d\d UTC`)
	mailReason = regexp.MustCompile(`because "(.*?)"[ .]`)
	mailChange = regexp.MustCompile(`(?m)^- State Change: +(\S+) -> (\S+)`)
	mailState  = regexp.MustCompile(`(?:entered the|transitioned to) (\S+) state`)
	mailRegion = regexp.MustCompile(`deeplink\.js\?region=([a-z0-9-]+)`)
)

// checkEmail takes from the expected lines what the line leaves open: time,
// reason, states and region. The footer is added by SNS, not by CloudWatch.
func checkEmail(v Vector) error {
	var line struct {
		Alarm    vectorAlarm
		Previous alarmeval.State `json:"previous_state"`
		Old      alarmeval.State `json:"old_state"`
		New      alarmeval.State `json:"new_state"`
		Ordered  []string        `json:"expected_lines_in_order"`
		Contains []string        `json:"expected_lines_contains"`
	}
	if err := v.decode(&line); err != nil {
		return err
	}
	if line.Alarm.Note == "SNS footer" {
		return errElsewhere
	}
	want := strings.Join(slices.Concat(line.Ordered, line.Contains), "\n")
	old, state, region := line.Previous+line.Old, line.New, "us-east-1"
	if m := mailState.FindStringSubmatch(want); m != nil {
		state = alarmeval.State(m[1])
	}
	if m := mailChange.FindStringSubmatch(want); m != nil {
		old, state = alarmeval.State(m[1]), alarmeval.State(m[2])
	}
	if m := mailRegion.FindStringSubmatch(want); m != nil {
		region = m[1]
	}
	t := line.Alarm.transition(old, state, region)
	if m := mailTime.FindString(want); m != "" {
		at, err := time.Parse("Monday 2 January, 2006 15:04:05 MST", m)
		if err != nil {
			return err
		}
		t.Alarm.Updated = at
	}
	if m := mailReason.FindStringSubmatch(want); m != nil {
		t.Alarm.Reason = m[1]
	}
	lines := strings.Split(t.email(), "\n")
	at := 0
	for _, expected := range line.Ordered {
		found := slices.Index(lines[at:], expected)
		if found < 0 {
			return fmt.Errorf("line %q is missing, or out of order, in\n%s", expected, t.email())
		}
		at += found + 1
	}
	for _, expected := range line.Contains {
		if !strings.Contains(t.email(), expected) {
			return fmt.Errorf("%q is missing in\n%s", expected, t.email())
		}
	}
	return nil
}
