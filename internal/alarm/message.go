package alarm

import (
	"strings"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

// json is the alarm as its subscribers' programs read it. The order of members
// is AWS's.
func (t Transition) json() string {
	if t.Alarm.AlarmRule != "" {
		return t.compositeJSON()
	}
	a := t.Alarm
	return encode(metricMessage{
		AlarmName: a.Name, AlarmDescription: optional(a.Description), AWSAccountID: a.Scope.Account,
		Configured: stamp(a.Configured), NewStateValue: a.State, NewStateReason: a.Reason,
		StateChangeTime: stamp(t.At()), Region: RegionName(a.Scope.Region), AlarmARN: a.ARN(), OldStateValue: t.Old.State,
		OKActions: list(a.OKActions), AlarmActions: list(a.AlarmActions), InsufficientDataActions: list(a.InsufficientDataActions),
		Trigger: a.trigger(),
	})
}

type metricMessage struct {
	AlarmName        string
	AlarmDescription *string
	AWSAccountID     string `json:"AWSAccountId"`
	Configured       stamp  `json:"AlarmConfigurationUpdatedTimestamp"`
	NewStateValue    alarmeval.State
	NewStateReason   string
	StateChangeTime  stamp
	Region           string
	AlarmARN         string `json:"AlarmArn"`
	OldStateValue    alarmeval.State
	// AfterMute is always sent, and false as long as there are no mute rules.
	AfterMute                                        bool `json:"ActionExecutedAfterMuteWindow"`
	OKActions, AlarmActions, InsufficientDataActions []string
	Trigger                                          trigger
}

type trigger struct {
	MetricName, Namespace            string
	StatisticType                    string
	Statistic                        string `json:",omitempty"` // SUM
	ExtendedStatistic                string `json:",omitempty"` // p99
	Unit                             *string
	Dimensions                       []dimension
	Period, EvaluationPeriods        int
	DatapointsToAlarm                int `json:",omitempty"`
	ComparisonOperator               string
	Threshold                        double
	TreatMissingData                 string
	EvaluateLowSampleCountPercentile string
}

func (a Alarm) trigger() trigger {
	kind := "Statistic"
	if a.Rule.ExtendedStatistic != "" {
		kind = "ExtendedStatistic"
	}
	return trigger{
		MetricName: a.Metric.Name, Namespace: a.Metric.Namespace, StatisticType: kind,
		Statistic: strings.ToUpper(a.Rule.Statistic), ExtendedStatistic: a.Rule.ExtendedStatistic,
		Unit: optional(a.Rule.Unit), Dimensions: dimensions(a.Metric), Period: seconds(a.Rule.Period),
		EvaluationPeriods: a.Rule.EvaluationPeriods, DatapointsToAlarm: a.Rule.DatapointsToAlarm,
		ComparisonOperator: a.Rule.ComparisonOperator, Threshold: double(a.Rule.Threshold),
		TreatMissingData:                 a.Rule.TreatMissingData,
		EvaluateLowSampleCountPercentile: a.Rule.EvaluateLowSampleCountPercentile,
	}
}

// compositeJSON is the message of a composite alarm, which has no Trigger.
func (t Transition) compositeJSON() string {
	type childState struct {
		Value     alarmeval.State
		Timestamp stamp
	}
	type child struct {
		ARN   string `json:"Arn"`
		State childState
	}
	a, children := t.Alarm, []child{}
	for _, c := range t.Children {
		children = append(children, child{c.ARN, childState{c.State, stamp(c.Updated)}})
	}
	return encode(struct {
		AlarmName                                        string
		AlarmDescription                                 *string
		AWSAccountID                                     string `json:"AWSAccountId"`
		NewStateValue                                    alarmeval.State
		NewStateReason                                   string
		StateChangeTime                                  stamp
		Region                                           string
		AlarmARN                                         string `json:"AlarmArn"`
		OKActions, AlarmActions, InsufficientDataActions []string
		OldStateValue                                    alarmeval.State
		AlarmRule                                        string
		TriggeringChildren                               []child
	}{
		a.Name, optional(a.Description), a.Scope.Account, a.State, a.Reason, stamp(t.At()), RegionName(a.Scope.Region), a.ARN(),
		list(a.OKActions), list(a.AlarmActions), list(a.InsufficientDataActions), t.Old.State, a.AlarmRule, children,
	})
}
