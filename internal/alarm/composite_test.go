package alarm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
)

const arnPrefix = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"

func both(name, rule string) alarm.Definition {
	return alarm.Definition{
		Name: name, AlarmRule: rule, ActionsEnabled: true,
		AlarmActions: []string{topicARN}, OKActions: []string{topicARN}, InsufficientDataActions: []string{topicARN},
	}
}

// quiet is a metric alarm without actions.
func quiet(name string) alarm.Definition {
	d := cis(name)
	d.AlarmActions, d.OKActions = nil, nil
	return d
}

func (s *station) putComposite(d alarm.Definition, now time.Time) {
	s.t.Helper()
	if err := s.PutComposite(s.t.Context(), scope, d, nil, now); err != nil {
		s.t.Fatalf("PutComposite(%s): %v", d.Name, err)
	}
}

func (s *station) composite(name string) alarm.Alarm {
	s.t.Helper()
	alarms, _, err := s.Describe(s.t.Context(), scope, alarm.DescribeQuery{Names: []string{name}, Types: []string{alarm.Composite}})
	if err != nil || len(alarms) != 1 {
		s.t.Fatalf("Describe(%s) = %v, %v, want one composite alarm", name, alarms, err)
	}
	return alarms[0]
}

// published are the names and states of what was published, in order.
func (s *station) published() []string {
	rings := []string{}
	for _, n := range s.topic.got {
		rings = append(rings, n.Alarm.Name+" "+string(n.Alarm.State))
	}
	return rings
}

func (s *station) wantPublished(now time.Time, want ...string) {
	s.t.Helper()
	s.act(now)
	if got := s.published(); !slices.Equal(got, want) {
		s.t.Errorf("published %q, want %q", got, want)
	}
}

func TestCompositeIsEvaluatedWhenCreated(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.put(quiet("b"), noon)
	s.setState("a", alarmeval.InAlarm, noon.Add(time.Second))
	s.putComposite(both("c", "ALARM(a) AND NOT ALARM(b)"), noon.Add(time.Minute))
	c := s.composite("c")
	wantData := `{"triggeringAlarms":[{"arn":"` + arnPrefix + `a","state":{"value":"ALARM","timestamp":"2026-03-02T12:00:01.000+0000"}},` +
		`{"arn":"` + arnPrefix + `b","state":{"value":"INSUFFICIENT_DATA","timestamp":"2026-03-02T12:00:00.000+0000"}}]}`
	if c.State != alarmeval.InAlarm || c.Reason != arnPrefix+"c was created and its alarm rule evaluates to ALARM" || c.ReasonData != wantData {
		t.Errorf("new composite alarm = %s, %q, %s, want ALARM because it was created, and %s", c.State, c.Reason, c.ReasonData, wantData)
	}
	if got, want := s.history("c"), []string{`Alarm "c" created`, "Alarm updated from INSUFFICIENT_DATA to ALARM"}; !slices.Equal(got, want) {
		t.Errorf("history = %q, want %q", got, want)
	}
	s.wantPublished(noon.Add(time.Minute), "c ALARM")
}

func TestCompositeFollowsItsChildren(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.put(quiet("b"), noon)
	s.putComposite(both("c", "ALARM(a) OR ALARM("+arnPrefix+"b)"), noon)
	s.setState("a", alarmeval.OK, noon.Add(1*time.Second))
	s.setState("b", alarmeval.InAlarm, noon.Add(2*time.Second))
	s.setState("a", alarmeval.InAlarm, noon.Add(3*time.Second)) // changes nothing
	c := s.composite("c")
	if want := arnPrefix + "b transitioned to ALARM at Monday 02 March, 2026 12:00:02 UTC"; c.State != alarmeval.InAlarm || c.Reason != want || !c.Updated.Equal(noon.Add(2*time.Second)) {
		t.Errorf("composite alarm = %+v, want ALARM at 12:00:02, %q", c.Status, want)
	}
	s.restart()
	s.wantPublished(noon, "c OK", "c ALARM")
	n := s.topic.got[1]
	var message struct {
		AlarmRule          string
		TriggeringChildren []struct{ Arn string }
	}
	if err := json.Unmarshal([]byte(n.Default), &message); err != nil || message.AlarmRule != c.AlarmRule ||
		len(message.TriggeringChildren) != 1 || message.TriggeringChildren[0].Arn != arnPrefix+"b" {
		t.Errorf("message = %s, %v, want the rule and b as the triggering child", n.Default, err)
	}
	if !strings.Contains(n.Email, "- "+arnPrefix+"b is in the ALARM state since Monday 02 March, 2026 12:00:02 UTC\n") {
		t.Errorf("mail = %s, want b among the triggering children", n.Email)
	}
}

