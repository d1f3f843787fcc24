package alarm_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// A ringing alarm gets new data in the very minute in which the old leave its
// range. Whatever a crash leaves undone then, it goes on ringing.
func TestRingingGoesOnThroughRestart(t *testing.T) {
	old := noon.Add(30 * time.Second)
	now := noon.Add(16*time.Minute + 3*time.Second) // the windows that end at 12:16 have no data
	for _, c := range []struct {
		name string
		land func(s *station)
		at   time.Time
	}{
		{"looked at, same minute", func(s *station) { s.land(now, now, 1) }, now.Add(2 * time.Second)},
		{"looked at, next minute", func(s *station) { s.land(now, now, 1) }, now.Add(90 * time.Second)},
		{"not looked at", func(s *station) { s.store(now, 1) }, now.Add(2 * time.Second)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			s.put(cis("a"), noon)
			s.land(old, old, 1)
			if err := s.CatchUp(t.Context(), noon.Add(15*time.Minute+30*time.Second)); err != nil {
				t.Fatal(err)
			}
			c.land(s)
			s.restart()
			if err := s.CatchUp(t.Context(), c.at); err != nil {
				t.Fatal(err)
			}
			s.act(c.at)
			if got := s.topic.states(); !slices.Equal(got, []string{"ALARM"}) {
				t.Errorf("published %q, want ALARM once", got)
			}
		})
	}
}

// spike is an alarm on the average of a minute, which cannot ring early.
func spike() alarm.Definition {
	d := cis("spike")
	d.Rule.Statistic, d.Rule.Period = "Average", time.Minute
	return d
}

// The stop comes after the minute's first second and before the alarm's own.
func TestCatchUpReplaysTheMinuteOfTheStop(t *testing.T) {
	s := open(t)
	s.put(spike(), noon)
	s.setState("spike", alarmeval.OK, noon)
	minute := noon.Add(10 * time.Minute)
	if err := s.CatchUp(t.Context(), minute); err != nil {
		t.Fatal(err)
	}
	s.store(minute.Add(-time.Second), 5)
	s.store(minute.Add(5*time.Second), 0)
	s.restart()
	if err := s.CatchUp(t.Context(), minute.Add(90*time.Second)); err != nil {
		t.Fatal(err)
	}
	s.act(minute.Add(90 * time.Second))
	if got := s.topic.states(); !slices.Equal(got, []string{"OK", "ALARM", "OK"}) {
		t.Errorf("published %q, want OK (by hand), ALARM and OK again", got)
	}
}

func TestClockPutBack(t *testing.T) {
	for _, c := range []struct {
		back time.Duration
		want alarmeval.State
	}{
		{30 * time.Second, alarmeval.InAlarm}, // the ring within the minute stands
		{time.Hour, alarmeval.OK},             // nothing happened then
	} {
		s := open(t)
		s.put(cis("a"), noon)
		now := noon.Add(2*time.Hour + 3*time.Second)
		s.land(now, now, 1)
		if err := s.CatchUp(t.Context(), now.Add(-c.back)); err != nil {
			t.Fatal(err)
		}
		if got := s.get("a").State; got != c.want {
			t.Errorf("state %s before the ring = %s, want %s", c.back, got, c.want)
		}
	}
}

// flaky is metrics that cannot be read while broken.
type flaky struct {
	*metric.Service
	broken atomic.Bool
}

func (f *flaky) PointsOf(ctx context.Context, queries []metric.Query) ([][]metric.Point, error) {
	if f.broken.Load() && len(queries) > 0 {
		return nil, errors.New("disk I/O error")
	}
	return f.Service.PointsOf(ctx, queries)
}

// TestRunMakesUpForFailures is a store that fails through the one minute in
// which the data ring.
func TestRunMakesUpForFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		defer s.db.Close()
		metrics := &flaky{Service: s.metrics}
		service, err := alarm.New(t.Context(), alarm.Options{Store: s.db.Alarms(), Metrics: metrics, Publisher: s.topic,
			Logger: slog.New(slog.DiscardHandler), Offset: func(string) time.Duration { return 17 * time.Second }})
		if err != nil {
			t.Fatal(err)
		}
		s.Service = service
		ctx, cancel := context.WithCancel(t.Context())
		s.put(spike(), time.Now())
		s.setState("spike", alarmeval.OK, time.Now())
		stopped := make(chan error)
		go func() { stopped <- s.Run(ctx) }()

		start := time.Now()
		time.Sleep(5*time.Minute + 30*time.Second)
		s.store(time.Now(), 5)
		metrics.broken.Store(true)
		time.Sleep(time.Minute)
		s.store(time.Now(), 0)
		time.Sleep(2 * time.Minute)
		metrics.broken.Store(false)
		time.Sleep(time.Minute)
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("Run = %v, want nil after its context", err)
		}
		var got []string
		for _, n := range s.topic.got[1:] { // the first is the state set by hand
			got = append(got, fmt.Sprintf("%s of %s", n.Alarm.State, n.Alarm.Seen.Sub(start)))
		}
		if want := []string{"ALARM of 6m0s", "OK of 7m0s"}; !slices.Equal(got, want) {
			t.Errorf("published %q after the state set by hand, want %q", got, want)
		}
	})
}
