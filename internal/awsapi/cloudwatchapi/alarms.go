package cloudwatchapi

import (
	"context"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// Alarms is the half of the API that sets up and reads alarms.
type Alarms struct {
	service *alarm.Service
	now     func() time.Time
}

// NewAlarms answers the alarm operations from a station. now is the clock of
// states and history; nil is the real one.
func NewAlarms(service *alarm.Service, now func() time.Time) *Alarms {
	if now == nil {
		now = time.Now
	}
	return &Alarms{service: service, now: now}
}

// DeleteAlarms deletes alarms; names that are unknown do not stop the others, but
// an alarm that a composite one depends on does.
func (a *Alarms) DeleteAlarms(ctx context.Context, in *shapes.DeleteAlarmsInput) (*shapes.DeleteAlarmsOutput, error) {
	return nil, a.service.Delete(ctx, awsapi.CallFrom(ctx).Scope, in.AlarmNames, a.now())
}

// SetAlarmState sets a state until the next evaluation.
func (a *Alarms) SetAlarmState(ctx context.Context, in *shapes.SetAlarmStateInput) (*shapes.SetAlarmStateOutput, error) {
	return nil, a.service.SetState(ctx, awsapi.CallFrom(ctx).Scope, wire.Value(in.AlarmName),
		alarmeval.State(wire.Value(in.StateValue)), wire.Value(in.StateReason), wire.Value(in.StateReasonData), a.now())
}

// EnableAlarmActions lets alarms run their actions from their next change on.
func (a *Alarms) EnableAlarmActions(ctx context.Context, in *shapes.EnableAlarmActionsInput) (*shapes.EnableAlarmActionsOutput, error) {
	return nil, a.service.EnableActions(ctx, awsapi.CallFrom(ctx).Scope, in.AlarmNames, a.now())
}

// DisableAlarmActions keeps alarms from running their actions.
func (a *Alarms) DisableAlarmActions(ctx context.Context, in *shapes.DisableAlarmActionsInput) (*shapes.DisableAlarmActionsOutput, error) {
	return nil, a.service.DisableActions(ctx, awsapi.CallFrom(ctx).Scope, in.AlarmNames, a.now())
}