func TestCompositeRingsWithItsData(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.putComposite(both("c", "ALARM(a)"), noon)
	now := noon.Add(10*time.Minute + 3*time.Second)
	s.land(now, now, 1)
	if c := s.composite("c"); c.State != alarmeval.InAlarm || !c.Updated.Equal(now) {
		t.Errorf("composite alarm = %+v, want ALARM at the instant of the datapoint", c.Status)
	}
	if err := s.CatchUp(t.Context(), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.wantPublished(now.Add(time.Hour), "c OK", "c ALARM", "c OK")
}

// TestCompositesAreEvaluatedOnce has one alarm above another both directly and
// through a third: it must not ring in between.
func TestCompositesAreEvaluatedOnce(t *testing.T) {
	s := open(t)
	s.put(quiet("leaf"), noon)
	s.putComposite(both("z", "ALARM(leaf)"), noon)
	s.putComposite(both("a", "ALARM(leaf) AND NOT ALARM(z)"), noon)
	s.setState("leaf", alarmeval.InAlarm, noon.Add(time.Second))
	s.setState("leaf", alarmeval.OK, noon.Add(2*time.Second))
	s.wantPublished(noon, "z OK", "a OK", "z ALARM", "z OK")
}

func TestCompositeSetState(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.setState("a", alarmeval.OK, noon)
	s.putComposite(both("c", "ALARM(a)"), noon)
	s.setState("c", alarmeval.InAlarm, noon.Add(time.Minute))
	s.restart()
	if err := s.CatchUp(t.Context(), noon.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if c := s.composite("c"); c.State != alarmeval.InAlarm {
		t.Errorf("state after a restart = %s, want ALARM until a child changes", c.State)
	}
	s.setState("a", alarmeval.InsufficientData, noon.Add(3*time.Minute))
	if c := s.composite("c"); c.State != alarmeval.OK {
		t.Errorf("state after a change of the child = %s, want OK", c.State)
	}
	s.wantPublished(noon, "c OK", "c ALARM", "c OK")
	if !strings.Contains(s.topic.got[1].Default, `"TriggeringChildren":[]`) {
		t.Errorf("message = %s, want no triggering children", s.topic.got[1].Default)
	}
}

func TestCompositeUpdate(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	s.putComposite(both("c", "ALARM(a)"), noon)
	s.putComposite(both("c", "NOT ALARM(a)"), noon.Add(time.Minute))
	if c := s.composite("c"); c.State != alarmeval.InAlarm || c.Reason != arnPrefix+"c was updated and its alarm rule evaluates to ALARM" {
		t.Errorf("updated composite alarm = %+v, want ALARM because it was updated", c.Status)
	}
	before := s.composite("c").Status
	s.putComposite(both("c", "TRUE"), noon.Add(2*time.Minute))
	if got := s.composite("c").Status; got != before {
		t.Errorf("status after a rule with the same outcome = %+v, want %+v", got, before)
	}
}

func TestCompositeRefusals(t *testing.T) {
	s := open(t)
	s.put(quiet("a"), noon)
	elsewhere := scope
	elsewhere.Region = "eu-west-1"
	if err := s.Put(t.Context(), elsewhere, quiet("b"), nil, noon); err != nil {
		t.Fatal(err)
	}
	s.putComposite(both("c", "ALARM(a)"), noon)
	withSuppressor := both("x", "TRUE")
	withSuppressor.Suppressor.Alarm = "none"
	for _, c := range []struct {
		name       string
		definition alarm.Definition
		want       string
	}{
		{"syntax", both("x", "ALARM(a"), "Error in AlarmRule [Unexpected end at char 7, must be: ')']"},
		{"unknown children", both("x", "ALARM(a) OR OK(y) OR OK(z)"), "Could not save the composite alarm as alarms [y, z] in the alarm rule do not exist"},
		{"another region", both("x", "ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:b)"), "in the alarm rule do not exist"},
		{"itself", both("x", "ALARM(x)"), "alarms [x] in the alarm rule do not exist"},
		{"unknown suppressor", withSuppressor, "the actions suppressor [none] does not exist"},
		{"name of a metric alarm", both("a", "TRUE"), "Alarm a already exists as a MetricAlarm."},
	} {
		var wrong *alarmeval.Error
		if err := s.PutComposite(t.Context(), scope, c.definition, nil, noon); !errors.As(err, &wrong) || !strings.Contains(wrong.Message, c.want) {
			t.Errorf("%s: PutComposite = %v, want %q", c.name, err, c.want)
		}
	}
	var wrong *alarmeval.Error
	if err := s.Put(t.Context(), scope, quiet("c"), nil, noon); !errors.As(err, &wrong) {
		t.Errorf("Put(name of a composite alarm) = %v, want an error of the name", err)
	}
}

func TestCompositeCycle(t *testing.T) {
	s := open(t)
	s.put(quiet("leaf"), noon)
	s.putComposite(both("a", "ALARM(leaf)"), noon)
	s.putComposite(both("b", "ALARM(a)"), noon)
	s.putComposite(both("a", "ALARM(leaf) OR ALARM(b)"), noon)
	s.setState("leaf", alarmeval.InAlarm, noon.Add(time.Minute))
	if a := s.composite("a"); a.State != alarmeval.OK {
		t.Errorf("state in a cycle = %s, want it not evaluated", a.State)
	}
	for _, name := range []string{"leaf", "a", "b"} {
		if err := s.Delete(t.Context(), scope, []string{name}, noon); err == nil {
			t.Errorf("Delete(%s) in a cycle = nil, want an error", name)
		}
	}
	s.putComposite(both("b", "FALSE"), noon.Add(2*time.Minute))
	s.putComposite(both("a", "ALARM(leaf) OR ALARM(b)"), noon.Add(3*time.Minute))
	if a := s.composite("a"); a.State != alarmeval.InAlarm {
		t.Errorf("state after the cycle was broken = %s, want ALARM", a.State)
	}
}

func TestDeleteWithComposites(t *testing.T) {
	s := open(t)
	for _, name := range []string{"a", "b", "s"} {
		s.put(quiet(name), noon)
	}
	s.putComposite(both("c", "ALARM(a) OR ALARM(b)"), noon)
	suppressed := both("d", "FALSE")
	suppressed.Suppressor = alarm.Suppressor{Alarm: "s", WaitPeriod: time.Second, ExtensionPeriod: time.Second}
	s.putComposite(suppressed, noon)
	for _, c := range []struct{ names, want string }{
		{"a", "Cannot delete a as there are composite alarm(s) depending on it."},
		{"a none b", "Cannot delete a,b as there are composite alarm(s) depending on them."},
		{"s", "Cannot delete s as there are composite alarm(s) depending on it."},
		{"c d", "Only one composite alarm can be deleted at a time."},
		{"c a b", ""},
		{"d", ""},
		{"s", ""},
	} {
		err := s.Delete(t.Context(), scope, strings.Fields(c.names), noon)
		var wrong *alarmeval.Error
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &wrong) || wrong.Message != c.want) {
			t.Errorf("Delete(%s) = %v, want %q", c.names, err, c.want)
		}
	}
	if alarms, _, err := s.Describe(t.Context(), scope, alarm.DescribeQuery{Types: []string{alarm.Metric, alarm.Composite}}); err != nil || len(alarms) != 0 {
		t.Errorf("Describe = %v, %v, want none", alarms, err)
	}
	if got := s.history("c"); got[len(got)-1] != `Alarm "c" deleted` {
		t.Errorf("history = %q, want the deletion last", got)
	}
}

