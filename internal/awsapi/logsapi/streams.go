package logsapi

import (
	"context"
	"strconv"
	"strings"
	"time"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/logs"
)

// CreateLogStream makes an empty log stream.
func (a *api) CreateLogStream(ctx context.Context, in *shapes.CreateLogStreamInput) (*shapes.CreateLogStreamOutput, error) {
	return nil, a.logs.CreateStream(ctx, scope(ctx), wire.Value(in.LogGroupName), wire.Value(in.LogStreamName))
}

// DescribeLogStreams lists the streams of a log group.
func (a *api) DescribeLogStreams(ctx context.Context, in *shapes.DescribeLogStreamsInput) (*shapes.DescribeLogStreamsOutput, error) {
	name, err := groupName(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	query, err := streamQuery(in)
	if err != nil {
		return nil, err
	}
	group, streams, err := a.logs.Streams(ctx, scope(ctx), name, query)
	if err != nil {
		return nil, err
	}
	out := &shapes.DescribeLogStreamsOutput{LogStreams: []shapes.LogStream{}}
	if limit := query.Limit - 1; len(streams) > limit {
		streams = streams[:limit]
		out.NextToken = new(streamToken(query.ByLast, streams[limit-1]))
	}
	for _, s := range streams {
		out.LogStreams = append(out.LogStreams, describeStream(group, s))
	}
	return out, nil
}

// streamQuery asks for one stream more than a page has, to know whether there is another page.
func streamQuery(in *shapes.DescribeLogStreamsInput) (logs.StreamQuery, error) {
	query := logs.StreamQuery{
		Prefix: wire.Value(in.LogStreamNamePrefix), ByLast: wire.Value(in.OrderBy) == "LastEventTime",
		Descending: wire.Value(in.Descending), Limit: int(wire.Or(in.Limit, listLimit)) + 1,
	}
	if query.ByLast && query.Prefix != "" {
		return query, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	var err error
	if in.NextToken != nil {
		query.After, err = parseStreamToken(query.ByLast, *in.NextToken)
	}
	return query, err
}

// The kinds of tokens: one of each order.
const (
	streamsToken       = "streams"
	streamsByLastToken = "streams by last event"
)

func streamToken(byLast bool, last logs.Stream) string {
	if !byLast {
		return logs.PageToken(streamsToken, last.Name)
	}
	ms := ""
	if !last.LastEvent.IsZero() {
		ms = strconv.FormatInt(last.LastEvent.UnixMilli(), 10)
	}
	return logs.PageToken(streamsByLastToken, ms+":"+last.Name)
}

func parseStreamToken(byLast bool, token string) (*logs.Stream, error) {
	if !byLast {
		name, err := logs.ParsePageToken(streamsToken, token)
		return &logs.Stream{Name: name}, err
	}
	place, err := logs.ParsePageToken(streamsByLastToken, token)
	if err != nil {
		return nil, err
	}
	at, name, _ := strings.Cut(place, ":")
	if at == "" {
		return &logs.Stream{Name: name}, nil
	}
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return nil, logs.ErrBadToken
	}
	return &logs.Stream{Name: name, LastEvent: time.UnixMilli(ms)}, nil
}

// describeStream is a stream as AWS lists it. Its storedBytes are 0 whatever it
// holds, as they have been on AWS since 2019.
func describeStream(g logs.Group, s logs.Stream) shapes.LogStream {
	out := shapes.LogStream{LogStreamName: &s.Name, Arn: new(g.StreamARN(s.Name).String()), CreationTime: millis(s.Created), StoredBytes: new(int64(0))}
	if !s.LastEvent.IsZero() {
		out.FirstEventTimestamp, out.LastEventTimestamp, out.LastIngestionTime = millis(s.FirstEvent), millis(s.LastEvent), millis(s.LastIngest)
	}
	return out
}

// DeleteLogStream removes a stream and its events.
func (a *api) DeleteLogStream(ctx context.Context, in *shapes.DeleteLogStreamInput) (*shapes.DeleteLogStreamOutput, error) {
	return nil, a.logs.DeleteStream(ctx, scope(ctx), wire.Value(in.LogGroupName), wire.Value(in.LogStreamName))
}
