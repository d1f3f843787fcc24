package logs

import (
	"fmt"
	"strconv"
	"time"
)

// Position is an event's place in the order that readers see: by timestamp,
// then by ingestion, then as given. It is also where a page of events ends.
type Position struct {
	Timestamp int64 // ms
	Chunk     int64
	Index     int
}

// EventID is the ID of the event at the index of a chunk: 56 digits, as AWS's
// IDs have, unique for good, and in the order of Position when compared as text.
func EventID(timestamp time.Time, chunk int64, index int) string {
	return Position{Timestamp: timestamp.UnixMilli(), Chunk: chunk, Index: index}.String()
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
	return Position{Timestamp: numbers[0], Chunk: numbers[1], Index: int(numbers[2])}, nil
}

// Before says whether p comes before other.
func (p Position) Before(other Position) bool {
	if p.Timestamp != other.Timestamp {
		return p.Timestamp < other.Timestamp
	}
	if p.Chunk != other.Chunk {
		return p.Chunk < other.Chunk
	}
	return p.Index < other.Index
}
