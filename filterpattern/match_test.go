package filterpattern_test

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

// TestMatch has the rules that the vectors lack or only touch.
func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern string
		match   []string
		miss    []string
	}{
		// Terms.
		{"", []string{"", "x", "\xff"}, nil},
		{"-x", []string{"", "a"}, []string{"x", "axb"}},
		{"?a ?b", []string{"a", "b", "cab"}, []string{"", "A"}},
		{"?a -b", []string{"", "c"}, []string{"ab"}},
		{"?a b", []string{"b"}, []string{"a"}},
		{"a-b", []string{"a"}, []string{"a-b", "b"}},
		{`"a-b" "\d"`, []string{`a-b\d`}, []string{"a-b"}},

		// Regular expressions.
		{"%^a{,2}$%", []string{"", "a", "aa"}, []string{"aaa", "a{,2}"}},
		{`%^[{,2}]$%`, []string{"{", ",", "2"}, []string{"a"}},
		{`%^\{,2}$%`, []string{"{,2}"}, []string{"{0,2}"}},
		{`%^[[:digit:]{,2}]$%`, []string{"7", "{"}, []string{"a"}},
		{"%a$%", []string{"ba"}, []string{"a\n"}},
		{`%^\w$%`, []string{"a", "_"}, []string{"é"}},

		// JSON events.
		{"{ $.b NOT EXISTS }", []string{"{}", " \t\r\n{ } \n", `{"a":{"b":1}}`}, []string{
			"", " ", "x", "null", "[]", "[{}]", `"{}"`, "{} {}", "{}x", "{", `{"a":}`, `{"a":1,}`, `{a:1}`, "{'a':1}",
			`{"a":01}`, `{"a":+1}`, `{"a":.5}`, `{"a":NaN}`, `{"a":"` + "\n" + `"}`, `{"a":"\x"}`, "\ufeff{}", "\u00a0{}",
		}},
		{`{ $.a = "b" }`, []string{`{"a":"b"}`, `{"\u0061":"\u0062"}`, `{"a":1,"\u0061":"b"}`}, []string{`{"a":"b","\u0061":1}`, `{"A":"b"}`}},
		{"{ $.a = \"\ufffd\" }", []string{"{\"a\":\"\xff\"}", `{"a":"\ud800"}`}, []string{`{"a":""}`}},
		{`{ $.a = "😀" }`, []string{`{"a":"\ud83d\ude00"}`, `{"a":"😀"}`}, nil},
		{`{ $.['a b'].['c.d'] = x }`, []string{`{"a b":{"c.d":"x"}}`}, []string{`{"a b":{"c":{"d":"x"}}}`}},
		{`{ $.a[1].b = x }`, []string{`{"a":[0,{"b":"x"}]}`}, []string{`{"a":[{"b":"x"}]}`, `{"a":{"1":{"b":"x"}}}`, `{"a":[]}`, `{"a":null}`}},
		{`{ $.0 = x }`, []string{`{"0":"x"}`}, nil},

		// Comparisons.
		{"{ $.a = 1 }", []string{`{"a":1}`, `{"a":1.0}`, `{"a":10e-1}`, `{"a":"1"}`, `{"a":1.00000000000000000001}`},
			[]string{`{"a":"1.0"}`, `{"a":"01"}`, `{"a":2}`, `{"a":true}`, `{"a":null}`, `{"a":[1]}`, `{"a":{}}`, "{}"}},
		{"{ $.a != 1 }", []string{`{"a":2}`, `{"a":"1.0"}`, `{"a":""}`},
			[]string{`{"a":1.0}`, `{"a":"1"}`, `{"a":true}`, `{"a":null}`, `{"a":[2]}`, `{"a":{}}`, "{}", `{"a":1e309}`}},
		{"{ $.a > 1 }", []string{`{"a":2}`, `{"a":1.5}`, `{"a":100000000000000000000000000000}`}, []string{`{"a":"2"}`, `{"a":1}`, `{"a":1e309}`, `{"a":-2}`}},
		{"{ $.a < 1 }", []string{`{"a":0}`, `{"a":-1e300}`, `{"a":1e-999}`}, []string{`{"a":-1e309}`, `{"a":1}`, "{}"}},
		{"{ $.a >= -1.5 && $.a <= -1.5 }", []string{`{"a":-1.5}`}, []string{`{"a":1.5}`, `{"a":-1.4}`, `{"a":-1.6}`}},
		{"{ $.a = 0 }", []string{`{"a":0}`, `{"a":-0}`, `{"a":-0.0}`, `{"a":0e5}`, `{"a":"0"}`}, []string{`{"a":"-0"}`}},
		{"{ $.a > 1e-999 }", []string{`{"a":1}`}, []string{`{"a":0}`, `{"a":1e-999}`}},
		{"{ $.a = 9007199254740993 }", []string{`{"a":9007199254740993}`}, []string{`{"a":9007199254740992}`, `{"a":9007199254740993.0}`}},
		{"{ $.a = 1e2147483647 }", []string{`{"a":"1e2147483647"}`}, []string{`{"a":1}`}},
		{"{ $.a = 1.1 }", []string{`{"a":1.1}`, `{"a":11e-1}`, `{"a":1.10000000000000000001}`}, []string{`{"a":1.1000000001}`}},
		{`{ $.a = "1000.0" }`, []string{`{"a":1e3}`, `{"a":1000.00}`, `{"a":"1000.0"}`}, []string{`{"a":1000}`}},
		{`{ $.a = "-Inf*" }`, []string{`{"a":-1e309}`}, []string{`{"a":1e309}`}},
		{`{ $.a = %^1\.0E10$% }`, []string{`{"a":1e10}`, `{"a":10000000000.0}`}, []string{`{"a":10000000000}`}},
		{"{ $.a = 5* }", []string{`{"a":5}`, `{"a":503}`, `{"a":"5xx"}`}, []string{`{"a":-5}`, `{"a":45}`}},
		{"{ $.a != 5* }", []string{`{"a":45}`, `{"a":""}`}, []string{`{"a":503}`, `{"a":null}`, "{}"}},
		{`{ $.a = "***" }`, []string{`{"a":"x*y"}`}, []string{`{"a":"xy"}`}},
		{`{ $.a != "*" }`, nil, []string{`{"a":"x"}`, `{"a":1}`, "{}"}},
		{"{ $.a != %^x% }", []string{`{"a":"y"}`, `{"a":7}`}, []string{`{"a":"xy"}`, `{"a":true}`, "{}"}},

		// Tests.
		{"{ $.a IS NULL }", []string{`{"a":null}`, `{"a":[1,null]}`}, []string{"{}", `{"a":[]}`, `{"a":[[null]]}`, `{"a":{"b":null}}`, `{"a":"null"}`}},
		{"{ $.a IS TRUE }", []string{`{"a":true}`}, []string{`{"a":"true"}`, `{"a":[true]}`, `{"a":1}`, "{}"}},
		{"{ $.a IS FALSE }", []string{`{"a":false}`}, []string{`{"a":null}`, `{"a":0}`, "{}"}},
		{"{ $.a NOT EXISTS }", []string{"{}", `{"A":1}`}, []string{`{"a":null}`, `{"a":{}}`, `{"a":[]}`}},
		{"{ $.a.b NOT EXISTS }", []string{"{}", `{"a":1}`, `{"a":null}`, `{"a":[{"b":1}]}`}, []string{`{"a":{"b":null}}`}},

		{"{ $.a[99999999999999999999] = 1 }", nil, []string{`{"a":[1]}`}},
		{"{ $.a[99999999999999999999] NOT EXISTS }", []string{`{"a":[1]}`}, nil},

		// Wildcards.
		{"{ $.a[*] = 2 }", []string{`{"a":[1,2]}`, `{"a":{"x":2}}`}, []string{`{"a":2}`, `{"a":[[2]]}`, "{}", `{"a":{"x":2,"x":1}}`}},
		{"{ $.a.*.b > 1 }", []string{`{"a":[{"b":1},{"b":2}]}`}, []string{`{"a":[{"b":1}]}`, `{"a":{"b":2}}`}},
		{"{ $.a[*] != 2 }", []string{`{"a":[]}`, `{"a":{}}`, `{"a":null}`, `{"a":2}`, `{"a":[1,3]}`, `{"a":[[2]]}`, `{"a":{"x":2,"x":1}}`}, []string{"{}", `{"a":[1,2]}`}},
		{"{ $.a.b[*] != 2 }", []string{`{"a":{"b":1}}`}, []string{"{}", `{"a":1}`}},
		{"{ $.a[*] != 1 }", []string{`{"a":[1e309]}`}, []string{`{"a":[1e309,1.0]}`}},
		{"{ $.a[*] IS NULL }", []string{`{"a":[1,null]}`, `{"a":{"x":null}}`}, []string{`{"a":null}`, `{"a":[[null]]}`, "{}"}},
		{"{ $.a[*].b IS NULL }", []string{`{"a":[{"b":null}]}`}, []string{`{"a":[{"b":[null]}]}`, `{"a":[{}]}`}},
		{"{ $.a[*] IS TRUE }", []string{`{"a":[false,true]}`}, []string{`{"a":true}`}},
		{"{ $.a[*] NOT EXISTS }", []string{"{}", `{"a":[]}`, `{"a":{}}`, `{"a":1}`}, []string{`{"a":[null]}`}},

		// Fields.
		{"[]", []string{"", "a", "a b"}, nil},
		{"[...]", []string{"", "a"}, nil},
		{"[a]", []string{"a", "a b"}, []string{"", " \t"}},
		{"[a=x]", []string{"x", " x", "x ", `"x"`, "[x]"}, []string{"x y", "y"}},
		{`[a="x y"]`, []string{"x y", " x y", `"x y"`}, []string{"x  y", "x y "}},
		{"[..., a=x, b]", []string{"x 1", "0 x 1"}, []string{"x", "x 1 2"}},
		{"[a=x, ..., b=y]", []string{"x y", "x 1 2 y"}, []string{"x", "x y z", "xy"}},
		{"[a=1, rest]", []string{"1 x", "1.0 x", "+1e0 x"}, []string{"01x x", "x x", "NaN x", "0x1 x"}},
		{"[a!=1, rest]", []string{"x x", "2 x", `"" x`}, []string{"1.0 x"}},
		{"[a>=2, rest]", []string{"2 x", "1e9 x"}, []string{"x x", "1 x", "Infinity x", "1e99999999999 x"}},
		{`[a!="1", rest]`, []string{"1.0 x", "x x"}, []string{"1 x"}},
		{"[a=%^x% && a!=%y$%, rest]", []string{"xa 1"}, []string{"xy 1", "ax 1"}},
		{"[a=1 && a>=1 || (a=x || a=y) && a!=x, rest]", []string{"1 z", "y z"}, []string{"x z", "2 z"}},
	} {
		p := filterpattern.MustParse(test.pattern)
		for _, message := range test.match {
			if !p.Match([]byte(message)) {
				t.Errorf("Parse(%q).Match(%q) = false, want true", test.pattern, message)
			}
		}
		for _, message := range test.miss {
			if p.Match([]byte(message)) {
				t.Errorf("Parse(%q).Match(%q) = true, want false", test.pattern, message)
			}
		}
	}
}

