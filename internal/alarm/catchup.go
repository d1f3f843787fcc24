package alarm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/internal/metric"
)

// replayLimit bounds how many minutes are made up for: those that follow the
// last evaluation, where data that nobody has looked at can ring.
const replayLimit = 3 * 60

// CatchUp makes up for the time in which nobody evaluated: first the minutes
// that were missed, so that data committed just before a crash ring however long
// the program was down; then the unfinished minute as if its data had landed just
// now, and the last finished one. In the other order an alarm that both make ring
// on could fall back in between.
func (s *Service) CatchUp(ctx context.Context, now time.Time) error {
	if err := s.replay(ctx, now); err != nil {
		return fmt.Errorf("replay missed minutes: %w", err)
	}
	for _, early := range []bool{true, false} {
		if err := s.evaluate(ctx, now, lookAt(s.index.evaluated(), now, early)); err != nil {
			return fmt.Errorf("evaluate all alarms: %w", err)
		}
	}
	return s.store.SetEvaluated(ctx, clean(now))
}

// replay evaluates the missed minutes one by one, for the alarms whose metric
// has data that may not have been looked at. Without such data no alarm rings
// that would not ring now.
func (s *Service) replay(ctx context.Context, now time.Time) error {
	since, err := s.store.Evaluated(ctx)
	if err != nil || since.IsZero() {
		return err
	}
	minute := since.Truncate(time.Minute) // its alarms were not all evaluated
	if !minute.Before(now.Truncate(time.Minute)) {
		return nil
	}
	busy, err := s.withData(ctx, since.Add(-time.Minute), now)
	if err != nil || len(busy) == 0 {
		return err
	}
	for range replayLimit {
		if !minute.Before(now.Truncate(time.Minute)) {
			return nil
		}
		if err := s.evaluate(ctx, now, lookAt(busy, minute, false)); err != nil {
			return err
		}
		minute = minute.Add(time.Minute)
	}
	return nil
}

// withData are the alarms whose metric has data in a span of time.
func (s *Service) withData(ctx context.Context, from, to time.Time) ([]entry, error) {
	count, err := metric.ParseStatistic("SampleCount")
	if err != nil {
		return nil, err
	}
	start := from.Truncate(time.Minute)
	var busy []entry
	for chunk := range slices.Chunk(s.index.evaluated(), together) {
		queries := make([]metric.Query, len(chunk))
		for i, e := range chunk {
			queries[i] = metric.Query{Series: e.alarm.Series(), Statistic: count, Start: start, End: to, Period: max(time.Minute, to.Sub(start))}
		}
		points, err := s.metrics.PointsOf(ctx, queries)
		if err != nil {
			return nil, err
		}
		for i, e := range chunk {
			if len(points[i]) > 0 {
				busy = append(busy, e)
			}
		}
	}
	return busy, nil
}

// lookAt is a look at each of the alarms.
func lookAt(entries []entry, at time.Time, early bool) []look {
	looks := make([]look, len(entries))
	for i, e := range entries {
		looks[i] = look{entry: e, at: at, early: early}
	}
	return looks
}
