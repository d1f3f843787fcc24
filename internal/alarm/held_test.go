package alarm_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
)

// suppressed is a composite alarm above a, held back by s.
func suppressed(wait, extension time.Duration) alarm.Definition {
	d := both("c", "ALARM(a)")
	d.InsufficientDataActions = nil
	d.Suppressor = alarm.Suppressor{Alarm: "s", WaitPeriod: wait, ExtensionPeriod: extension}
	return d
}

// TestSuppressor plays what may happen to a composite alarm c, its child a and
// its suppressor s, with a wait period of 2 s and an extension period of 3 s. The
// program is a new one after every event, and looks for what is due every second;
// in late cases it misses the fourth.
func TestSuppressor(t *testing.T) {
	type event struct {
		at    float64 // seconds
		alarm string
		state alarmeval.State
	}
	for _, c := range []struct {
		name   string
		events []event
		want   []string
	}{
		{"wait", []event{{2, "a", "ALARM"}}, []string{"ALARM at 4s"}},
		{"suppressor enters during the wait and leaves", []event{{2, "a", "ALARM"}, {3, "s", "ALARM"}, {5, "s", "OK"}}, []string{"ALARM at 8s"}},
		{"back during the wait", []event{{2, "a", "ALARM"}, {3, "a", "OK"}}, []string{"OK at 5s"}},
		{"suppressed at once", []event{{1, "s", "ALARM"}, {2, "a", "ALARM"}}, nil},
		{"suppressed change and back", []event{{1, "s", "ALARM"}, {2, "a", "ALARM"}, {3, "a", "OK"}, {4, "s", "OK"}}, []string{"OK at 7s"}},
		{"change during the extension", []event{{2, "a", "ALARM"}, {3, "s", "ALARM"}, {6, "s", "OK"}, {7, "a", "OK"}}, []string{"OK at 9s"}},
		{"suppressor again during the extension", []event{{1, "s", "ALARM"}, {2, "a", "ALARM"}, {3, "s", "OK"}, {4, "s", "ALARM"}}, nil},
		{"suppressor after the wait", []event{{2, "a", "ALARM"}, {5, "s", "ALARM"}}, []string{"ALARM at 4s"}},
		{"late release, suppressor before it", []event{{2, "a", "ALARM"}, {4.5, "s", "ALARM"}}, []string{"ALARM at 4s"}},
		{"late release, change before it", []event{{2, "a", "ALARM"}, {4.5, "a", "OK"}}, []string{"ALARM at 4s", "OK at 7s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			s.put(quiet("a"), noon)
			s.put(quiet("s"), noon)
			d := suppressed(2*time.Second, 3*time.Second)
			s.putComposite(alarm.Definition{Name: "c", AlarmRule: d.AlarmRule}, noon) // goes to OK without actions
			s.putComposite(d, noon)
			var got []string
			look := func(at time.Duration) {
				s.act(noon.Add(at))
				for _, n := range s.topic.got[len(got):] {
					got = append(got, fmt.Sprintf("%s at %s", n.Alarm.State, at.Truncate(time.Second)))
				}
			}
			for at := time.Duration(0); at < 20*time.Second; at += 500 * time.Millisecond {
				for _, e := range c.events {
					if at == time.Duration(e.at*float64(time.Second)) {
						s.setState(e.alarm, e.state, noon.Add(at))
						s.restart()
					}
				}
				if late := strings.HasPrefix(c.name, "late") && at == 4*time.Second; at%time.Second == 0 && !late {
					if err := s.Release(t.Context(), noon.Add(at)); err != nil {
						t.Fatal(err)
					}
				}
				look(at)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("actions %q, want %q", got, c.want)
			}
		})
	}
}

func TestHeldShows(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.put(quiet("s"), noon)
	s.putComposite(suppressed(time.Minute, time.Hour), noon)
	by := func() alarmeval.HeldBy {
		if held := s.composite("c").Held; held != nil {
			return held.By
		}
		return ""
	}
	for _, step := range []struct {
		alarm string
		state alarmeval.State
		want  alarmeval.HeldBy
	}{
		{"a", alarmeval.InAlarm, alarmeval.HeldByWaitPeriod}, {"s", alarmeval.InAlarm, alarmeval.HeldByAlarm},
		{"s", alarmeval.InsufficientData, alarmeval.HeldByExtensionPeriod}, {"a", alarmeval.OK, alarmeval.HeldByWaitPeriod},
	} {
		if s.setState(step.alarm, step.state, noon.Add(time.Second)); by() != step.want {
			t.Errorf("after %s went to %s: held by %q, want %q", step.alarm, step.state, by(), step.want)
		}
	}
	if got := s.composite("c").State; got != alarmeval.OK {
		t.Errorf("state = %s, want OK: a suppressor holds actions only", got)
	}
	s.putComposite(both("c", "ALARM(a)"), noon.Add(2*time.Second))
	if by() != "" {
		t.Errorf("without a suppressor: held by %q, want nothing", by())
	}
	s.wantPublished(noon.Add(3*time.Second), "c OK")
	if old := s.topic.got[0].Old.State; old != alarmeval.InAlarm {
		t.Errorf("old state = %s, want ALARM", old)
	}
}

// TestHeldActionsAreTriedForAnHour fails to publish an action that has waited
// longer than actions are tried.
func TestHeldActionsAreTriedForAnHour(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.put(quiet("s"), noon)
	s.putComposite(suppressed(3*time.Hour, 0), noon)
	s.topic.err = fmt.Errorf("no connection")
	later := noon.Add(4 * time.Hour)
	if err := s.Release(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if waiting := s.act(later.Add(time.Minute)); !waiting {
		t.Errorf("Act after a failure = %v, want the action to wait", waiting)
	}
}

func TestRunReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		defer s.db.Close()
		s.put(quiet("a"), time.Now())
		s.put(quiet("s"), time.Now())
		s.putComposite(suppressed(90*time.Second, 0), time.Now())
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { stopped <- s.Run(ctx) }()
		time.Sleep(89 * time.Second)
		if got := s.topic.states(); len(got) != 0 {
			t.Errorf("published %q within the wait period, want nothing", got)
		}
		time.Sleep(3 * time.Second)
		if got := s.topic.states(); !slices.Equal(got, []string{"OK"}) {
			t.Errorf("published %q after the wait period, want OK", got)
		}
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("Run = %v, want nil after its context", err)
		}
	})
}
