package cloudwatchapi

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// DescribeAlarmHistory returns what has happened to alarms, deleted ones too.
// Without types it is the history of metric alarms.
func (a *Alarms) DescribeAlarmHistory(ctx context.Context, in *shapes.DescribeAlarmHistoryInput) (*shapes.DescribeAlarmHistoryOutput, error) {
	types := in.AlarmTypes
	if len(types) == 0 {
		types = []string{alarm.Metric}
	}
	items, next, err := a.service.History(ctx, awsapi.CallFrom(ctx).Scope, alarm.HistoryQuery{
		AlarmName: wire.Value(in.AlarmName), AlarmTypes: types, Type: alarm.HistoryType(wire.Value(in.HistoryItemType)),
		Start: wire.Value(in.StartDate), End: wire.Value(in.EndDate), OldFirst: wire.Value(in.ScanBy) == "TimestampAscending",
		Limit: int(wire.Value(in.MaxRecords)), Token: wire.Value(in.NextToken),
	})
	if err != nil {
		return nil, err
	}
	out := &shapes.DescribeAlarmHistoryOutput{AlarmHistoryItems: []shapes.AlarmHistoryItem{}, NextToken: optional(next)}
	for _, i := range items {
		kind := string(i.Type)
		out.AlarmHistoryItems = append(out.AlarmHistoryItems, shapes.AlarmHistoryItem{
			AlarmName: &i.AlarmName, AlarmType: &i.AlarmType, Timestamp: &i.Timestamp,
			HistoryItemType: &kind, HistorySummary: &i.Summary, HistoryData: &i.Data,
		})
	}
	return out, nil
}
