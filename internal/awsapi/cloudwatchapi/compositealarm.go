package cloudwatchapi

import (
	"time"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
)

// shown is how much DescribeAlarms tells of an alarm: everything, unless it is
// asked for as somebody's child or parent.
type shown struct{ children, parents bool }

func (s shown) metric(a alarm.Alarm) shapes.MetricAlarm {
	full := metricAlarm(a)
	switch {
	case s.children:
		return shapes.MetricAlarm{AlarmName: full.AlarmName, AlarmArn: full.AlarmArn, StateValue: full.StateValue, StateUpdatedTimestamp: full.StateUpdatedTimestamp}
	case s.parents:
		return shapes.MetricAlarm{AlarmName: full.AlarmName, AlarmArn: full.AlarmArn}
	}
	return full
}

func (s shown) composite(a alarm.Alarm) shapes.CompositeAlarm {
	full := compositeAlarm(a)
	switch {
	case s.children:
		return shapes.CompositeAlarm{AlarmName: full.AlarmName, AlarmArn: full.AlarmArn, StateValue: full.StateValue, StateUpdatedTimestamp: full.StateUpdatedTimestamp}
	case s.parents:
		return shapes.CompositeAlarm{AlarmName: full.AlarmName, AlarmArn: full.AlarmArn}
	}
	return full
}

// compositeAlarm is an alarm as AWS shows it: optional parts that were not set are
// left out, but lists are there even when empty.
func compositeAlarm(a alarm.Alarm) shapes.CompositeAlarm {
	name, state := a.ARN(), string(a.State)
	out := shapes.CompositeAlarm{
		AlarmName: &a.Name, AlarmArn: &name, AlarmDescription: optional(a.Description), AlarmRule: &a.AlarmRule,
		AlarmConfigurationUpdatedTimestamp: &a.Configured,
		ActionsEnabled:                     &a.ActionsEnabled,
		OKActions:                          list(a.OKActions), AlarmActions: list(a.AlarmActions), InsufficientDataActions: list(a.InsufficientDataActions),
		StateValue: &state, StateReason: &a.Reason, StateReasonData: optional(a.ReasonData),
		StateUpdatedTimestamp: &a.Updated, StateTransitionedTimestamp: &a.Transitioned,
	}
	if a.Suppressor.Alarm != "" {
		wait, extension := int32(a.Suppressor.WaitPeriod/time.Second), int32(a.Suppressor.ExtensionPeriod/time.Second)
		out.ActionsSuppressor, out.ActionsSuppressorWaitPeriod, out.ActionsSuppressorExtensionPeriod = &a.Suppressor.Alarm, &wait, &extension
	}
	if a.Held != nil {
		by := string(a.Held.By)
		out.ActionsSuppressedBy, out.ActionsSuppressedReason = &by, optional("Actions suppressed by "+by)
	}
	return out
}
