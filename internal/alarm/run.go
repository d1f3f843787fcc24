package alarm

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	retryAfter = 5 * time.Second // between tries of an action
	giveUp     = time.Hour       // after which an action has failed
	sweepEvery = time.Hour
)

// Run evaluates alarms and executes actions until the context ends. It begins
// with what a stop or a crash has left: actions that are owed, and data that no
// evaluation has seen.
func (s *Service) Run(ctx context.Context) error {
	group, loops := errgroup.WithContext(ctx)
	for _, loop := range []func(context.Context) error{s.watch, s.act, s.sweep} {
		group.Go(func() error { return loop(loops) })
	}
	if err := group.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

// watch evaluates each alarm on its second. Seconds that went by while it was
// busy are caught up with, up to a minute.
func (s *Service) watch(ctx context.Context) error {
	last := time.Now().Truncate(time.Second)
	for err := s.CatchUp(ctx, time.Now()); err != nil; err = s.CatchUp(ctx, time.Now()) {
		s.report(ctx, "catch up with alarms", err)
		if err := sleep(ctx, retryAfter); err != nil {
			return err
		}
	}
	for {
		if err := sleep(ctx, time.Until(last.Add(time.Second))); err != nil {
			return err
		}
		now, before := time.Now(), last
		last = later(last, now.Truncate(time.Second).Add(-time.Minute))
		var looks []look
		for ; !last.Add(time.Second).After(now); last = last.Add(time.Second) {
			looks = append(looks, lookAt(s.index.due(last.Add(time.Second)), now, false)...)
		}
		err := s.evaluate(ctx, now, looks)
		if err == nil && last.Truncate(time.Minute).After(before) {
			err = s.store.SetEvaluated(ctx, last)
		}
		s.report(ctx, "evaluate alarms", err)
	}
}

// sweep forgets old history.
func (s *Service) sweep(ctx context.Context) error {
	for {
		s.report(ctx, "sweep alarm history", s.store.Sweep(ctx, time.Now().Add(-HistoryRetention)))
		if err := sleep(ctx, sweepEvery); err != nil {
			return err
		}
	}
}

// report logs what a loop has failed to do and will try again.
func (s *Service) report(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		s.log.Error("alarm loop failed", "doing", what, "err", err)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
