package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

var (
	alarmScope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	alarmTime  = time.Date(2026, 3, 2, 10, 15, 1, 123e6, time.UTC)
)

// RunAlarms is what the alarm station asks of its store.
func RunAlarms(t *testing.T, open func(testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*testing.T, *sqlstore.Alarms){
		"RoundTrip":     alarmRoundTrip,
		"Revisions":     alarmRevisions,
		"AllOrNothing":  alarmAllOrNothing,
		"Composite":     alarmComposite,
		"List":          alarmList,
		"History":       alarmHistory,
		"HistoryPages":  alarmHistoryPages,
		"Sweep":         alarmSweep,
		"Actions":       alarmActions,
		"FinishOnce":    alarmFinishOnce,
		"HostileNames":  alarmHostileNames,
		"SeparateScope": alarmScopes,
		"Clock":         alarmClock,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Alarms()) })
	}
}

func someAlarm(name string) alarm.Alarm {
	return alarm.Alarm{
		Scope: alarmScope,
		Definition: alarm.Definition{
			Name: name, Description: "d", Metric: metric.NewKey("CIS", "Denied", metric.Dimension{Name: "a", Value: "1"}),
			Rule: alarmeval.Alarm{
				Namespace: "CIS", Statistic: "Sum", Period: 5 * time.Minute, EvaluationPeriods: 2, DatapointsToAlarm: 1, Threshold: 0.1,
				ComparisonOperator: alarmeval.GreaterThanThreshold, TreatMissingData: alarmeval.NotBreaching, Unit: "Count",
			},
			ActionsEnabled: true, AlarmActions: []string{"arn:aws:sns:us-east-1:111122223333:t"},
		},
		Status:     alarm.Status{State: alarmeval.OK, Reason: "r", ReasonData: `{"version":"1.0"}`, Updated: alarmTime, Transitioned: alarmTime.Add(-time.Hour)},
		Configured: alarmTime.Add(-2 * time.Hour), Seen: alarmTime.Truncate(time.Minute), Tags: map[string]string{"k": "v"},
	}
}

func commitAlarms(t *testing.T, s *sqlstore.Alarms, changes ...alarm.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), changes); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

func listAlarms(t *testing.T, s *sqlstore.Alarms, q alarm.ListQuery) []alarm.Alarm {
	t.Helper()
	alarms, err := s.List(t.Context(), alarmScope, q)
	if err != nil {
		t.Fatalf("List(%+v): %v", q, err)
	}
	return alarms
}

func alarmNames(alarms []alarm.Alarm) []string {
	names := []string{}
	for _, a := range alarms {
		names = append(names, a.Name)
	}
	return names
}

func alarmRoundTrip(t *testing.T, s *sqlstore.Alarms) {
	want := someAlarm("a")
	commitAlarms(t, s, alarm.Change{Alarm: want})
	want.Revision = 1
	got, err := s.All(t.Context())
	if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("All = %+v, %v, want %+v", got, err, want)
	}
}

func someComposite(name string) alarm.Alarm {
	a := someAlarm(name)
	a.Metric, a.Rule = metric.Key{}, alarmeval.Alarm{}
	a.AlarmRule, a.Suppressor = `ALARM("a") OR <é>`, alarm.Suppressor{Alarm: "s", WaitPeriod: time.Minute, ExtensionPeriod: time.Second}
	return a
}

// alarmComposite keeps what the actions of a composite alarm wait for.
func alarmComposite(t *testing.T, s *sqlstore.Alarms) {
	want := someComposite("c")
	want.Held = &alarm.Held{
		Hold: alarmeval.Hold{By: alarmeval.HeldByWaitPeriod, Until: alarmTime.Add(time.Minute)}, Old: alarm.Status{State: alarmeval.InAlarm, Updated: alarmTime, Transitioned: alarmTime},
		Children: []alarm.Child{{ARN: "arn", State: alarmeval.OK, Updated: alarmTime}},
	}
	commitAlarms(t, s, alarm.Change{Alarm: want})
	want.Revision = 1
	got, err := s.All(t.Context())
	if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("All = %+v, %v, want %+v", got, err, want)
	}
}

