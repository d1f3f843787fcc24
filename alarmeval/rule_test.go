package alarmeval_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
)

var childStates = map[string]alarmeval.State{
	"A": alarmeval.InAlarm, "B": alarmeval.OK, "C": alarmeval.InsufficientData, "D": alarmeval.InAlarm,
	"with space": alarmeval.InAlarm, "OK": alarmeval.OK, `a"b`: alarmeval.InAlarm, `a\b c`: alarmeval.InAlarm,
}

func childState(name string) alarmeval.State { return childStates[name] }

// ruleCases are rules with their canonical text, empty if it is the same.
var ruleCases = []struct {
	text, canonical string
	want            alarmeval.State
	children        int
}{
	{"TRUE", "", alarmeval.InAlarm, 0},
	{"NOT NOT FALSE", "", alarmeval.OK, 0},
	{"ALARM(A)", "", alarmeval.InAlarm, 1},
	{" ALARM ( \"A\" )\n", "ALARM(A)", alarmeval.InAlarm, 1},
	{"ALARM(B) AND ALARM(A) OR ALARM(D)", "", alarmeval.InAlarm, 3},
	{"ALARM(B) AND (ALARM(A) OR ALARM(D))", "", alarmeval.OK, 3},
	{"(ALARM(B) AND ALARM(A)) OR ALARM(D)", "ALARM(B) AND ALARM(A) OR ALARM(D)", alarmeval.InAlarm, 3},
	{"NOT ALARM(B) AND OK(A)", "", alarmeval.OK, 2},
	{"NOT (ALARM(B) AND OK(A))", "", alarmeval.InAlarm, 2},
	{"TRUE AND(NOT(ALARM(B)))", "TRUE AND NOT ALARM(B)", alarmeval.InAlarm, 1},
	{"OK(OK)", "", alarmeval.InAlarm, 1},
	{`ALARM("a\"b")`, "", alarmeval.InAlarm, 1},
	{`ALARM("a\b c")`, "", alarmeval.InAlarm, 1},
	{"AT_LEAST(2, ALARM, (A, B, D))", "", alarmeval.InAlarm, 3},
	{"AT_LEAST(4, ALARM, (A, B, D))", "", alarmeval.OK, 3},
	{"AT_LEAST(66%, NOT OK, (A,B,\"with space\"))", "AT_LEAST(66%, NOT OK, (A, B, \"with space\"))", alarmeval.InAlarm, 3},
	{"AT_LEAST(67%, NOT OK, (A, B, D))", "", alarmeval.OK, 3},
	{"NOT AT_LEAST(1, INSUFFICIENT_DATA, (A, B)) AND ALARM(A)", "", alarmeval.InAlarm, 2},
}

func TestRule(t *testing.T) {
	for _, c := range ruleCases {
		t.Run(c.text, func(t *testing.T) {
			r, err := alarmeval.ParseRule(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Eval(childState); got != c.want {
				t.Errorf("Eval(%s) = %s, want %s", c.text, got, c.want)
			}
			if len(r.Children()) != c.children {
				t.Errorf("Children(%s) = %q, want %d", c.text, r.Children(), c.children)
			}
			want := c.canonical
			if want == "" {
				want = c.text
			}
			if got := r.String(); got != want {
				t.Errorf("String(%s) = %s, want %s", c.text, got, want)
			}
		})
	}
}

// badRules are rules that are none, with the position of what is wrong.
var badRules = []struct {
	text     string
	position int
}{
	{"", 0}, {"  ", 2}, {"ALARM(A", 7}, {"ALARM(A))", 8}, {"(ALARM(A)", 9}, {"ALARM()", 6}, {"ALARM A", 6}, {`ALARM("")`, 6},
	{"ALARM(A) ALARM(B)", 9}, {"ALARM(A) AND", 12}, {"OR ALARM(A)", 0}, {"NOT", 3}, {"ALARM(with space)", 11}, {`ALARM("A)`, 6},
	{"alarm(A)", 0}, {"true", 0}, {`"TRUE"`, 0}, {"ALARM(A, B)", 7}, {"A", 0}, {"ALARM(A) and OK(B)", 9}, {`ALARM(a"b")`, 7},
	{"AT_LEAST(0, ALARM, (A))", 9}, {"AT_LEAST(101%, ALARM, (A))", 9}, {"AT_LEAST(x, ALARM, (A))", 9}, {"AT_LEAST(, ALARM, (A))", 9},
	{"AT_LEAST(1, TRUE, (A))", 12}, {"AT_LEAST(1, ALARM, A)", 19}, {"AT_LEAST(1, ALARM, ())", 20}, {"AT_LEAST(1, ALARM, (A)", 22},
	{"AT_LEAST(1, ALARM, (A, ))", 23}, {"AT_LEAST(+1, ALARM, (A))", 9}, {`AT_LEAST("1", ALARM, (A))`, 9}, {"AT_LEAST(%, ALARM, (A))", 9},
}

func TestRuleErrors(t *testing.T) {
	for _, c := range badRules {
		_, err := alarmeval.ParseRule(c.text)
		var wrong *alarmeval.RuleError
		if !errors.As(err, &wrong) || wrong.Position != c.position {
			t.Errorf("ParseRule(%q) = %v, want an error at position %d", c.text, err, c.position)
		}
	}
}

// The first two messages are quoted from AWS.
func TestRuleErrorMessages(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"()", "Unsupported token ')' at char 1"},
		{"ALARM(SampleQueue Oldest)", "Unsupported token 'Oldest' at char 18, must be: ')'"},
		{"ALARM(A", "Unexpected end at char 7, must be: ')'"},
		{"TRUE TRUE", "Unsupported token 'TRUE' at char 5, must be: 'AND', 'OR'"},
	} {
		if _, err := alarmeval.ParseRule(c.text); err == nil || err.Error() != c.want {
			t.Errorf("ParseRule(%s) = %v, want %s", c.text, err, c.want)
		}
	}
}

