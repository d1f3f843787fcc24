package alarm

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// HistoryRetention is how long history is kept: as long as the AWS console
// shows it.
const HistoryRetention = 30 * 24 * time.Hour

// The limits of the API, in characters.
const (
	summaryLimit = 255
	dataLimit    = 4095
)

// HistoryItem is one line of an alarm's history. It outlives the alarm.
type HistoryItem struct {
	ID        int64 // order of arrival, given by the store
	AlarmName string
	AlarmType string
	Timestamp time.Time
	Type      HistoryType
	Summary   string
	Data      string // JSON
}

// HistoryType is what a history item is about.
type HistoryType string

// The types of history items.
const (
	ConfigurationUpdate HistoryType = "ConfigurationUpdate"
	StateUpdate         HistoryType = "StateUpdate"
	ActionRun           HistoryType = "Action"
)

func (a Alarm) historyItem(at time.Time, kind HistoryType, summary, data string) HistoryItem {
	return HistoryItem{AlarmName: a.Name, AlarmType: a.Type(), Timestamp: at, Type: kind, Summary: clip(summary, summaryLimit), Data: data}
}

// item is the StateUpdate of a transition. Where reasons and their data are more
// than an item may hold, the old data go first, then the new, then ends of reasons.
func (t Transition) item() HistoryItem {
	type state struct {
		StateValue      alarmeval.State `json:"stateValue"`
		StateReason     string          `json:"stateReason"`
		StateReasonData json.RawMessage `json:"stateReasonData,omitempty"`
	}
	type data struct {
		Version string `json:"version"`
		Old     state  `json:"oldState"`
		New     state  `json:"newState"`
	}
	d := data{"1.0",
		state{t.Old.State, t.Old.Reason, object(t.Old.ReasonData)},
		state{t.Alarm.State, t.Alarm.Reason, object(t.Alarm.ReasonData)}}
	text := within(func() string { return encode(d) },
		func() { d.Old.StateReasonData = nil },
		func() { d.New.StateReasonData = nil },
		func() { d.Old.StateReason = clip(d.Old.StateReason, summaryLimit) },
		func() { d.New.StateReason = clip(d.New.StateReason, summaryLimit) })
	return t.Alarm.historyItem(t.At(), StateUpdate, fmt.Sprintf("Alarm updated from %s to %s", t.Old.State, t.Alarm.State), text)
}

// within renders data, and as long as they are more than an item may hold, makes
// one of the cuts and renders them again.
func within(render func() string, cuts ...func()) string {
	text := render()
	for _, cut := range cuts {
		if utf8.RuneCountInString(text) <= dataLimit {
			break
		}
		cut()
		text = render()
	}
	return text
}

// object is reason data as a JSON value, nothing if it is none.
func object(data string) json.RawMessage {
	if data == "" || !json.Valid([]byte(data)) {
		return nil
	}
	return json.RawMessage(data)
}

// ran is the Action item of an action that was executed, or has failed with the
// given text.
func (a Action) ran(at time.Time, failure string) HistoryItem {
	summary, state, problem := "Successfully executed action "+a.Target, "Succeeded", (*string)(nil)
	if failure != "" {
		summary = fmt.Sprintf("Failed to execute action %s. Received error: %q", a.Target, failure)
		failure = clip(failure, summaryLimit)
		state, problem = "Failed", &failure
	}
	message := a.Transition.message()
	data := a.data(state, problem, message)
	for _, text := range []*string{&message.Email, &message.Default} {
		for utf8.RuneCountInString(data) > dataLimit && *text != "" {
			*text = clip(*text, utf8.RuneCountInString(*text)*3/4)
			data = a.data(state, problem, message)
		}
	}
	return a.Transition.Alarm.historyItem(at, ActionRun, summary, data)
}

func (a Action) data(state string, problem *string, message texts) string {
	return encode(struct {
		ActionState          string  `json:"actionState"`
		StateUpdateTimestamp int64   `json:"stateUpdateTimestamp"`
		NotificationResource string  `json:"notificationResource"`
		PublishedMessage     string  `json:"publishedMessage"`
		Error                *string `json:"error"`
	}{state, a.Transition.At().UnixMilli(), a.Target, encode(message), problem})
}