func alarmRevisions(t *testing.T, s *sqlstore.Alarms) {
	a := someAlarm("a")
	commitAlarms(t, s, alarm.Change{Alarm: a})
	if err := s.Commit(t.Context(), []alarm.Change{{Alarm: a}}); !errors.Is(err, alarm.ErrStale) {
		t.Errorf("Commit(new alarm of a name that is there) error = %v, want ErrStale", err)
	}
	a.Revision, a.State = 1, alarmeval.InAlarm
	commitAlarms(t, s, alarm.Change{Alarm: a})
	if got := listAlarms(t, s, alarm.ListQuery{}); len(got) != 1 || got[0].State != alarmeval.InAlarm || got[0].Revision != 2 {
		t.Errorf("List after an update = %+v, want ALARM at revision 2", got)
	}
	for _, stale := range []alarm.Change{{Alarm: a}, {Alarm: a, Delete: true}} {
		if err := s.Commit(t.Context(), []alarm.Change{stale}); !errors.Is(err, alarm.ErrStale) {
			t.Errorf("Commit(old revision, delete %v) error = %v, want ErrStale", stale.Delete, err)
		}
	}
	a.Revision = 2
	commitAlarms(t, s, alarm.Change{Alarm: a, Delete: true})
	if got := listAlarms(t, s, alarm.ListQuery{}); len(got) != 0 {
		t.Errorf("List after the deletion = %v, want none", alarmNames(got))
	}
}

func alarmAllOrNothing(t *testing.T, s *sqlstore.Alarms) {
	stale := someAlarm("stale")
	stale.Revision = 7
	err := s.Commit(t.Context(), []alarm.Change{
		{Alarm: someAlarm("a"), History: []alarm.HistoryItem{historyItem("a", 0)}, Actions: []alarm.Action{someAction("1", "a")}},
		{Alarm: stale},
	})
	if !errors.Is(err, alarm.ErrStale) {
		t.Fatalf("Commit error = %v, want ErrStale", err)
	}
	pending, err := s.Pending(t.Context(), 0, 10)
	if err != nil || len(pending) != 0 || len(listAlarms(t, s, alarm.ListQuery{})) != 0 || len(historyOf(t, s, alarm.HistoryQuery{})) != 0 {
		t.Errorf("after a failed commit: actions %v, %v, want nothing of it", pending, err)
	}
}

func alarmList(t *testing.T, s *sqlstore.Alarms) {
	for _, name := range []string{"b", "a%", "a_1", "aa", "c"} {
		a := someAlarm(name)
		if name == "b" {
			a.State = alarmeval.InAlarm
		}
		if name == "c" {
			a.Metric = metric.NewKey("CIS", "Denied")
		}
		commitAlarms(t, s, alarm.Change{Alarm: a})
	}
	commitAlarms(t, s, alarm.Change{Alarm: someComposite("z")})
	exact, bare := metric.NewKey("CIS", "Denied", metric.Dimension{Name: "a", Value: "1"}), metric.NewKey("CIS", "Denied")
	for _, c := range []struct {
		name string
		q    alarm.ListQuery
		want []string
	}{
		{"all", alarm.ListQuery{}, []string{"a%", "a_1", "aa", "b", "c", "z"}},
		{"metric alarms", alarm.ListQuery{Types: []string{alarm.Metric}}, []string{"a%", "a_1", "aa", "b", "c"}},
		{"composite alarms", alarm.ListQuery{Types: []string{alarm.Composite}}, []string{"z"}},
		{"both types", alarm.ListQuery{Types: []string{alarm.Metric, alarm.Composite}, Names: []string{"z", "c"}}, []string{"c", "z"}},
		{"names", alarm.ListQuery{Names: []string{"c", "none", "b"}}, []string{"b", "c"}},
		{"prefix", alarm.ListQuery{NamePrefix: "a"}, []string{"a%", "a_1", "aa"}},
		{"a prefix is no pattern", alarm.ListQuery{NamePrefix: "a%"}, []string{"a%"}},
		{"state", alarm.ListQuery{State: alarmeval.InAlarm}, []string{"b"}},
		{"page", alarm.ListQuery{After: "a_1", Limit: 2}, []string{"aa", "b"}},
		{"metric", alarm.ListQuery{Metric: &exact}, []string{"a%", "a_1", "aa", "b"}},
		{"metric without dimensions", alarm.ListQuery{Metric: &bare}, []string{"c"}},
	} {
		if got := alarmNames(listAlarms(t, s, c.q)); !slices.Equal(got, c.want) {
			t.Errorf("List(%s) = %q, want %q", c.name, got, c.want)
		}
	}
}

