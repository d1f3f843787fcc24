package pipeline

import (
	"context"
	"log/slog"
	"time"
)

// Sweeper forgets what is too old, a bounded number of things at a time, and
// says how many went.
type Sweeper struct {
	Name  string
	Sweep func(ctx context.Context, now time.Time) (int64, error)
}

// Sweep runs the sweepers at once and then every interval until the context
// ends. One that fails is tried again at the next turn.
func Sweep(interval time.Duration, log *slog.Logger, sweepers ...Sweeper) Loop {
	return func(ctx context.Context) error {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			for _, s := range sweepers {
				if err := s.untilDone(ctx); err != nil && ctx.Err() == nil {
					log.Error("sweep failed", "what", s.Name, "err", err)
				}
			}
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
		}
	}
}

func (s Sweeper) untilDone(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := s.Sweep(ctx, time.Now())
		if err != nil || n == 0 {
			return err
		}
	}
	return nil
}
