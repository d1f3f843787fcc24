package alarm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

func TestLandedRingsAtOnce(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	s.setState("a", alarmeval.OK, noon)
	now := noon.Add(10*time.Minute + 3*time.Second)
	s.land(now, now.Add(-2*time.Second), 1, 1)
	a := s.get("a")
	if want := "Threshold Crossed: 1 datapoint [2.0 (02/03/26 12:06:00)] was greater than or equal to the threshold (1.0)."; a.Reason != want || a.State != alarmeval.InAlarm {
		t.Fatalf("state = %s, %q, want ALARM, %q", a.State, a.Reason, want)
	}
	s.act(now)
	n := s.topic.got[len(s.topic.got)-1]
	want := []alarmeval.Window{{Start: noon.Add(6 * time.Minute), End: noon.Add(11 * time.Minute)}}
	if !slices.Equal(n.Windows, want) || n.Series.Key.ID() != denied.ID() || n.TopicARN != topicARN || n.Old.State != alarmeval.OK || !n.At().Equal(now) {
		t.Errorf("notification = %+v, want the window %v of the metric", n, want)
	}
}

func TestLandedRings(t *testing.T) {
	now := noon.Add(10*time.Minute + 30*time.Second)
	for _, c := range []struct {
		name   string
		change func(*alarm.Definition)
		at     time.Time
		values []float64
		want   alarmeval.State
	}{
		{"sum", func(*alarm.Definition) {}, now, []float64{1}, alarmeval.InAlarm},
		{"negative sample", func(*alarm.Definition) {}, now, []float64{3, -1}, alarmeval.OK},
		{"average", func(d *alarm.Definition) { d.Rule.Statistic = "Average" }, now, []float64{3}, alarmeval.OK},
		{"maximum", func(d *alarm.Definition) { d.Rule.Statistic = "Maximum" }, now, []float64{3, -1}, alarmeval.InAlarm},
		{"below the threshold", func(d *alarm.Definition) { d.Rule.Threshold = 2 }, now, []float64{1}, alarmeval.OK},
		{"the minute before waits no longer", func(*alarm.Definition) {}, now.Add(-time.Minute), []float64{1}, alarmeval.InAlarm},
		{"late data wait for the schedule", func(*alarm.Definition) {}, now.Add(-2 * time.Minute), []float64{1}, alarmeval.OK},
		{"future data wait", func(*alarm.Definition) {}, now.Add(time.Minute), []float64{1}, alarmeval.OK},
		{"ten seconds", func(d *alarm.Definition) { d.Rule.Period = 10 * time.Second }, now.Add(time.Second), []float64{1}, alarmeval.OK}, // minute data are too coarse
		{"one minute", func(d *alarm.Definition) { d.Rule.Period = time.Minute }, now, []float64{1}, alarmeval.InAlarm},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			d := cis("a")
			c.change(&d)
			s.put(d, noon)
			s.setState("a", alarmeval.OK, noon)
			s.land(now, c.at, c.values...)
			if got := s.get("a").State; got != c.want {
				t.Errorf("state = %s, want %s", got, c.want)
			}
		})
	}
}

// TestRunRingsOnce follows an alarm through twenty minutes: it rings within the
// minute, does not fall back before the next, and is OK when the range is empty.
func TestRunRingsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer s.db.Close()
		s.put(cis("a"), time.Now())
		s.setState("a", alarmeval.OK, time.Now())
		stopped := make(chan error)
		go func() { stopped <- s.Run(ctx) }()

		start := time.Now() // a full minute
		time.Sleep(10*time.Minute + 3*time.Second)
		s.land(time.Now(), time.Now(), 1) // 14 s before the alarm's second
		time.Sleep(30 * time.Minute)
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("Run = %v, want nil after its context", err)
		}
		var got []string
		for _, n := range s.topic.got[1:] { // the first is the state set by hand
			got = append(got, fmt.Sprintf("%s at %s", n.Alarm.State, n.At().Sub(start)))
		}
		if want := []string{"ALARM at 10m3s", "OK at 26m17s"}; !slices.Equal(got, want) {
			t.Errorf("notifications = %q, want %q", got, want)
		}
	})
}

func TestRunEvaluatesOnSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer s.db.Close()
		fast := cis("fast")
		fast.Rule.Period = 10 * time.Second
		fast.AlarmActions, fast.OKActions = nil, nil
		s.put(cis("slow"), time.Now())
		s.put(fast, time.Now())
		start := time.Now()
		var group sync.WaitGroup
		group.Go(func() {
			if err := s.Run(ctx); err != nil {
				t.Errorf("Run = %v", err)
			}
		})
		time.Sleep(2*time.Minute + 30*time.Second)
		s.store(start.Add(time.Minute), 1) // late data: no landing
		time.Sleep(2 * time.Minute)
		cancel()
		group.Wait()
		slow := s.get("slow")
		if slow.State != alarmeval.InAlarm || slow.Transitioned.Sub(start) != 3*time.Minute+17*time.Second {
			t.Errorf("slow alarm = %s at %s, want ALARM at 3m17s", slow.State, slow.Transitioned.Sub(start))
		}
		if got := s.get("fast"); got.State != alarmeval.OK {
			t.Errorf("fast alarm = %s, want OK of missing data", got.State)
		}
	})
}

