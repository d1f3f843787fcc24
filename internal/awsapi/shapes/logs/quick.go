package logs

import (
	"errors"
	"strconv"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

var _ wire.QuickInput = (*PutLogEventsInput)(nil)

// errUnusual leaves a request to the general path.
var errUnusual = errors.New("unusual")

// mostEvents is how many events a batch may have.
const mostEvents = 10000

// QuickJSON reads a batch of events. All texts share one string and all
// timestamps one array, so that a batch costs a handful of allocations.
func (in *PutLogEventsInput) QuickJSON(body []byte) bool {
	s := wire.NewScanner(body)
	var group, stream wire.Span
	var events quickEvents
	for s.Begin('{'); s.More('}'); {
		switch string(s.Name()) {
		case "logGroupName":
			group = s.Text()
		case "logStreamName":
			stream = s.Text()
		case "logEvents":
			events = readEvents(s)
		default:
			s.Fail(errUnusual) // entity, sequenceToken and what nobody knows
		}
	}
	if s.Err() != nil || len(events.times) == 0 || len(events.times) > mostEvents {
		return false
	}
	texts := s.Texts()
	groupName, streamName := group.In(texts), stream.In(texts)
	if !plainName(groupName) || !plainName(streamName) {
		return false
	}
	in.LogGroupName, in.LogStreamName = &groupName, &streamName
	in.LogEvents = events.join(texts)
	return true
}

// quickEvents are events by columns.
type quickEvents struct {
	messages []wire.Span
	times    []int64
}

func readEvents(s *wire.Scanner) (e quickEvents) {
	for s.Begin('['); s.More(']'); {
		var message wire.Span
		at := int64(-1)
		for s.Begin('{'); s.More('}'); {
			switch string(s.Name()) {
			case "timestamp":
				at = quickTime(s)
			case "message":
				message = s.Text()
			default:
				s.Fail(errUnusual)
			}
		}
		if at < 0 || message.Empty() {
			s.Fail(errUnusual)
		}
		e.messages, e.times = append(e.messages, message), append(e.times, at)
	}
	return e
}

// quickTime reads a timestamp. What is not a whole number, the general path looks at.
func quickTime(s *wire.Scanner) int64 {
	n, err := strconv.ParseInt(string(s.Number()), 10, 64)
	if err != nil {
		s.Fail(errUnusual)
	}
	return n
}

func (e quickEvents) join(texts string) []InputLogEvent {
	words := make([]string, len(e.messages))
	events := make([]InputLogEvent, len(e.messages))
	for i, m := range e.messages {
		words[i] = m.In(texts)
		events[i] = InputLogEvent{Message: &words[i], Timestamp: &e.times[i]}
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
