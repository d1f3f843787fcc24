package logs

import (
	"strings"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

var _ wire.QuickJSON = (*PutLogEventsInput)(nil)

// mostEvents is how many events a batch may have.
const mostEvents = 10000

// QuickJSON reads a batch of events. All texts share one string and all
// timestamps one array, so that a batch costs a handful of allocations.
func (in *PutLogEventsInput) QuickJSON(body []byte) bool {
	s := wire.NewScanner(body)
	var group, stream wire.Span
	var messages []wire.Span
	var times []int64
	s.Object(func(name []byte) {
		switch string(name) {
		case "logGroupName":
			group = s.Text()
		case "logStreamName":
			stream = s.Text()
		case "logEvents":
			messages, times = quickEvents(s, messages[:0], times[:0])
		default:
			s.Fail() // entity, sequenceToken and what nobody knows
		}
	})
	if !s.Done() || len(times) == 0 || len(times) > mostEvents {
		return false
	}
	texts := s.Texts()
	groupName, streamName := group.In(texts), stream.In(texts)
	if !plainName(groupName) || !plainName(streamName) {
		return false
	}
	in.LogGroupName, in.LogStreamName = &groupName, &streamName
	in.LogEvents = joinEvents(texts, messages, times)
	return true
}

func quickEvents(s *wire.Scanner, messages []wire.Span, times []int64) ([]wire.Span, []int64) {
	s.List(func() {
		var message wire.Span
		at := int64(-1)
		s.Object(func(name []byte) {
			switch string(name) {
			case "timestamp":
				at = s.Int()
			case "message":
				message = s.Text()
			default:
				s.Fail()
			}
		})
		if at < 0 || message.Empty() {
			s.Fail()
		}
		messages, times = append(messages, message), append(times, at)
	})
	return messages, times
}

func joinEvents(texts string, messages []wire.Span, times []int64) []InputLogEvent {
	words := make([]string, len(messages))
	events := make([]InputLogEvent, len(messages))
	for i, m := range messages {
		words[i] = m.In(texts)
		events[i] = InputLogEvent{Message: &words[i], Timestamp: &times[i]}
	}
	return events
}

// plainName tells names that satisfy the patterns of groups and streams alike.
// Streams may have others: those take the general path.
func plainName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-/.#", r))
	})
}
