// Package alarm is the fifth station of the chain: it watches metrics and says
// when something is wrong. An alarm is evaluated once a minute on its own second
// and, besides, as soon as a datapoint lands that can make it ring. A change of
// state is committed together with its history and the notifications that it
// owes, so that a crash loses neither and invents neither. How the state is
// decided is in alarmeval; who gets the notifications is downstream and reached
// through Publisher.
package alarm

import (
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Definition is an alarm as PutMetricAlarm or PutCompositeAlarm takes it. Stores
// keep it as JSON under these names.
type Definition struct {
	Name        string
	Description string     // empty: none
	Metric      metric.Key // what is watched; nothing by a composite alarm
	// Rule decides a metric alarm. Its Namespace is the metric's.
	Rule           alarmeval.Alarm
	ActionsEnabled bool
	// The ARNs that a change to the state of that name runs, in this order.
	OKActions, AlarmActions, InsufficientDataActions []string
	// AlarmRule decides a composite alarm, and is what makes it one.
	AlarmRule  string     `json:",omitempty"`
	Suppressor Suppressor `json:",omitzero"`
}

// Suppressor is an alarm that holds the actions of a composite one back.
type Suppressor struct {
	Alarm                       string // name or ARN, empty: none
	WaitPeriod, ExtensionPeriod time.Duration
}

// Status is the state of an alarm and why it is in it.
type Status struct {
	State      alarmeval.State
	Reason     string
	ReasonData string // JSON, empty: none
	// Updated is when the state was last written, Transitioned when its value
	// last changed.
	Updated, Transitioned time.Time
}

// Alarm is a definition in its scope with its present status.
type Alarm struct {
	Scope arn.Scope
	Definition
	Status
	Configured time.Time // when the definition was last written
	Tags       map[string]string
	// Seen is where the newest window ended of the last evaluation that changed
	// the state, or that would have rung within the minute. An evaluation of
	// earlier windows would take that back, and is not made.
	Seen time.Time
	// Held is the last change, while a suppressor holds its actions.
	Held *Held `json:",omitempty"`
	// Revision counts writes. A new alarm has 0.
	Revision int64
}

// ARN is the alarm's resource name.
func (a Alarm) ARN() string { return a.Scope.ARN("cloudwatch", "alarm:"+a.Name).String() }

// Series is the metric that the alarm watches.
func (a Alarm) Series() metric.Series { return metric.Series{Scope: a.Scope, Key: a.Metric} }

// Type is AWS's word for the kind of alarm.
func (d Definition) Type() string {
	if d.AlarmRule != "" {
		return Composite
	}
	return Metric
}

// The kinds of alarms.
const (
	Metric    = "MetricAlarm"
	Composite = "CompositeAlarm"
)

// initial is the status of a new alarm. No action runs for it.
func initial(now time.Time) Status {
	return Status{State: alarmeval.InsufficientData, Reason: "Unchecked: Initial alarm creation", Updated: now, Transitioned: now}
}