// An event's keys are decoded once, however many selectors pass them by.
func TestMatchDecodesKeysOnce(t *testing.T) {
	p := filterpattern.MustParse("{ $.x = 1 || $.y = 1 || $.z = 1 }")
	e := filterpattern.NewEvent([]byte("{" + strings.Repeat(`"\u0061":1,`, 100) + `"b":1}`))
	p.MatchEvent(e)
	if got := testing.AllocsPerRun(10, func() { p.MatchEvent(e) }); got > 10 {
		t.Errorf("MatchEvent allocates %v times on an event that it knows, want at most 10", got)
	}
}

func TestExtract(t *testing.T) {
	type values = map[string]string
	for _, test := range []struct {
		pattern, message string
		want             values
	}{
		{"ERROR", "ERROR", values{}},
		{"ERROR", "x", nil},
		{"{ $.a = 1 }", `{"a":1}`, values{}},
		{"[a, b]", "x", nil},
		{"[]", "", values{}},
		{"[]", `a "b c"`, values{"$1": "a", "$2": "b c"}},
		{"[a, ]", `x  "y" z `, values{"$a": "x", "$2": `"y" z `}},
		{"[a, b]", `x  "y z" `, values{"$a": "x", "$b": "y z"}},
		{"[a, b]", `x "y" "z"`, values{"$a": "x", "$b": `"y" "z"`}},
		{"[a, b]", `x [y]"z"`, values{"$a": "x", "$b": `[y]"z"`}},
		{"[a, b, c]", `"x"y [] z`, values{"$a": "x", "$b": "y", "$c": `[] z`}},
		{"[a, b, c]", `"x""" z`, values{"$a": "x", "$b": "", "$c": "z"}},
		{"[a, b]", `"x y`, values{"$a": `"x`, "$b": "y"}},
		{"[a, b]", `x"y z"`, values{"$a": `x"y`, "$b": `z"`}},
		{"[a, b]", "x\n\v\fy\r", values{"$a": "x", "$b": "y"}},
		{"[a, ..., b, ]", "1 2 3 4 5", values{"$a": "1", "$2": "2", "$3": "3", "$b": "4", "$5": "5"}},
		{"[a, ..., b]", "1 2", values{"$a": "1", "$b": "2"}},
	} {
		got := filterpattern.MustParse(test.pattern).Extract(filterpattern.NewEvent([]byte(test.message)))
		if (got == nil) != (test.want == nil) || !maps.Equal(got, test.want) {
			t.Errorf("Parse(%q).Extract(%q) = %q, want %q", test.pattern, test.message, got, test.want)
		}
	}
}

