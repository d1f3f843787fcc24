package cloudwatchapi

import (
	"context"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// compositeActionServices may be the targets of a composite alarm's actions.
var compositeActionServices = []string{"sns", "lambda", "ssm", "ssm-incidents", "aiops"}

// PutCompositeAlarm creates a composite alarm or replaces its definition.
func (a *Alarms) PutCompositeAlarm(ctx context.Context, in *shapes.PutCompositeAlarmInput) (*shapes.PutCompositeAlarmOutput, error) {
	scope := awsapi.CallFrom(ctx).Scope
	targets := slices.Concat(in.OKActions, in.AlarmActions, in.InsufficientDataActions)
	for _, err := range []error{checkName(in.AlarmName), checkActions(targets, compositeActionServices, scope), checkSuppressor(in)} {
		if err != nil {
			return nil, err
		}
	}
	tags, err := tagsOf(in.Tags)
	if err != nil {
		return nil, err
	}
	return nil, a.service.PutComposite(ctx, scope, readComposite(in), tags, a.now())
}

// readComposite is a checked request as the station takes it.
func readComposite(in *shapes.PutCompositeAlarmInput) alarm.Definition {
	return alarm.Definition{
		Name:           wire.Value(in.AlarmName),
		Description:    wire.Value(in.AlarmDescription),
		AlarmRule:      wire.Value(in.AlarmRule),
		ActionsEnabled: wire.Or(in.ActionsEnabled, true),
		Suppressor: alarm.Suppressor{
			Alarm:           wire.Value(in.ActionsSuppressor),
			WaitPeriod:      seconds(in.ActionsSuppressorWaitPeriod),
			ExtensionPeriod: seconds(in.ActionsSuppressorExtensionPeriod),
		},
		OKActions:               in.OKActions,
		AlarmActions:            in.AlarmActions,
		InsufficientDataActions: in.InsufficientDataActions,
	}
}

// checkSuppressor demands the suppressor and both periods, or none of them.
func checkSuppressor(in *shapes.PutCompositeAlarmInput) error {
	for _, p := range []struct {
		name  string
		value *int32
	}{
		{"ActionsSuppressorWaitPeriod", in.ActionsSuppressorWaitPeriod},
		{"ActionsSuppressorExtensionPeriod", in.ActionsSuppressorExtensionPeriod},
	} {
		switch {
		case p.value == nil && in.ActionsSuppressor != nil:
			return invalid("%s must not be null if ActionsSuppressor is set.", p.name)
		case p.value != nil && in.ActionsSuppressor == nil:
			return invalid("%s should not be set if ActionsSuppressor is not set.", p.name)
		case wire.Value(p.value) < 0:
			return invalid("%s must not be negative.", p.name)
		}
	}
	return nil
}

func checkName(name *string) error {
	if strings.ContainsFunc(wire.Value(name), control) {
		return invalid("The parameter AlarmName must not contain control characters.")
	}
	return nil
}