func TestRuleLimits(t *testing.T) {
	named := func(n int) string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("ALARM(a%d)", i)
		}
		return strings.Join(names, " OR ")
	}
	times := func(n int, text string) string { return strings.TrimSuffix(strings.Repeat(text+" OR ", n), " OR ") }
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"100 children", named(100), true},
		{"101 children", named(101), false},
		{"a child twice is one", named(100) + " OR ALARM(a0)", true},
		{"500 elements", times(500, "TRUE"), true},
		{"501 elements", times(501, "TRUE"), false},
		{"parentheses are elements", times(250, "(TRUE)"), true},
		{"too many parentheses", times(251, "(TRUE)"), false},
		{"10240 characters", "ALARM(" + strings.Repeat("é", 10233) + ")", true},
		{"10241 characters", "ALARM(" + strings.Repeat("é", 10234) + ")", false},
	} {
		if _, err := alarmeval.ParseRule(c.text); (err == nil) != c.ok {
			t.Errorf("%s: ParseRule = %v, want ok %v", c.name, err, c.ok)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	for _, c := range ruleCases {
		f.Add(c.text)
	}
	for _, c := range badRules {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := alarmeval.ParseRule(text)
		if err != nil {
			var wrong *alarmeval.RuleError
			if !errors.As(err, &wrong) || wrong.Position < 0 || wrong.Position > len(text) {
				t.Errorf("ParseRule(%q) = %v, want a RuleError within the text", text, err)
			}
			return
		}
		again, err := alarmeval.ParseRule(r.String())
		if err != nil && len(r.String()) <= 10240 {
			t.Fatalf("ParseRule(%q), from %q: %v", r.String(), text, err)
		}
		if err == nil && (again.String() != r.String() || !slices.Equal(again.Children(), r.Children()) || again.Eval(childState) != r.Eval(childState)) {
			t.Errorf("%q became %q and then %q", text, r, again)
		}
	})
}

func TestTriggerData(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 5e6, time.UTC)
	if got, want := alarmeval.TriggerData(nil), `{"triggeringAlarms":[]}`; got != want {
		t.Errorf("TriggerData(none) = %s, want %s", got, want)
	}
	many := slices.Repeat([]alarmeval.Trigger{{ARN: strings.Repeat("a", 100), State: alarmeval.OK, At: at}}, 100)
	got := alarmeval.TriggerData(many)
	if len(got) > 4000 || len(got) < 3800 || !strings.HasSuffix(got, `"timestamp":"2026-03-02T12:00:00.005+0000"}}]}`) {
		t.Errorf("TriggerData(100 children) has %d characters and ends %s, want nearly 4000 and whole objects", len(got), got[len(got)-80:])
	}
}

func TestUpdatedReason(t *testing.T) {
	want := "arn:x was updated and its alarm rule evaluates to OK"
	if got := alarmeval.UpdatedReason("arn:x", alarmeval.OK); got != want {
		t.Errorf("UpdatedReason = %q, want %q", got, want)
	}
}