// TestSetStateLastsUntilEvaluation is a state set by hand against what the data say.
func TestSetStateLastsUntilEvaluation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer s.db.Close()
		s.put(cis("a"), time.Now())
		start := time.Now()
		stopped := make(chan error)
		go func() { stopped <- s.Run(ctx) }()
		time.Sleep(90 * time.Second)
		s.setState("a", alarmeval.InAlarm, time.Now())
		time.Sleep(46 * time.Second)
		if got := s.get("a"); got.State != alarmeval.InAlarm || got.Reason != "by hand" {
			t.Errorf("before its second: %s, %q, want ALARM by hand", got.State, got.Reason)
		}
		time.Sleep(2 * time.Second)
		if got := s.get("a"); got.State != alarmeval.OK || got.Updated.Sub(start) != 2*time.Minute+17*time.Second {
			t.Errorf("after its second: %s since %s, want OK since 2m17s", got.State, got.Updated.Sub(start))
		}
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("Run = %v, want nil after its context", err)
		}
		if got := s.topic.states(); !slices.Equal(got, []string{"OK", "ALARM", "OK"}) {
			t.Errorf("published %q, want OK, ALARM by hand, OK", got)
		}
	})
}

// TestScopesAreApart is the same alarm on the same metric in two regions and two accounts.
func TestScopesAreApart(t *testing.T) {
	s := open(t)
	scopes := []arn.Scope{scope, scope, scope}
	scopes[1].Region, scopes[2].Account = "eu-west-1", "210987654321"
	for _, sc := range scopes {
		if err := s.Put(t.Context(), sc, cis("a"), nil, noon); err != nil {
			t.Fatal(err)
		}
	}
	now := noon.Add(10*time.Minute + 3*time.Second)
	s.land(now, now, 1) // in the first
	if err := s.CatchUp(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), scopes[2], []string{"a"}, now); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"ALARM", "OK", ""} {
		alarms, _, err := s.Describe(t.Context(), scopes[i], alarm.DescribeQuery{})
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, a := range alarms {
			got += string(a.State)
		}
		if got != want {
			t.Errorf("states in %s = %q, want %q", scopes[i], got, want)
		}
	}
}

