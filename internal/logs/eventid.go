package logs

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// Position is an event's place in the order that readers see: by timestamp,
// then by ingestion, then as given. It is also where a page of events ends.
type Position struct {
	Timestamp int64 // ms
	Chunk     int64
	Index     int64
}

// EventID is the ID of the event at the index of a chunk: 56 digits, as AWS's
// IDs have, unique for good, and in the order of Position when compared as text.
func EventID(timestamp time.Time, chunk int64, index int) string {
	return Position{Timestamp: timestamp.UnixMilli(), Chunk: chunk, Index: int64(index)}.String()
}

// String is the event ID.
func (p Position) String() string {
	return fmt.Sprintf("%020d%020d%016d", p.Timestamp, p.Chunk, p.Index)
}

// ParseEventID is the reverse of EventID.
func ParseEventID(id string) (Position, error) {
	if len(id) != 56 {
		return Position{}, fmt.Errorf("event ID %.60q: want 56 digits", id)
	}
	var numbers [3]int64
	for i, part := range []string{id[:20], id[20:40], id[40:]} {
		n, err := strconv.ParseUint(part, 10, 63)
		if err != nil {
			return Position{}, fmt.Errorf("event ID %q: %w", id, err)
		}
		numbers[i] = int64(n)
	}
	return Position{Timestamp: numbers[0], Chunk: numbers[1], Index: numbers[2]}, nil
}

// Compare orders positions: negative when p comes before other.
func (p Position) Compare(other Position) int {
	return cmp.Or(cmp.Compare(p.Timestamp, other.Timestamp), cmp.Compare(p.Chunk, other.Chunk), cmp.Compare(p.Index, other.Index))
}

// indexes is how many places a chunk has in an event ID.
const indexes = 1e16

// next is the place right behind p: no event is between them.
func (p Position) next() Position {
	p.Index++
	return p
}

// prev is a place before p such that no event is between them. Chunk IDs
// begin at 1.
func (p Position) prev() Position {
	if p.Index > 0 {
		p.Index--
		return p
	}
	return Position{Timestamp: p.Timestamp, Chunk: max(0, p.Chunk-1), Index: indexes - 1}
}
