package alarm_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

const topicARN = "arn:aws:sns:us-east-1:123456789012:t"

var (
	scope  = arn.Scope{Partition: "aws", Account: "123456789012", Region: "us-east-1"}
	denied = metric.NewKey("CIS", "Denied")
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

// station is alarms over a real store, with a publisher that notes what it got.
type station struct {
	*alarm.Service
	t       testing.TB
	db      *sqlstore.DB
	metrics *metric.Service
	topic   *recorder
}

// recorder is a Publisher. It publishes an ID once, and fails with err if set.
type recorder struct {
	mu    sync.Mutex
	err   error
	tries []string
	got   []alarm.Notification
}

func (r *recorder) Publish(_ context.Context, n alarm.Notification) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries = append(r.tries, n.ID)
	if r.err != nil {
		return r.err
	}
	if !slices.ContainsFunc(r.got, func(p alarm.Notification) bool { return p.ID == n.ID }) {
		r.got = append(r.got, n)
	}
	return nil
}

// states are the states that were published, in order.
func (r *recorder) states() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	states := []string{}
	for _, n := range r.got {
		states = append(states, string(n.Alarm.State))
	}
	return states
}

func open(t testing.TB) *station {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &station{t: t, db: db, metrics: metric.New(db.Metrics()), topic: &recorder{}}
	s.restart()
	return s
}

// restart is a new process on the same store.
func (s *station) restart() {
	s.t.Helper()
	service, err := alarm.New(s.t.Context(), alarm.Options{
		Store: s.db.Alarms(), Metrics: s.metrics, Publisher: s.topic, Logger: slog.New(slog.DiscardHandler),
		Offset: func(string) time.Duration { return 17 * time.Second },
	})
	if err != nil {
		s.t.Fatalf("New: %v", err)
	}
	s.Service = service
}

// cis is the alarm of the benchmarks: one event in five minutes.
func cis(name string) alarm.Definition {
	return alarm.Definition{
		Name: name, Metric: denied, ActionsEnabled: true, AlarmActions: []string{topicARN}, OKActions: []string{topicARN},
		Rule: alarmeval.Alarm{
			Statistic: "Sum", Period: 5 * time.Minute, EvaluationPeriods: 1, Threshold: 1,
			ComparisonOperator: alarmeval.GreaterThanOrEqualToThreshold, TreatMissingData: alarmeval.NotBreaching,
		},
	}
}

func (s *station) put(d alarm.Definition, now time.Time) {
	s.t.Helper()
	if err := s.Put(s.t.Context(), scope, d, nil, now); err != nil {
		s.t.Fatalf("Put(%s): %v", d.Name, err)
	}
}

func (s *station) setState(name string, state alarmeval.State, now time.Time) {
	s.t.Helper()
	if err := s.SetState(s.t.Context(), scope, name, state, "by hand", "", now); err != nil {
		s.t.Fatalf("SetState(%s, %s): %v", name, state, err)
	}
}

// store puts samples into the metric without telling the alarms.
func (s *station) store(at time.Time, values ...float64) {
	s.t.Helper()
	var data []metric.Datum
	for _, value := range values {
		data = append(data, metric.Datum{Key: denied, Timestamp: at, Unit: metric.NoUnit, Resolution: time.Minute, Set: metric.Sample(value, 1)})
	}
	if err := s.metrics.Put(s.t.Context(), scope, data); err != nil {
		s.t.Fatalf("Put(data): %v", err)
	}
}

// land stores samples and tells the alarms.
func (s *station) land(now, at time.Time, values ...float64) {
	s.t.Helper()
	s.store(at, values...)
	if err := s.Landed(s.t.Context(), now, []alarm.Landing{{Series: metric.Series{Scope: scope, Key: denied}, Time: at}}); err != nil {
		s.t.Fatalf("Landed: %v", err)
	}
}

func (s *station) act(now time.Time) (waiting bool) {
	s.t.Helper()
	waiting, err := s.Act(s.t.Context(), now)
	if err != nil {
		s.t.Fatalf("Act: %v", err)
	}
	return waiting
}

func (s *station) get(name string) alarm.Alarm {
	s.t.Helper()
	alarms, _, err := s.Describe(s.t.Context(), scope, alarm.DescribeQuery{Names: []string{name}})
	if err != nil || len(alarms) != 1 {
		s.t.Fatalf("Describe(%s) = %v, %v, want one alarm", name, alarms, err)
	}
	return alarms[0]
}

// history is the summaries of an alarm, oldest first.
func (s *station) history(name string) []string {
	s.t.Helper()
	items, _, err := s.History(s.t.Context(), scope, alarm.HistoryQuery{AlarmName: name, OldFirst: true, Limit: 100})
	if err != nil {
		s.t.Fatalf("History: %v", err)
	}
	summaries := []string{}
	for _, i := range items {
		summaries = append(summaries, i.Summary)
	}
	return summaries
}

