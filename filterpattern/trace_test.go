package filterpattern_test

import (
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

func TestTrace(t *testing.T) {
	for _, test := range []struct {
		pattern, message string
		want             string
	}{
		{"", "x", "✓ : the empty pattern matches every message"},
		{"a -b ?c", "b c", `
✗ a -b ?c: all terms must hold
  ✗ a: the message does not contain it
  ✗ -b: the message contains it
  ✓ ?c: the message contains it; ignored beside terms that are not optional`},
		{"?a ?b", "a", `
✓ ?a ?b: one optional term is enough
  ✓ ?a: the message contains it
  ✗ ?b: the message does not contain it`},
		{"%x+%", "y", "✗ %x+%: the expression matches no part of the message"},
		{"{ $.a = 1 }", "x", "✗ { $.a = 1 }: the message is not JSON, or not JSON alone"},
		{"{ $.a = 1 }", "[1]", "✗ { $.a = 1 }: the message is JSON but not an object"},
		{
			`{ $.errorCode = "AccessDenied*" && $.userIdentity.sessionIssuer.userName != "bot" }`,
			`{"errorCode":"AccessDenied","userIdentity":{"type":"Root"}}`, `
✗ { $.errorCode = "AccessDenied*" && $.userIdentity.sessionIssuer.userName != "bot" }: the message is one JSON object
  ✗ $.errorCode = "AccessDenied*" && $.userIdentity.sessionIssuer.userName != "bot": 1 of 2 are true, all must be
    ✓ $.errorCode = "AccessDenied*": $.errorCode is "AccessDenied"
    ✗ $.userIdentity.sessionIssuer.userName != "bot": $.userIdentity.sessionIssuer.userName is missing: there is no $.userIdentity.sessionIssuer; != is false on a missing field`,
		},
		{"{ $.a = 1 || $.b IS NULL || $.b NOT EXISTS || $.a > 1 }", `{"a":"2","b":[null]}`, `
✓ { $.a = 1 || $.b IS NULL || $.b NOT EXISTS || $.a > 1 }: the message is one JSON object
  ✓ $.a = 1 || $.b IS NULL || $.b NOT EXISTS || $.a > 1: 1 of 4 are true, one must be
    ✗ $.a = 1: $.a is "2"
    ✓ $.b IS NULL: $.b is an array with null in it
    ✗ $.b NOT EXISTS: $.b is an array with null in it
    ✗ $.a > 1: $.a is "2"; > is false on a string, also on one that looks like a number`},
		{"{ $.a = true && $.b != 1 }", `{"a":true,"b":1e309}`, `
✗ { $.a = "true" && $.b != 1 }: the message is one JSON object
  ✗ $.a = "true" && $.b != 1: 0 of 2 are true, all must be
    ✗ $.a = "true": $.a is true; = is false on anything but a string or number
    ✗ $.b != 1: $.b is Infinity; comparisons with a number are false on it`},
		{"{ $.a[*] != 2 && $.b.c[*] = 1 && $.a[*] > 9 }", `{"a":[1,"x",true,{},[]]}`, `
✗ { $.a[*] != 2 && $.b.c[*] = 1 && $.a[*] > 9 }: the message is one JSON object
  ✗ $.a[*] != 2 && $.b.c[*] = 1 && $.a[*] > 9: 1 of 3 are true, all must be
    ✓ $.a[*] != 2: $.a[*] selects 1, "x", true, and 2 more; != asks that none be equal
    ✗ $.b.c[*] = 1: $.b.c[*] is missing: there is no $.b
    ✗ $.a[*] > 9: $.a[*] selects 1, "x", true, and 2 more`},
		{"{ $.a[*] NOT EXISTS }", `{"a":[]}`, `
✓ { $.a[*] NOT EXISTS }: the message is one JSON object
  ✓ $.a[*] NOT EXISTS: $.a[*] selects nothing`},
		{"[a, b, c]", "x y", "✗ [a, b, c]: the message has too few fields: 2, the pattern needs 3"},
		{"[level=ERROR || level=WARN, ..., size>9]", "INFO x y", `
✗ [level = "ERROR" || level = "WARN", ..., size > 9]: the message has 3 fields, the pattern needs 2
  ✗ level = "ERROR" || level = "WARN": 0 of 2 are true, one must be
    ✗ level = "ERROR": level is "INFO"
    ✗ level = "WARN": level is "INFO"
  ✗ size > 9: size is "y", which is not a number`},
	} {
		got := filterpattern.MustParse(test.pattern).Trace(filterpattern.NewEvent([]byte(test.message))).String()
		if want := strings.TrimPrefix(test.want, "\n") + "\n"; got != want {
			t.Errorf("Parse(%q).Trace(%q) = %swant %s", test.pattern, test.message, got, want)
		}
	}
}

// TestTraceQuotes holds that text from a message is shortened and escaped.
func TestTraceQuotes(t *testing.T) {
	p := filterpattern.MustParse(`{ $.a = "x" }`)
	message := `{"a":"\u001b[2J\n` + strings.Repeat("é", 100) + `"}`
	reason := p.Trace(filterpattern.NewEvent([]byte(message))).Children[0].Reason
	want := `$.a is "\x1b[2J\n` + strings.Repeat("é", 37) + `"...`
	if reason != want {
		t.Errorf("Trace reason = %s, want %s", reason, want)
	}
}

// TestTraceAgrees holds that a trace has the matcher's verdicts.
func TestTraceAgrees(t *testing.T) {
	for _, v := range readVectors(t) {
		p, err := filterpattern.Parse(v.Pattern)
		if err != nil || v.Event == nil {
			continue
		}
		e := filterpattern.NewEvent([]byte(*v.Event))
		checkTrace(t, p, e)
	}
}

func checkTrace(t *testing.T, p *filterpattern.Pattern, e *filterpattern.Event) {
	t.Helper()
	trace, want := p.Trace(e), p.MatchEvent(e)
	if trace.Matched != want {
		t.Errorf("Parse(%q).Trace(%q).Matched = %v, want %v", p, e.Message(), trace.Matched, want)
	}
	if p.Kind() == filterpattern.JSON && len(trace.Children) > 0 && trace.Children[0].Matched != want {
		t.Errorf("Parse(%q).Trace(%q): the condition is %v, want %v", p, e.Message(), !want, want)
	}
	if p.Kind() == filterpattern.Space && want {
		for _, child := range trace.Children {
			if !child.Matched {
				t.Errorf("Parse(%q).Trace(%q): %s is false, want true", p, e.Message(), child.Text)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	for _, test := range []struct{ pattern, want string }{
		{"", "Matches every message."},
		{"a -b ?c", `
Matches a message if all of these are true (case matters, parts of words count):
  it contains "a"
  it does not contain "b"
  (?c is ignored: optional terms count only in a pattern without others)`},
		{"?a ?b", `
Matches a message if any of these is true (case matters, parts of words count):
  it contains "a"
  it contains "b"`},
		{"%x+%", "Matches a message in any part of which the regular expression %x+% matches."},
		{`{ ($.a = "x*" || $.b != "*y*") && $.c != "z" && $.d > 5 }`, `
Matches a message that is one JSON object, if
  all of these are true:
    any of these is true:
      $.a begins with "x"
      $.b is a string or number and does not contain "y"
    $.c is a string or number and is not "z"
    $.d is a number greater than 5`},
		{"{ $.a = 1 || $.a != 1 || $.a = * || $.a = *x || $.a = %x% }", `
Matches a message that is one JSON object, if
  any of these is true:
    $.a is the number 1 or the string "1"
    $.a is a string or number and is not the number 1 or the string "1"
    $.a is any string or number
    $.a ends with "x"
    $.a matches the regular expression %x%`},
		{"{ $.a IS NULL || $.a IS TRUE || $.a IS FALSE || $.a NOT EXISTS }", `
Matches a message that is one JSON object, if
  any of these is true:
    $.a is null or an array with null in it
    $.a is true (the boolean)
    $.a is false (the boolean)
    $.a does not exist`},
		{"{ $.a[*] = x || $.a.b[*] != x || $.a[*] >= 1 }", `
Matches a message that is one JSON object, if
  any of these is true:
    a value of $.a[*] is "x"
    $.a.b exists and no value of $.a.b[*] is "x"
    a value of $.a[*] is a number not less than 1`},
		{"{ $.a[*] IS NULL || $.a[*] NOT EXISTS }", `
Matches a message that is one JSON object, if
  any of these is true:
    a value of $.a[*] is null
    there is no value of $.a[*]`},
		{"[a, b=1 && b!=2, c]", `
Matches a message of 3 fields or more, of which the last takes the rest of the line (fields are separated by white space; "..." and [...] are one field each)
in which
  all of these are true:
    b is a number equal to 1
    b is not a number equal to 2`},
		{"[..., a=x*, b!=*x]", `
Matches a message of 2 fields or more (fields are separated by white space; "..." and [...] are one field each)
in which
  a begins with "x"
in which
  b does not end with "x"`},
	} {
		got := filterpattern.MustParse(test.pattern).Explain()
		if want := strings.TrimPrefix(test.want, "\n") + "\n"; got != want {
			t.Errorf("Parse(%q).Explain() = %swant %s", test.pattern, got, want)
		}
	}
}