func historyItem(name string, second int) alarm.HistoryItem {
	return alarm.HistoryItem{
		AlarmName: name, AlarmType: alarm.Metric, Timestamp: alarmTime.Add(time.Duration(second) * time.Second),
		Type: alarm.StateUpdate, Summary: fmt.Sprint(second), Data: `{}`,
	}
}

func historyOf(t *testing.T, s *sqlstore.Alarms, q alarm.HistoryQuery) []string {
	t.Helper()
	items, err := s.History(t.Context(), alarmScope, q)
	if err != nil {
		t.Fatalf("History(%+v): %v", q, err)
	}
	summaries := []string{}
	for _, i := range items {
		summaries = append(summaries, i.AlarmName+i.Summary)
	}
	return summaries
}

func alarmHistory(t *testing.T, s *sqlstore.Alarms) {
	action := historyItem("a", 2)
	action.Type = alarm.ActionRun
	commitAlarms(t, s,
		alarm.Change{Alarm: someAlarm("a"), History: []alarm.HistoryItem{historyItem("a", 0), historyItem("a", 1), action}},
		alarm.Change{Alarm: someAlarm("b"), History: []alarm.HistoryItem{historyItem("b", 1)}})
	a := listAlarms(t, s, alarm.ListQuery{Names: []string{"a"}})[0]
	commitAlarms(t, s, alarm.Change{Alarm: a, Delete: true})
	for _, c := range []struct {
		name string
		q    alarm.HistoryQuery
		want []string
	}{
		{"newest first, deleted alarms too", alarm.HistoryQuery{}, []string{"a2", "b1", "a1", "a0"}},
		{"oldest first", alarm.HistoryQuery{OldFirst: true}, []string{"a0", "a1", "b1", "a2"}},
		{"name", alarm.HistoryQuery{AlarmName: "b"}, []string{"b1"}},
		{"type", alarm.HistoryQuery{Type: alarm.ActionRun}, []string{"a2"}},
		{"kind of alarm", alarm.HistoryQuery{AlarmTypes: []string{alarm.Composite}}, []string{}},
		{"from", alarm.HistoryQuery{Start: alarmTime.Add(time.Second)}, []string{"a2", "b1", "a1"}},
		{"to, inclusive", alarm.HistoryQuery{End: alarmTime.Add(time.Second)}, []string{"b1", "a1", "a0"}},
		{"limit", alarm.HistoryQuery{Limit: 1}, []string{"a2"}},
	} {
		if got := historyOf(t, s, c.q); !slices.Equal(got, c.want) {
			t.Errorf("History(%s) = %q, want %q", c.name, got, c.want)
		}
	}
}

// alarmHistoryPages reads item by item through items of one time.
func alarmHistoryPages(t *testing.T, s *sqlstore.Alarms) {
	a := someAlarm("a")
	c := alarm.Change{Alarm: a}
	for i := range 5 {
		item := historyItem("a", 0)
		item.Summary = fmt.Sprint(i)
		c.History = append(c.History, item)
	}
	commitAlarms(t, s, c)
	for _, oldFirst := range []bool{true, false} {
		var got []string
		q := alarm.HistoryQuery{Limit: 2, OldFirst: oldFirst}
		for {
			items, err := s.History(t.Context(), alarmScope, q)
			if err != nil {
				t.Fatalf("History: %v", err)
			}
			if len(items) == 0 {
				break
			}
			for _, i := range items {
				got = append(got, i.Summary)
				q.After = &alarm.HistoryPlace{Timestamp: i.Timestamp, ID: i.ID}
			}
		}
		want := []string{"4", "3", "2", "1", "0"}
		if oldFirst {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("History in pages, oldest first %v = %q, want %q", oldFirst, got, want)
		}
	}
}

func alarmSweep(t *testing.T, s *sqlstore.Alarms) {
	commitAlarms(t, s, alarm.Change{Alarm: someAlarm("a"), History: []alarm.HistoryItem{historyItem("a", 0), historyItem("a", 1)}})
	if err := s.Sweep(t.Context(), alarmTime.Add(time.Second)); err != nil {
		t.Fatalf("Sweep: %v", err)
	}
	if got := historyOf(t, s, alarm.HistoryQuery{}); !slices.Equal(got, []string{"a1"}) {
		t.Errorf("History after Sweep = %q, want the item of the given time and later", got)
	}
}

