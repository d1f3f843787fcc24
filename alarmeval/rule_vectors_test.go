package alarmeval_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

// vectorHead is what every line has.
type vectorHead struct{ ID, Kind, Feature, Note, Source, Confidence string }

type ruleVector struct {
	vectorHead
	Rule          string
	Children      map[string]alarmeval.State
	ExpectedState string `json:"expected_state"`
	ExpectedError string `json:"expected_error"`
}

type compositeReasonVector struct {
	vectorHead
	Event        string
	ChildARN     string          `json:"child_arn"`
	ChildState   alarmeval.State `json:"child_state"`
	At           time.Time
	CompositeARN string `json:"composite_arn"`
	Result       alarmeval.State
	Expected     string          `json:"expected_reason"`
	ExpectedData json.RawMessage `json:"expected_reason_data"`
}

type suppressorVector struct {
	vectorHead
	Wait      int `json:"wait_period"`
	Extension int `json:"extension_period"`
	Events    []struct {
		Alarm string
		To    alarmeval.State
		At    int
	}
	Expected []suppressorAction `json:"expected_actions"`
}

type suppressorAction struct {
	State alarmeval.State
	At    int
}

func TestVectorsCompositeAlarms(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var head vectorHead
		if err := json.Unmarshal(line, &head); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var err error
		switch head.Kind {
		case "composite", "composite_error":
			err = check(line, ruleVector.check)
		case "composite_reason":
			err = check(line, compositeReasonVector.check)
		case "suppressor":
			err = check(line, suppressorVector.check)
		default:
			continue
		}
		switch {
		case err == nil:
			passed++
		case head.Confidence == "low" || head.Confidence == "inferred":
			t.Logf("%s (confidence %s): %v", head.ID, head.Confidence, err)
		default:
			failed++
			t.Errorf("%s: %v", head.ID, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

// check reads a line, none of whose members may be unknown, and checks it.
func check[V any](line []byte, f func(V) error) error {
	var v V
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more behind the line: %v", err)
	}
	return f(v)
}

// check parses the rule; as PutCompositeAlarm does, it takes a child that is not
// there for an error.
func (v ruleVector) check() error {
	name := func(child string) string { return child[strings.LastIndex(child, ":")+1:] }
	rule, err := alarmeval.ParseRule(v.Rule)
	if err == nil {
		for _, child := range rule.Children() {
			if _, ok := v.Children[name(child)]; !ok {
				err = fmt.Errorf("no alarm %s", child)
			}
		}
	}
	wantError := v.ExpectedError != "" || v.ExpectedState == "error"
	if err != nil || wantError {
		if wantError != (err != nil) {
			return fmt.Errorf("ParseRule(%s) = %v, want error %v", v.Rule, err, wantError)
		}
		return nil
	}
	if got := rule.Eval(func(child string) alarmeval.State { return v.Children[name(child)] }); string(got) != v.ExpectedState {
		return fmt.Errorf("Eval(%s) = %s, want %s", v.Rule, got, v.ExpectedState)
	}
	return nil
}

func (v compositeReasonVector) check() error {
	trigger := alarmeval.Trigger{ARN: v.ChildARN, State: v.ChildState, At: v.At}
	got := trigger.Reason()
	switch {
	case strings.Contains(v.Event, "created"):
		got = alarmeval.CreatedReason(v.CompositeARN, v.Result)
	case strings.Contains(v.Event, "updated"):
		got = alarmeval.UpdatedReason(v.CompositeARN, v.Result)
	}
	if got != v.Expected {
		return fmt.Errorf("reason = %q, want %q", got, v.Expected)
	}
	if v.ExpectedData == nil {
		return nil
	}
	var gotData, want any
	if err := json.Unmarshal([]byte(alarmeval.TriggerData([]alarmeval.Trigger{trigger})), &gotData); err != nil {
		return err
	}
	if err := json.Unmarshal(v.ExpectedData, &want); err != nil {
		return err
	}
	if !reflect.DeepEqual(gotData, want) {
		return fmt.Errorf("data = %v, want %v", gotData, want)
	}
	return nil
}

// check plays the events; a unit of time is a second.
func (v suppressorVector) check() error {
	unit := func(n int) time.Time { return time.Unix(int64(n), 0) }
	s := alarmeval.Suppression{Wait: time.Duration(v.Wait) * time.Second, Extension: time.Duration(v.Extension) * time.Second}
	composite, suppressor, hold := alarmeval.OK, alarmeval.OK, alarmeval.Hold{}
	got := []suppressorAction{}
	due := func(now int) {
		if hold.Due(unit(now)) {
			got = append(got, suppressorAction{composite, int(hold.Until.Unix())})
			hold = alarmeval.Hold{}
		}
	}
	for _, e := range v.Events {
		due(e.At)
		switch e.Alarm {
		case "composite":
			composite, hold = e.To, s.Changed(suppressor, unit(e.At))
		case "suppressor":
			suppressor, hold = e.To, s.SuppressorChanged(hold, e.To, unit(e.At))
		default:
			return fmt.Errorf("unknown alarm %s", e.Alarm)
		}
	}
	due(1 << 30)
	if !reflect.DeepEqual(got, append([]suppressorAction{}, v.Expected...)) {
		return fmt.Errorf("actions = %v, want %v", got, v.Expected)
	}
	return nil
}
