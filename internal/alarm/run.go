package alarm

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	retryAfter = 5 * time.Second // between tries of an action
	giveUp     = time.Hour       // after which an action has failed
	sweepEvery = time.Hour
	clockJump  = time.Minute // what the schedule does not step through second by second
)

// Run evaluates alarms and executes actions until the context ends. It begins
// with what a stop or a crash has left: actions that are owed, and data that no
// evaluation has seen.
func (s *Service) Run(ctx context.Context) error {
	group, loops := errgroup.WithContext(ctx)
	for _, loop := range []func(context.Context) error{s.watch, s.release, s.act, s.sweep} {
		group.Go(func() error { return loop(loops) })
	}
	if err := group.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

// watch evaluates alarms. At the start, and whenever the schedule was lost,
// because the store failed or the clock has jumped, it first catches up.
func (s *Service) watch(ctx context.Context) error {
	for {
		last := time.Now().Truncate(time.Second)
		err := s.CatchUp(ctx, time.Now())
		if err == nil {
			err = s.follow(ctx, last)
		}
		s.report(ctx, "evaluate alarms", err)
		if err := sleep(ctx, retryAfter); err != nil {
			return err
		}
	}
}

// follow evaluates each alarm on its second, beginning behind last, until
// that fails or the clock jumps.
func (s *Service) follow(ctx context.Context, last time.Time) error {
	for {
		if err := sleep(ctx, min(time.Second, time.Until(last.Add(time.Second)))); err != nil {
			return err
		}
		now, before := time.Now(), last
		if jump := now.Sub(last); jump.Abs() > clockJump {
			return fmt.Errorf("clock jumped by %s", jump)
		}
		var looks []look
		for ; !last.Add(time.Second).After(now); last = last.Add(time.Second) {
			looks = append(looks, lookAt(s.index.due(last.Add(time.Second)), now, false)...)
		}
		if err := s.evaluate(ctx, now, looks); err != nil {
			return err
		}
		if !last.Truncate(time.Minute).After(before) {
			continue
		}
		if err := s.store.SetEvaluated(ctx, last); err != nil {
			return err
		}
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