func someAction(id, name string) alarm.Action {
	return alarm.Action{ID: id, Target: "arn:aws:sns:us-east-1:111122223333:t", Transition: alarm.Transition{
		Alarm: someAlarm(name), Old: alarm.Status{State: alarmeval.InsufficientData, Updated: alarmTime, Transitioned: alarmTime},
		Windows: []alarmeval.Window{{Start: alarmTime.Add(-time.Minute), End: alarmTime}},
	}}
}

func alarmActions(t *testing.T, s *sqlstore.Alarms) {
	commitAlarms(t, s, alarm.Change{Alarm: someAlarm("a"), Actions: []alarm.Action{someAction("1", "a"), someAction("2", "a"), someAction("3", "a")}})
	all, err := s.Pending(t.Context(), 0, 2)
	if err != nil || len(all) != 2 || all[0].ID != "1" || all[1].ID != "2" {
		t.Fatalf("Pending(0, 2) = %v, %v, want actions 1 and 2", all, err)
	}
	want := someAction("1", "a")
	want.Sequence = all[0].Sequence
	if !reflect.DeepEqual(all[0], want) {
		t.Errorf("Pending = %+v, want %+v", all[0], want)
	}
	rest, err := s.Pending(t.Context(), all[1].Sequence, 2)
	if err != nil || len(rest) != 1 || rest[0].ID != "3" {
		t.Errorf("Pending(behind 2) = %v, %v, want action 3", rest, err)
	}
}

func alarmFinishOnce(t *testing.T, s *sqlstore.Alarms) {
	commitAlarms(t, s, alarm.Change{Alarm: someAlarm("a"), Actions: []alarm.Action{someAction("1", "a")}})
	for range 2 {
		if err := s.Finish(t.Context(), someAction("1", "a"), historyItem("a", 0)); err != nil {
			t.Fatalf("Finish: %v", err)
		}
	}
	pending, err := s.Pending(t.Context(), 0, 10)
	if err != nil || len(pending) != 0 {
		t.Errorf("Pending after Finish = %v, %v, want none", pending, err)
	}
	if got := historyOf(t, s, alarm.HistoryQuery{}); !slices.Equal(got, []string{"a0"}) {
		t.Errorf("History after finishing twice = %q, want one item", got)
	}
}

func alarmHostileNames(t *testing.T, s *sqlstore.Alarms) {
	for _, name := range []string{`'; DROP TABLE alarm; --`, `"`, `\`, "ü 💥", "%", "a:b/c"} {
		commitAlarms(t, s, alarm.Change{Alarm: someAlarm(name), History: []alarm.HistoryItem{historyItem(name, 0)}})
		if got := listAlarms(t, s, alarm.ListQuery{Names: []string{name}}); len(got) != 1 || got[0].Name != name {
			t.Errorf("List(%q) = %q, want it", name, alarmNames(got))
		}
		if got := historyOf(t, s, alarm.HistoryQuery{AlarmName: name}); len(got) != 1 {
			t.Errorf("History(%q) = %q, want one item", name, got)
		}
	}
}

func alarmScopes(t *testing.T, s *sqlstore.Alarms) {
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		a := someAlarm("a")
		a.Scope.Region = region
		commitAlarms(t, s, alarm.Change{Alarm: a, History: []alarm.HistoryItem{historyItem("a", 0)}})
	}
	if got := listAlarms(t, s, alarm.ListQuery{}); len(got) != 1 || got[0].Scope != alarmScope {
		t.Errorf("List = %+v, want the alarm of the scope only", got)
	}
	if got := historyOf(t, s, alarm.HistoryQuery{}); len(got) != 1 {
		t.Errorf("History = %q, want the item of the scope only", got)
	}
}

func alarmClock(t *testing.T, s *sqlstore.Alarms) {
	if got, err := s.Evaluated(t.Context()); err != nil || !got.IsZero() {
		t.Errorf("Evaluated at first = %s, %v, want zero", got, err)
	}
	for _, at := range []time.Time{alarmTime, alarmTime.Add(time.Minute)} {
		if err := s.SetEvaluated(t.Context(), at); err != nil {
			t.Fatalf("SetEvaluated: %v", err)
		}
		if got, err := s.Evaluated(t.Context()); err != nil || !got.Equal(at) {
			t.Errorf("Evaluated = %s, %v, want %s", got, err, at)
		}
	}
}