// TestHostileMessages would not end in time, or run out of memory or stack, if
// a message of a megabyte took more than linear time and space.
func TestHostileMessages(t *testing.T) {
	const n = 1 << 20
	messages := map[string][]byte{
		"nested arrays":    bytes.Repeat([]byte("["), n),
		"nested objects":   []byte(strings.Repeat(`{"a":`, n/5) + "1" + strings.Repeat("}", n/5)),
		"deep but legal":   []byte(strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000)),
		"open brackets":    bytes.Repeat([]byte("[ "), n/2),
		"quotation marks":  bytes.Repeat([]byte(`"`), n),
		"same keys":        []byte(`{"a":1` + strings.Repeat(`,"a":1`, n/6) + "}"),
		"escaped keys":     []byte(`{"a":1` + strings.Repeat(`,"\u0061":1`, n/11) + "}"),
		"a long integer":   []byte(`{"a":` + strings.Repeat("9", n) + "}"),
		"a long fraction":  []byte(`{"a":0.` + strings.Repeat("9", n) + "}"),
		"many elements":    []byte(`{"a":[1` + strings.Repeat(",1", n/2) + "]}"),
		"a long string":    []byte(`{"a":"` + strings.Repeat("a", n) + `"}`),
		"a long exponent":  []byte(`{"a":1e` + strings.Repeat("9", n) + "}"),
		"a long field":     []byte(strings.Repeat("9", n) + " 1"),
		"nothing but tabs": bytes.Repeat([]byte("\t"), n),
	}
	patterns := []string{
		"?x ?y", "%x+x+x+x+x+y%", "{ $.a[*] != 2 && $.a.*.b NOT EXISTS }", "{ $.* = 1 || $.a > 1.5 || $.a = 9* }",
		"[a > 5, ..., b = %x*y%]", "[a = 9*, b]",
	}
	for name, message := range messages {
		for _, pattern := range patterns {
			p := filterpattern.MustParse(pattern)
			if got, want := len(p.Trace(filterpattern.NewEvent(message)).String()), 4096; got > want {
				t.Errorf("%s: Trace of %q has %d bytes, want %d at most", name, pattern, got, want)
			}
		}
	}
}

// TestSharedPattern is for the race detector.
func TestSharedPattern(t *testing.T) {
	p := filterpattern.MustParse(`{ $.a = %x% && $.b[*] != 1 }`)
	done := make(chan bool)
	for range 4 {
		go func() { done <- p.Match([]byte(`{"a":"x","b":[2]}`)) }()
	}
	for range 4 {
		if !<-done {
			t.Error("Match = false, want true")
		}
	}
}

func TestEventIsShared(t *testing.T) {
	e := filterpattern.NewEvent([]byte(`{"a": 1}`))
	for pattern, want := range map[string]bool{
		"{ $.a = 1 }": true, "{ $.a = 2 }": false, `[key="{\"a\":", value]`: true, "[key, value=1*]": true, `"a"`: true, "%1%": true, "": true,
	} {
		if got := filterpattern.MustParse(pattern).MatchEvent(e); got != want {
			t.Errorf("Parse(%q).MatchEvent(%s) = %v, want %v", pattern, e.Message(), got, want)
		}
	}
}