// configured is the ConfigurationUpdate item of a change to the definition. What
// makes it longer than an item may be is left out.
func (a Alarm) configured(at time.Time, what string) HistoryItem {
	kind := map[string]string{"created": "Create", "updated": "Update", "deleted": "Delete"}[what]
	text := a.configurationWithin(func(c any) string {
		return fmt.Sprintf(`{"version":"1.0","type":%q,"%sAlarm":%s}`, kind, what, encode(c))
	})
	return a.historyItem(at, ConfigurationUpdate, fmt.Sprintf(`Alarm "%s" %s`, a.Name, what), text)
}

// configurationWithin renders the configuration so that it is no more than an
// item may hold.
func (a Alarm) configurationWithin(render func(any) string) string {
	if a.AlarmRule != "" {
		return a.compositeConfigurationWithin(render)
	}
	c := a.configuration()
	return within(func() string { return render(c) },
		func() { c.AlarmDescription = "" },
		func() { c.Dimensions = []dimension{} },
		func() { c.AlarmActions, c.InsufficientDataActions, c.OKActions = []string{}, []string{}, []string{} })
}

// configuration is a metric alarm as history shows it: note okactions.
type configuration struct {
	AlarmName               string          `json:"alarmName"`
	AlarmDescription        string          `json:"alarmDescription,omitempty"`
	AlarmARN                string          `json:"alarmArn"`
	Configured              stamp           `json:"alarmConfigurationUpdatedTimestamp"`
	Namespace               string          `json:"namespace"`
	MetricName              string          `json:"metricName"`
	Statistic               string          `json:"statistic,omitempty"`
	ExtendedStatistic       string          `json:"extendedStatistic,omitempty"`
	Period                  int             `json:"period"`
	Unit                    string          `json:"unit,omitempty"`
	Dimensions              []dimension     `json:"dimensions"`
	Threshold               double          `json:"threshold"`
	ComparisonOperator      string          `json:"comparisonOperator"`
	EvaluationPeriods       int             `json:"evaluationPeriods"`
	DatapointsToAlarm       int             `json:"datapointsToAlarm,omitempty"`
	TreatMissingData        string          `json:"treatMissingData,omitempty"`
	StateValue              alarmeval.State `json:"stateValue"`
	StateUpdated            stamp           `json:"stateUpdatedTimestamp"`
	ActionsEnabled          bool            `json:"actionsEnabled"`
	AlarmActions            []string        `json:"alarmActions"`
	InsufficientDataActions []string        `json:"insufficientDataActions"`
	OKActions               []string        `json:"okactions"`
}

func (a Alarm) configuration() configuration {
	return configuration{
		AlarmName: a.Name, AlarmDescription: a.Description, AlarmARN: a.ARN(), Configured: stamp(a.Configured),
		Namespace: a.Metric.Namespace, MetricName: a.Metric.Name, Dimensions: dimensions(a.Metric),
		Statistic: a.Rule.Statistic, ExtendedStatistic: a.Rule.ExtendedStatistic, Unit: a.Rule.Unit,
		Period: seconds(a.Rule.Period), Threshold: double(a.Rule.Threshold), ComparisonOperator: a.Rule.ComparisonOperator,
		EvaluationPeriods: a.Rule.EvaluationPeriods, DatapointsToAlarm: a.Rule.DatapointsToAlarm,
		TreatMissingData: a.Rule.TreatMissingData, StateValue: a.State, StateUpdated: stamp(a.Updated),
		ActionsEnabled: a.ActionsEnabled, AlarmActions: list(a.AlarmActions),
		InsufficientDataActions: list(a.InsufficientDataActions), OKActions: list(a.OKActions),
	}
}

// clip cuts a text to limit characters.
func clip(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit])
}

// plain is a text for one line: control characters become spaces.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}
