package logs

import (
	"bytes"
	"context"
)

// Messages reads the messages at some indexes of a chunk again. Those that have
// gone with their chunk are not among the answers.
func (s *Service) Messages(ctx context.Context, c Chunk, indexes []int) (map[int][]byte, error) {
	wanted := make(map[int]bool, len(indexes))
	for _, index := range indexes {
		wanted[index] = true
	}
	found := make(map[int][]byte, len(wanted))
	for event, err := range s.events(ctx, c) {
		if err != nil {
			return found, err
		}
		if wanted[int(event.Index)] {
			found[int(event.Index)] = bytes.Clone(event.Message)
		}
		if len(found) == len(wanted) {
			break
		}
	}
	return found, nil
}
