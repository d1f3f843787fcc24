package logs

import (
	"bytes"
	"container/heap"
	"slices"
)

// MaxPageEvents and MaxPageBytes bound a page of events; a page has at least
// one event if there is any.
const (
	MaxPageEvents = 10_000
	MaxPageBytes  = 1 << 20 // of messages, EventOverhead added for each
)

// Found is an event that a reader sees.
type Found struct {
	Position
	Ingested int64 // ms
	Stream   string
	Message  []byte
}

// selection is a page in the making: of all events that it is offered, in any
// order, it keeps the first that fit (or the last, when backward), and no more
// memory than they need.
type selection struct {
	limit    int
	backward bool

	found worstFirst
	bytes int
	edge  *Position // the nearest event that did not fit: the page ends before it
	more  bool      // events beyond the page are known, or were not looked for
}

func newSelection(limit int, backward bool) *selection {
	return &selection{limit: limit, backward: backward, found: worstFirst{backward: backward}}
}

// wants says whether an event at p could be part of the page.
func (s *selection) wants(p Position) bool {
	return s.edge == nil || s.nearer(p, *s.edge)
}

// nearer says whether a comes before b in the direction of reading.
func (s *selection) nearer(a, b Position) bool {
	if s.backward {
		return a.Compare(b) > 0
	}
	return a.Compare(b) < 0
}

// add takes an event that wants agreed to, and copies its message.
func (s *selection) add(f Found) {
	f.Message = bytes.Clone(f.Message)
	heap.Push(&s.found, f)
	s.bytes += len(f.Message) + EventOverhead
	for s.found.Len() > s.limit || s.bytes > MaxPageBytes && s.found.Len() > 1 {
		worst := heap.Pop(&s.found).(Found)
		s.bytes -= len(worst.Message) + EventOverhead
		s.edge, s.more = &worst.Position, true
	}
}

// reaches says whether events at the timestamp (ms) could still be part of the
// page: it has room, or ends no nearer.
func (s *selection) reaches(timestamp int64) bool {
	if s.edge == nil && s.found.Len() < s.limit {
		return true
	}
	last := s.found.events[0].Timestamp
	if s.backward {
		return timestamp >= last
	}
	return timestamp <= last
}

// page is what was selected, in order of time whatever the direction.
func (s *selection) page() []Found {
	slices.SortFunc(s.found.events, func(a, b Found) int { return a.Compare(b.Position) })
	return s.found.events
}

// worstFirst is a heap whose root is the event furthest in the direction of reading.
type worstFirst struct {
	events   []Found
	backward bool
}

func (h *worstFirst) Len() int      { return len(h.events) }
func (h *worstFirst) Swap(i, j int) { h.events[i], h.events[j] = h.events[j], h.events[i] }
func (h *worstFirst) Push(x any)    { h.events = append(h.events, x.(Found)) }

func (h *worstFirst) Less(i, j int) bool {
	if h.backward {
		i, j = j, i
	}
	return h.events[i].Compare(h.events[j].Position) > 0
}

func (h *worstFirst) Pop() any {
	last := len(h.events) - 1
	f := h.events[last]
	h.events[last] = Found{}
	h.events = h.events[:last]
	return f
}
