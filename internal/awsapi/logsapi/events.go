package logsapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/filterpattern"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/logs"
)

// PutLogEvents takes events in. Sequence tokens are accepted and ignored, as on
// AWS since 2023.
func (a *api) PutLogEvents(ctx context.Context, in *shapes.PutLogEventsInput) (*shapes.PutLogEventsOutput, error) {
	events := make([]logs.Input, len(in.LogEvents))
	for i, e := range in.LogEvents {
		events[i] = logs.Input{Timestamp: wire.Value(e.Timestamp), Message: wire.Value(e.Message)}
	}
	rejected, err := a.logs.Put(ctx, scope(ctx), wire.Value(in.LogGroupName), wire.Value(in.LogStreamName), events)
	if err != nil {
		return nil, err
	}
	out := &shapes.PutLogEventsOutput{NextSequenceToken: new(fmt.Sprintf("49%054d", time.Now().UnixNano()))}
	if rejected.Any() {
		out.RejectedLogEventsInfo = &shapes.RejectedLogEventsInfo{
			TooNewLogEventStartIndex: index(rejected.TooNewStart),
			TooOldLogEventEndIndex:   index(rejected.TooOldEnd),
			ExpiredLogEventEndIndex:  index(rejected.ExpiredEnd),
		}
	}
	return out, nil
}

func index(i *int) *int32 {
	if i == nil {
		return nil
	}
	return new(int32(*i))
}

// GetLogEvents reads the events of a stream.
func (a *api) GetLogEvents(ctx context.Context, in *shapes.GetLogEventsInput) (*shapes.GetLogEventsOutput, error) {
	group, err := groupName(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	page, err := a.logs.Get(ctx, logs.GetRequest{
		Scope: scope(ctx), Group: group, Stream: wire.Value(in.LogStreamName), Start: in.StartTime, End: in.EndTime,
		Limit: int(wire.Value(in.Limit)), FromHead: wire.Value(in.StartFromHead), Token: wire.Value(in.NextToken),
	})
	if err != nil {
		return nil, err
	}
	out := &shapes.GetLogEventsOutput{Events: []shapes.OutputLogEvent{}, NextForwardToken: &page.Forward, NextBackwardToken: &page.Backward}
	for _, e := range page.Events {
		out.Events = append(out.Events, shapes.OutputLogEvent{Timestamp: &e.Timestamp, Message: new(string(e.Message)), IngestionTime: &e.Ingested})
	}
	return out, nil
}

// FilterLogEvents searches the events of a group. They come in order of time
// over all streams, whether interleaved is asked for or not, and
// searchedLogStreams is empty, as on AWS since 2019.
func (a *api) FilterLogEvents(ctx context.Context, in *shapes.FilterLogEventsInput) (*shapes.FilterLogEventsOutput, error) {
	group, err := groupName(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	if in.LogStreamNames != nil && in.LogStreamNamePrefix != nil {
		return nil, invalid("LogStream names and LogStream name prefix are mutually exclusive parameters.")
	}
	match, err := matcher(wire.Value(in.FilterPattern))
	if err != nil {
		return nil, err
	}
	page, err := a.logs.Filter(ctx, logs.FilterRequest{
		Scope: scope(ctx), Group: group, Streams: in.LogStreamNames, StreamPrefix: wire.Value(in.LogStreamNamePrefix),
		Start: in.StartTime, End: in.EndTime, Match: match, Limit: int(wire.Value(in.Limit)), Token: wire.Value(in.NextToken),
	})
	if err != nil {
		return nil, err
	}
	out := &shapes.FilterLogEventsOutput{Events: []shapes.FilteredLogEvent{}, SearchedLogStreams: []shapes.SearchedLogStream{}}
	for _, e := range page.Events {
		out.Events = append(out.Events, shapes.FilteredLogEvent{
			LogStreamName: &e.Stream, Timestamp: &e.Timestamp, Message: new(string(e.Message)), IngestionTime: &e.Ingested, EventId: new(e.String()),
		})
	}
	if page.Next != "" {
		out.NextToken = &page.Next
	}
	return out, nil
}

// matcher is nil for the pattern that matches everything.
func matcher(text string) (func([]byte) bool, error) {
	pattern, err := filterpattern.Parse(text)
	var syntax *filterpattern.SyntaxError
	if errors.As(err, &syntax) && syntax.Msg == filterpattern.InvalidPattern {
		return nil, invalid("Invalid filter pattern")
	}
	if err != nil || text == "" {
		return nil, err
	}
	return pattern.Match, nil
}