func TestMarkSurvivesRestart(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	s.setState("a", alarmeval.OK, noon)
	now := noon.Add(10*time.Minute + 3*time.Second)
	s.land(now, now, 1)
	s.restart()
	if err := s.CatchUp(t.Context(), now.Add(5*time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := s.get("a").State; got != alarmeval.InAlarm {
		t.Errorf("state after a restart within the minute = %s, want ALARM still", got)
	}
	s.act(now)
	if got := s.topic.states(); !slices.Equal(got, []string{"OK", "ALARM"}) {
		t.Errorf("published %q, want OK (by hand) and ALARM once", got)
	}
}

// TestCatchUp is a crash between the commit of data and Landed.
func TestCatchUp(t *testing.T) {
	for _, down := range []time.Duration{time.Second, 5 * time.Minute, 12 * time.Minute} {
		s := open(t)
		s.put(cis("a"), noon)
		s.setState("a", alarmeval.OK, noon)
		crash := noon.Add(10*time.Minute + 3*time.Second)
		s.store(crash, 1)
		s.restart()
		if err := s.CatchUp(t.Context(), crash.Add(down)); err != nil {
			t.Fatal(err)
		}
		if got := s.get("a").State; got != alarmeval.InAlarm {
			t.Errorf("state %s after the crash = %s, want ALARM", down, got)
		}
	}
}

// TestCatchUpReplays is a crash that is followed by a long silence: the data
// are behind the range of the present, and ring all the same.
func TestCatchUpReplays(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	s.setState("a", alarmeval.OK, noon)
	crash := noon.Add(10*time.Minute + 3*time.Second)
	if err := s.CatchUp(t.Context(), crash.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	s.store(crash, 1)
	s.restart()
	if err := s.CatchUp(t.Context(), crash.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.act(crash.Add(time.Hour))
	if got := s.topic.states(); !slices.Equal(got, []string{"OK", "ALARM", "OK"}) {
		t.Fatalf("published %q, want OK (by hand), ALARM and OK again", got)
	}
	ring := s.topic.got[1]
	if !strings.Contains(ring.Alarm.Reason, "[1.0 (02/03/26 12:06:00)]") || !ring.At().Equal(crash.Add(time.Hour)) {
		t.Errorf("ring = %q at %s, want the window that ends after the crash, said now", ring.Alarm.Reason, ring.At())
	}
	s.restart()
	if err := s.CatchUp(t.Context(), crash.Add(time.Hour+time.Second)); err != nil {
		t.Fatal(err)
	}
	s.act(crash.Add(time.Hour))
	if got := s.topic.states(); len(got) != 3 {
		t.Errorf("published %q after another restart, want nothing new", got)
	}
}

func TestActionsAreOwedUntilPublished(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	s.setState("a", alarmeval.InAlarm, noon)
	s.restart() // killed before anything was published
	s.topic.err = errors.New("database is locked")
	if !s.act(noon.Add(time.Second)) {
		t.Error("Act = nothing waits, want the failed action to wait")
	}
	s.restart()
	s.topic.err = nil
	if s.act(noon.Add(2 * time.Second)) {
		t.Error("Act = something waits, want all done")
	}
	if len(s.topic.tries) != 2 || s.topic.tries[0] != s.topic.tries[1] {
		t.Errorf("tries = %q, want two of one ID", s.topic.tries)
	}
	want := []string{`Alarm "a" created`, "Alarm updated from INSUFFICIENT_DATA to ALARM", "Successfully executed action " + topicARN}
	if got := s.history("a"); !slices.Equal(got, want) {
		t.Errorf("history = %q, want %q", got, want)
	}
}

func TestActionsThatFail(t *testing.T) {
	const lambda = "arn:aws:lambda:us-east-1:123456789012:function:f"
	for _, c := range []struct {
		name, target string
		err          error
		after        time.Duration
		want         string
	}{
		{"refused", topicARN, &alarm.Refusal{Message: "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: t"}, 0,
			`Failed to execute action ` + topicARN + `. Received error: "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: t"`},
		{"for an hour", topicARN, errors.New("disk full"), time.Hour, `Failed to execute action ` + topicARN + `. Received error: "disk full"`},
		{"not a topic", lambda, nil, 0, `Failed to execute action ` + lambda + `. Received error: "Actions of the service lambda are not supported, only those of sns"`},
		{"not an ARN", "x", nil, 0, `Failed to execute action x. Received error: "Invalid arn syntax: x"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			d := cis("a")
			d.AlarmActions = []string{c.target}
			s.put(d, noon)
			s.topic.err = c.err
			s.setState("a", alarmeval.InAlarm, noon)
			if s.act(noon.Add(c.after)) {
				t.Error("Act = something waits, want it given up")
			}
			if got := s.history("a"); got[len(got)-1] != c.want {
				t.Errorf("history ends with %q, want %q", got[len(got)-1], c.want)
			}
			if got := s.get("a").State; got != alarmeval.InAlarm {
				t.Errorf("state = %s, want it unchanged by the failure", got)
			}
		})
	}
}

// TestConcurrentChanges holds that every change of state has one notification,
// whoever makes it.
func TestConcurrentChanges(t *testing.T) {
	s := open(t)
	for i := range 5 {
		s.put(cis(fmt.Sprint(i)), noon)
		s.setState(fmt.Sprint(i), alarmeval.OK, noon)
	}
	now := noon.Add(10*time.Minute + 3*time.Second)
	s.store(now, 1)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := s.Landed(t.Context(), now, []alarm.Landing{{Series: metric.Series{Scope: scope, Key: denied}, Time: now}}); err != nil {
				t.Errorf("Landed: %v", err)
			}
		})
		group.Go(func() {
			if err := s.CatchUp(t.Context(), now); err != nil {
				t.Errorf("CatchUp: %v", err)
			}
		})
		group.Go(func() {
			if err := s.Put(t.Context(), scope, cis("0"), nil, now); err != nil {
				t.Errorf("Put: %v", err)
			}
		})
	}
	group.Wait()
	s.act(now)
	rings := strings.Count(strings.Join(s.topic.states(), " "), "ALARM")
	if rings != 5 {
		t.Errorf("%d rings, want one of each of five alarms: %q", rings, s.topic.states())
	}
}

// TestTwoProcesses is another process writing to the same store.
func TestTwoProcesses(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	other := *s
	other.restart()
	other.setState("a", alarmeval.InAlarm, noon)
	s.setState("a", alarmeval.InAlarm, noon.Add(time.Second))
	if got := s.history("a"); len(got) != 2 {
		t.Errorf("history = %q, want one change of state", got)
	}
}

func BenchmarkTick(b *testing.B) {
	s := open(b)
	for i := range 1000 {
		s.put(cis(fmt.Sprint(i)), noon)
	}
	now := noon.Add(10 * time.Minute)
	b.ResetTimer()
	for b.Loop() {
		if err := s.CatchUp(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
}
