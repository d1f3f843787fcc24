package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

var (
	scope  = arn.Scope{Partition: "aws", Account: "123456789012", Region: "us-east-1"}
	minute = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
)

func datum(name string) metric.Datum {
	return metric.Datum{Key: metric.NewKey("N", name), Timestamp: minute, Set: metric.Sample(1, 1)}
}

func TestLandingSettlesAGroupOfFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looks [][]alarm.Landing
		l := NewLanding(func(_ context.Context, _ time.Time, landed []alarm.Landing) error {
			looks = append(looks, landed)
			return nil
		}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.Run(ctx) }()

		for range 3 { // three files, fifty milliseconds apart, are one look at two metrics
			l.Add(scope, []metric.Datum{datum("a"), datum("a"), datum("b")})
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if len(looks) != 1 || len(looks[0]) != 2 {
			t.Errorf("looks = %v, want one at two metrics", looks)
		}
		begun := time.Now()
		looks = nil
		for time.Since(begun) < 2*time.Second { // a flood does not put off the look for longer than patience
			l.Add(scope, []metric.Datum{datum("a")})
			time.Sleep(10 * time.Millisecond)
		}
		synctest.Wait()
		if len(looks) < 3 {
			t.Errorf("%d looks in two seconds of a flood, want one every %v", len(looks), patience)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v, want nil when the context ends", err)
		}
	})
}

func TestLandingGoesOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int32
		var log strings.Builder
		l := NewLanding(func(context.Context, time.Time, []alarm.Landing) error {
			looks.Add(1)
			return errors.New("the store is gone")
		}, slog.New(slog.NewTextHandler(&log, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.Run(ctx) }()
		for range 2 {
			l.Add(scope, []metric.Datum{datum("a")})
			time.Sleep(time.Second)
		}
		cancel()
		<-done
		if looks.Load() != 2 || !strings.Contains(log.String(), "the store is gone") {
			t.Errorf("%d looks, log %q, want two and the failure said", looks.Load(), log.String())
		}
	})
}

func TestSweepRunsUntilNothingIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []string
		left := int64(2)
		loop := Sweep(time.Hour, slog.New(slog.DiscardHandler),
			Sweeper{Name: "failing", Sweep: func(context.Context, time.Time) (int64, error) {
				calls = append(calls, "failing")
				return 1, errors.New("no")
			}},
			Sweeper{Name: "rows", Sweep: func(context.Context, time.Time) (int64, error) {
				calls = append(calls, "rows")
				left--
				return max(left, 0), nil
			}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- loop(ctx) }()
		time.Sleep(time.Hour + time.Minute)
		cancel()
		<-done
		if want := []string{"failing", "rows", "rows", "failing", "rows"}; !slices.Equal(calls, want) {
			t.Errorf("sweeps = %v, want %v", calls, want)
		}
	})
}