func TestDescribeComposites(t *testing.T) {
	s := open(t)
	for _, name := range []string{"m1", "m2"} {
		s.put(quiet(name), noon)
	}
	s.putComposite(both("c1", "ALARM(m2) OR ALARM(m1)"), noon)
	s.putComposite(both("c2", "ALARM(m1) AND ALARM(c1)"), noon)
	for _, c := range []struct {
		name  string
		query alarm.DescribeQuery
		want  string
	}{
		{"no types", alarm.DescribeQuery{}, "m1 m2"},
		{"metric", alarm.DescribeQuery{Types: []string{alarm.Metric}}, "m1 m2"},
		{"composite", alarm.DescribeQuery{Types: []string{alarm.Composite}}, "c1 c2"},
		{"both", alarm.DescribeQuery{Types: []string{alarm.Composite, alarm.Metric}}, "c1 c2 m1 m2"},
		{"children", alarm.DescribeQuery{ChildrenOf: "c2"}, "c1 m1"},
		{"children of a metric alarm", alarm.DescribeQuery{ChildrenOf: "m1"}, ""},
		{"children of nobody", alarm.DescribeQuery{ChildrenOf: "none"}, ""},
		{"parents", alarm.DescribeQuery{ParentsOf: "m1"}, "c1 c2"},
		{"parents of a composite alarm", alarm.DescribeQuery{ParentsOf: "c1"}, "c2"},
		{"no parents", alarm.DescribeQuery{ParentsOf: "c2"}, ""},
	} {
		c.query.Limit = 1
		var got []string
		for {
			page, next, err := s.Describe(t.Context(), scope, c.query)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page {
				got = append(got, a.Name)
			}
			if c.query.Token = next; next == "" {
				break
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: Describe = %q, want %s", c.name, got, c.want)
		}
	}
}

// BenchmarkCascade is a change of one child of a composite alarm with 100
// children, among 10,000 alarms.
func BenchmarkCascade(b *testing.B) {
	s := open(b)
	var names []string
	for i := range 10_000 {
		d := quiet(fmt.Sprintf("a%05d", i))
		if i < 100 {
			names = append(names, fmt.Sprintf("ALARM(%s)", d.Name))
		}
		s.put(d, noon)
	}
	s.putComposite(both("c", strings.Join(names, " OR ")), noon)
	state := map[bool]alarmeval.State{true: alarmeval.InAlarm, false: alarmeval.OK}
	i := 0
	for b.Loop() {
		i++
		s.setState("a00050", state[i%2 == 1], noon.Add(time.Duration(i)*time.Second))
	}
}
