package logs

import (
	"context"
	"fmt"
	"time"
)

// step is how many chunks or blobs are dealt with at a time, so that no
// transaction holds up others for long.
const step = 500

// Maintain drops chunks that are older than their group's retention, and the
// blobs of all chunks that are gone.
func (s *Service) Maintain(ctx context.Context, now time.Time) error {
	for {
		n, err := s.store.Expire(ctx, now, step)
		if err != nil {
			return fmt.Errorf("expire log chunks: %w", err)
		}
		if n < step {
			break
		}
	}
	return s.reclaim(ctx)
}

func (s *Service) reclaim(ctx context.Context) error {
	for {
		keys, err := s.store.Garbage(ctx, step)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			if err := s.blobs.Delete(ctx, key); err != nil {
				return fmt.Errorf("reclaim log chunks: %w", err)
			}
		}
		if err := s.store.Forget(ctx, keys); err != nil {
			return fmt.Errorf("reclaim log chunks: %w", err)
		}
	}
}

// Sweep removes blobs that no chunk knows: a crash left them between their
// being written and their being committed. While a Put is under way its blob
// looks just like that, so call it before the first one.
func (s *Service) Sweep(ctx context.Context) error {
	var keys []string
	for key, err := range s.blobs.List(ctx, folder) {
		if err != nil {
			return fmt.Errorf("sweep log chunks: %w", err)
		}
		if keys = append(keys, key); len(keys) == step {
			if err := s.sweep(ctx, keys); err != nil {
				return err
			}
			keys = keys[:0]
		}
	}
	return s.sweep(ctx, keys)
}

func (s *Service) sweep(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	known, err := s.store.Known(ctx, keys)
	if err != nil {
		return fmt.Errorf("sweep log chunks: %w", err)
	}
	for _, key := range keys {
		if known[key] {
			continue
		}
		if err := s.blobs.Delete(ctx, key); err != nil {
			return fmt.Errorf("sweep log chunks: %w", err)
		}
		s.log.InfoContext(ctx, "removed a log chunk that was never committed", "key", key)
	}
	return nil
}