func TestPut(t *testing.T) {
	s := open(t)
	if err := s.Put(t.Context(), scope, cis("a"), map[string]string{"k": "1"}, noon); err != nil {
		t.Fatal(err)
	}
	a := s.get("a")
	if a.State != alarmeval.InsufficientData || a.Reason != "Unchecked: Initial alarm creation" || a.ReasonData != "" ||
		!a.Configured.Equal(noon) || !a.Updated.Equal(noon) || !a.Transitioned.Equal(noon) {
		t.Errorf("new alarm = %+v, want it unchecked since noon", a)
	}
	s.setState("a", alarmeval.InAlarm, noon.Add(time.Minute))
	changed := cis("a")
	changed.AlarmActions, changed.Description = nil, "changed"
	if err := s.Put(t.Context(), scope, changed, map[string]string{"k": "2"}, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	a = s.get("a")
	if a.State != alarmeval.InAlarm || a.Description != "changed" || len(a.AlarmActions) != 0 || a.Tags["k"] != "1" ||
		!a.Updated.Equal(noon.Add(time.Minute)) || !a.Configured.Equal(noon.Add(time.Hour)) {
		t.Errorf("replaced alarm = %+v, want a new definition with the old state and tags", a)
	}
	want := []string{`Alarm "a" created`, "Alarm updated from INSUFFICIENT_DATA to ALARM", `Alarm "a" updated`}
	if got := s.history("a"); !slices.Equal(got, want) {
		t.Errorf("history = %q, want %q", got, want)
	}
	bad := cis("b")
	bad.Rule.Statistic = "SUM"
	var wrong *alarmeval.Error
	if err := s.Put(t.Context(), scope, bad, nil, noon); !errors.As(err, &wrong) || wrong.Parameter != "Statistic" {
		t.Errorf("Put(statistic SUM) = %v, want an error of Statistic", err)
	}
}

func TestSetState(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	s.setState("a", alarmeval.InAlarm, noon.Add(1*time.Minute))
	s.setState("a", alarmeval.InAlarm, noon.Add(2*time.Minute))
	a := s.get("a")
	if !a.Updated.Equal(noon.Add(2*time.Minute)) || !a.Transitioned.Equal(noon.Add(time.Minute)) || a.Reason != "by hand" {
		t.Errorf("alarm = %+v, want it updated at 12:02 and transitioned at 12:01", a.Status)
	}
	s.act(noon.Add(3 * time.Minute))
	if got := s.topic.states(); !slices.Equal(got, []string{"ALARM"}) {
		t.Errorf("published %q, want ALARM once", got)
	}
	if err := s.SetState(t.Context(), scope, "none", alarmeval.OK, "", "", noon); !errors.Is(err, alarm.ErrNotFound) {
		t.Errorf("SetState(unknown) = %v, want ErrNotFound", err)
	}
	if err := s.SetState(t.Context(), scope, "a", alarmeval.OK, "", "{", noon); !errors.Is(err, alarm.ErrNotJSON) {
		t.Errorf("SetState(data {) = %v, want ErrNotJSON", err)
	}
}

func TestDelete(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	s.put(cis("b"), noon)
	s.setState("a", alarmeval.InAlarm, noon)
	if err := s.Delete(t.Context(), scope, []string{"none", "a", "a"}, noon); err != nil {
		t.Fatal(err)
	}
	alarms, _, err := s.Describe(t.Context(), scope, alarm.DescribeQuery{})
	if err != nil || len(alarms) != 1 || alarms[0].Name != "b" {
		t.Errorf("Describe = %v, %v, want b", alarms, err)
	}
	s.act(noon)
	want := []string{`Alarm "a" created`, "Alarm updated from INSUFFICIENT_DATA to ALARM", `Alarm "a" deleted`, "Successfully executed action " + topicARN}
	if got := s.history("a"); !slices.Equal(got, want) {
		t.Errorf("history of a deleted alarm = %q, want %q", got, want)
	}
	s.land(noon, noon, 1) // nobody watches as a; must not fail
}

func TestDescribePages(t *testing.T) {
	s := open(t)
	for i := range 7 {
		d := cis(fmt.Sprintf("a%d", i))
		if i%2 == 1 {
			d.AlarmActions, d.OKActions = []string{"arn:aws:lambda:us-east-1:123456789012:function:f"}, nil
		}
		s.put(d, noon)
	}
	for _, c := range []struct {
		name string
		q    alarm.DescribeQuery
		want []string // pages
	}{
		{"pages of three", alarm.DescribeQuery{Limit: 3}, []string{"a0 a1 a2", "a3 a4 a5", "a6"}},
		{"by action", alarm.DescribeQuery{Limit: 2, ActionPrefix: "arn:aws:lambda"}, []string{"a1 a3", "a5"}},
		{"full last page", alarm.DescribeQuery{Limit: 7}, []string{"a0 a1 a2 a3 a4 a5 a6"}},
		{"other types", alarm.DescribeQuery{Types: []string{alarm.Composite}}, []string{""}},
	} {
		var pages []string
		for {
			alarms, next, err := s.Describe(t.Context(), scope, c.q)
			if err != nil {
				t.Fatalf("Describe(%s): %v", c.name, err)
			}
			var names []string
			for _, a := range alarms {
				names = append(names, a.Name)
			}
			pages = append(pages, strings.Join(names, " "))
			if c.q.Token = next; next == "" {
				break
			}
		}
		if !slices.Equal(pages, c.want) {
			t.Errorf("Describe(%s) = %q, want %q", c.name, pages, c.want)
		}
	}
	if _, _, err := s.Describe(t.Context(), scope, alarm.DescribeQuery{Token: "x"}); !errors.Is(err, alarm.ErrInvalidToken) {
		t.Errorf("Describe(token x) error = %v, want ErrInvalidToken", err)
	}
}

func TestHistoryPages(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	for i := range 6 {
		s.setState("a", []alarmeval.State{alarmeval.InAlarm, alarmeval.OK}[i%2], noon)
	}
	var got []string
	q := alarm.HistoryQuery{AlarmName: "a", Limit: 3, Type: alarm.StateUpdate}
	for pages := 1; ; pages++ {
		items, next, err := s.History(t.Context(), scope, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			got = append(got, i.Summary)
		}
		if q.Token = next; next == "" {
			if pages != 2 || len(got) != 6 || !strings.HasSuffix(got[5], "from INSUFFICIENT_DATA to ALARM") {
				t.Errorf("%d pages of %q, want the six changes in two pages, newest first", pages, got)
			}
			break
		}
	}
}

func TestForMetric(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	other := cis("b")
	other.Rule.Period = time.Minute
	s.put(other, noon)
	for _, c := range []struct {
		q    alarm.MetricQuery
		want int
	}{
		{alarm.MetricQuery{Metric: denied}, 2},
		{alarm.MetricQuery{Metric: denied, Period: time.Minute}, 1},
		{alarm.MetricQuery{Metric: denied, Statistic: "Average"}, 0},
		{alarm.MetricQuery{Metric: metric.NewKey("CIS", "Denied", metric.Dimension{Name: "a", Value: "b"})}, 0},
	} {
		if got, err := s.ForMetric(t.Context(), scope, c.q); err != nil || len(got) != c.want {
			t.Errorf("ForMetric(%+v) = %d alarms, %v, want %d", c.q, len(got), err, c.want)
		}
	}
}

func TestTags(t *testing.T) {
	s := open(t)
	s.put(cis("a"), noon)
	refused := errors.New("too many")
	if err := s.Retag(t.Context(), scope, "a", func(tags map[string]string) error { tags["k"] = "v"; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Retag(t.Context(), scope, "a", func(tags map[string]string) error { tags["k"] = "w"; return refused }); !errors.Is(err, refused) {
		t.Errorf("Retag = %v, want the error of edit", err)
	}
	if got, err := s.Tags(scope, "a"); err != nil || len(got) != 1 || got["k"] != "v" {
		t.Errorf("Tags = %v, %v, want k=v", got, err)
	}
	if _, err := s.Tags(scope, "none"); !errors.Is(err, alarm.ErrNotFound) {
		t.Errorf("Tags(unknown) error = %v, want ErrNotFound", err)
	}
}

func TestVectorsAlarmActionSequence(t *testing.T) {
	alarm.RunVectors(t, map[string][]string{"action_sequence": {"initial_state", "calls", "expected_alarm_action_count"}},
		map[string]func(alarm.Vector) error{"action_sequence": func(v alarm.Vector) error { return actionSequence(t, v) }})
}

func actionSequence(t *testing.T, v alarm.Vector) error {
	initial, err1 := alarm.Get[alarmeval.State](v, "initial_state")
	calls, err2 := alarm.Get[[]string](v, "calls")
	want, err3 := alarm.Get[int](v, "expected_alarm_action_count")
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	s := open(t)
	d := cis("a")
	d.OKActions = nil
	s.put(d, noon)
	s.setState("a", initial, noon)
	s.act(noon)
	before := len(s.topic.got)
	for _, call := range calls {
		operation, argument, _ := strings.Cut(call, " ")
		switch operation {
		case "SetAlarmState":
			s.setState("a", alarmeval.State(argument), noon)
		case "DisableAlarmActions":
			err1 = s.DisableActions(t.Context(), scope, []string{"a"}, noon)
		case "EnableAlarmActions":
			err1 = s.EnableActions(t.Context(), scope, []string{"a"}, noon)
		case "PutMetricAlarm(update)", "PutMetricAlarm":
			d.Description += "."
			d.ActionsEnabled = s.get("a").ActionsEnabled
			s.put(d, noon)
		default:
			return fmt.Errorf("unknown call %q", call)
		}
		if err1 != nil {
			return err1
		}
		s.act(noon)
	}
	if got := len(s.topic.got) - before; got != want {
		return fmt.Errorf("alarm actions = %d, want %d", got, want)
	}
	return nil
}
