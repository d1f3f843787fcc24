package filterpattern_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

// canonical holds patterns and their canonical form, empty where it is the
// pattern itself.
var canonical = []struct{ pattern, want string }{
	{"ERROR", ""},
	{"  ERROR\t timeout\n", "ERROR timeout"},
	{`"ERROR" -"a b" ?x`, `ERROR -"a b" ?x`},
	{"a-b?c", "a -b ?c"},
	{`"a"-b`, "a -b"},
	{`"say \"hi\" \\ \d"`, `"say \"hi\" \\ \\d"`},
	{"fé_1.x", ""},
	{`%^\d{,3}[,{] a%`, ""},
	{" %a% ", "%a%"},
	{"{$.a=x}", `{ $.a = "x" }`},
	{"\n{\n$.a\n=\n1\n}\n", "{ $.a = 1 }"},
	{"{ $.a = +1.50e03 }", ""},
	{"{ $.a = 5* && $.b = 1.2.3 }", `{ $.a = "5*" && $.b = "1.2.3" }`},
	{`{ $.a = "null" || $.a = "" }`, ""},
	{"{ $.a is null || $.b Not Exists }", "{ $.a IS NULL || $.b NOT EXISTS }"},
	{"{ $.a IS TRUE && $.b IS FALSE }", ""},
	{"{ (($.a = 1)) }", "{ $.a = 1 }"},
	{"{ ($.a = 1 && $.b = 2) && $.c = 3 }", "{ $.a = 1 && $.b = 2 && $.c = 3 }"},
	{"{ $.a = 1 || ($.b = 2 || $.c = 3) }", "{ $.a = 1 || $.b = 2 || $.c = 3 }"},
	{"{ $.a = 1 || ($.b = 2 && $.c = 3) }", "{ $.a = 1 || $.b = 2 && $.c = 3 }"},
	{"{ ($.a = 1 || $.b = 2) && $.c = 3 }", ""},
	{"{$.a<1&&$.a<=1&&$.a>1&&$.a>=1&&$.a!=1}", "{ $.a < 1 && $.a <= 1 && $.a > 1 && $.a >= 1 && $.a != 1 }"},
	{"{ $.* = %x% && $.a.* = 1 && $.['b'].['c.d'][007] = 1 }", "{ $.* = %x% && $.a[*] = 1 && $.b.['c.d'][7] = 1 }"},
	{"{ $.a['b'] = 1 && $.[0].c-d = 1 && $.[*] = 2 }", "{ $.a.b = 1 && $.[0].c-d = 1 && $.* = 2 }"},
	{"[]", ""},
	{"[ ]", "[]"},
	{"[a,]", "[a, ]"},
	{"[,b,,]", "[, b, , ]"},
	{"[...]", ""},
	{"[ip,...,status=4*,size>1e3]", `[ip, ..., status = "4*", size > 1e3]`},
	{"[(a=1||a=x)&&a!=%y%,b]", `[(a = 1 || a = "x") && a != %y%, b]`},
	{"", ""},
	{" \t\r\n", ""},
}

func TestString(t *testing.T) {
	for _, test := range canonical {
		want := test.want
		if want == "" && strings.TrimSpace(test.pattern) != "" {
			want = test.pattern
		}
		p, err := filterpattern.Parse(test.pattern)
		if err != nil {
			t.Errorf("Parse(%q) = %v, want no error", test.pattern, err)
			continue
		}
		if got := p.String(); got != want {
			t.Errorf("Parse(%q).String() = %q, want %q", test.pattern, got, want)
		}
		if got := p.Source(); got != test.pattern {
			t.Errorf("Parse(%q).Source() = %q", test.pattern, got)
		}
	}
}

func TestParseErrors(t *testing.T) {
	term := func(fragment string) string { return "Invalid character(s) in term '" + fragment + "'" }
	const generic = filterpattern.InvalidPattern
	for _, test := range []struct {
		pattern string
		want    string
		offset  int
	}{
		// Terms.
		{"ERR*", term("*"), 3},
		{"ERROR!", term("!"), 5},
		{"ERROR %x%", term("%"), 6},
		{"?%WARN%", term("%"), 1},
		{"*", term("*"), 0},
		{"café:", term(":"), 5},
		{`""`, term(`""`), 0},
		{`a -""`, term(`""`), 3},
		{`"ERROR`, term(`"ERROR`), 0},
		{`"ERROR\"`, term(`"ERROR\"`), 0},
		{`"ERROR"WARN`, generic, 7},
		{`"event": "x"`, generic, 7},
		{`a"b"`, generic, 1},
		{"a - b", generic, 3},
		{"--a", generic, 1},
		{"a ?", generic, 3},

		// Regular expressions.
		{"%", term("%"), 0},
		{"%%", term("%%"), 0},
		{"%abc", "If a filter pattern starts with '%' it must end with '%'", 0},
		{"%(ab)+%", term("%("), 0},
		{`%\(ab\)%`, term(`%\(`), 0},
		{"%café%", term("%café"), 0},
		{"%[a&b]%", term("%[a&"), 0},
		{"%A% %B%", term(" "), 3},
		{"%A%B%", term("B"), 3},
		{`%\p%`, "Failed to compile regular expression.", 0},
		{"%a++%", "Failed to compile regular expression.", 0},
		{"%[z-a]%", "Failed to compile regular expression.", 0},
		{"{ $.a = %[% }", "Failed to compile regular expression.", 8},

		// JSON.
		{"{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'", 0},
		{" {", "If a filter pattern starts with '{' it must end with '}'", 1},
		{"{}", generic, 1},
		{"{ $.a }", generic, 6},
		{"{ $.a = }", generic, 8},
		{"{ $.a = 1 || }", generic, 13},
		{"{ ($.a = 1 }", generic, 11},
		{"{ $.a = 1 } }", generic, 12},
		{"{ a = 1 }", generic, 2},
		{"{ $.a == 1 }", generic, 7},
		{"{ $.a <> 1 }", generic, 7},
		{"{ $.a = 1 AND $.b = 2 }", generic, 10},
		{"{ $.a = NuLL }", generic, 8},
		{"{ $.a = $.b }", generic, 8},
		{"{ $.a = x y }", generic, 10},
		{"{ $.a IN [1] }", generic, 6},
		{"{ $.a EXISTS }", generic, 6},
		{"{ $.a NOT }", generic, 10},
		{"{ NOT ($.a = 1) }", generic, 2},
		{"{ $.a = 1e2147483648 }", generic, 8},
		{"{ $.a = 1e-2147483648 }", generic, 8},
		{"{ !($.a = 1) }", term("!("), 2},
		{"{ $.a = 1 & $.b = 2 }", term("& "), 10},
		{"{ $.a IS NOT NULL }", term("NOT"), 9},
		{"{ $.a IS maybe }", term("maybe"), 9},
		{"{ $.a IS 1 }", generic, 9},
		{`{ $.a > "0" }`, term(`"0"`), 8},
		{"{ $.a <= x }", term("x"), 9},
		{"{ $.a >= }", generic, 9},
		{"{ $.a = a:b }", term(":"), 9},
		{"{ $.a = 1, $.b = 2 }", term(","), 9},
		{"{ $.a = 10.0.0.0/8 }", term("/"), 16},
		{"{ $.a = 'x' }", term("'"), 8},
		{`{ $.a = "x }`, term(`"x }`), 8},
		{"{ $.a = %x }", term("%x }"), 8},
		{"{ $.a = é! }", term("! "), 10},
		{"{ $ = 2 }", term("$ "), 2},
		{"{ $['a'] = 2 }", term("$["), 2},
		{"{ $[1] = 2 }", term("$["), 2},
		{`{ $.["a.b"] = 2 }`, term(`$.["`), 2},
		{`{ $."k" = 2 }`, term(`$."`), 2},
		{"{ $.a[-1] = 2 }", term("[-"), 5},
		{"{ $.a[1 = 2 }", term("[1 "), 5},
		{"{ $.a[''] = 2 }", term("[''"), 5},
		{"{ $.a[*].* = 2 }", "Your filter pattern has a JSON path selector that exceeds the maximum of 1 wildcard allowed per json selector.", 2},
		{"{ $.a = %x% && $.b = %y% && $.c = %z% }", "Your input has exceeded the maximum of 2 regular expressions per filter pattern.", 34},

		// Space-delimited.
		{"[a, b", "If a filter pattern starts with '[' it must end with ']'", 0},
		{"[1a]", term("1a"), 1},
		{"[a, 1]", term("1"), 4},
		{"[a-b]", term("-"), 2},
		{"[a.b=1]", term("."), 2},
		{"[$a]", term("$"), 1},
		{"[a b]", generic, 3},
		{"[a=]", generic, 3},
		{`[a>"1", b]`, generic, 3},
		{"[a>x, b]", generic, 3},
		{"[a=1 || b]", generic, 9},
		{"[(a)]", generic, 3},
		{"[a]]", generic, 3},
		{"[....]", term("."), 1},
		{"[a, a]", "Duplicate field 'a'", 4},
		{"[..., a, ...]", "Duplicate field '...'", 9},
		{"[a=ERROR || b=one, b]", "Multiple variables used in a single filter. Var1 : a, Var2 : b", 12},
		{"[a=4* && b>1000, c]", "Multiple variables used in a single filter. Var1 : a, Var2 : b", 9},
	} {
		_, err := filterpattern.Parse(test.pattern)
		var syntax *filterpattern.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Parse(%q) = %v, want %q", test.pattern, err, test.want)
			continue
		}
		if syntax.Error() != test.want || syntax.Offset != test.offset {
			t.Errorf("Parse(%q) = %q at %d, want %q at %d", test.pattern, syntax, syntax.Offset, test.want, test.offset)
		}
	}
}

func TestWildcardSelectors(t *testing.T) {
	three := "$.a[*] = 1 && $.b[*] = 1 && $.c.*.d = 1"
	if _, err := filterpattern.Parse("{ " + three + " }"); err != nil {
		t.Errorf("Parse(three wildcard selectors) = %v, want no error", err)
	}
	if _, err := filterpattern.Parse("{ " + three + " && $.* = 1 }"); err == nil {
		t.Error("Parse(four wildcard selectors) = nil, want an error")
	}
}

func TestMaxLength(t *testing.T) {
	longest := strings.Repeat("é", filterpattern.MaxLength)
	if _, err := filterpattern.Parse(longest); err != nil {
		t.Errorf("Parse(%d characters) = %v, want no error", filterpattern.MaxLength, err)
	}
	_, err := filterpattern.Parse(longest + "x")
	want := "1 validation error detected: Value '" + longest + "x' at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to 1024"
	if err == nil || err.Error() != want {
		t.Errorf("Parse(%d characters) = %v, want %s", filterpattern.MaxLength+1, err, want)
	}
}

func TestDeepParentheses(t *testing.T) {
	const depth = 500
	pattern := "{" + strings.Repeat("(", depth) + "$.a=1" + strings.Repeat(")", depth) + "}"
	if p, err := filterpattern.Parse(pattern); err != nil || p.String() != "{ $.a = 1 }" {
		t.Errorf("Parse(%d parentheses) = %v, %v", depth, p, err)
	}
}

func TestKind(t *testing.T) {
	for pattern, want := range map[string]filterpattern.Kind{
		"":            filterpattern.All,
		" ":           filterpattern.All,
		"-x":          filterpattern.Terms,
		`"{}"`:        filterpattern.Terms,
		" %x%":        filterpattern.Regex,
		"\n{$.a=1}":   filterpattern.JSON,
		"[] ":         filterpattern.Space,
		"[level, ...": -1,
	} {
		p, err := filterpattern.Parse(pattern)
		if err == nil && p.Kind() != want || err != nil && want >= 0 {
			t.Errorf("Parse(%q).Kind() = %v, %v, want %v", pattern, p.Kind(), err, want)
		}
	}
}

func TestRegexes(t *testing.T) {
	for pattern, want := range map[string]int{
		"":                            0,
		"ERROR":                       0,
		"%x%":                         1,
		"{ $.a = %x% || $.b != %y% }": 2,
		`{ $.a = "%x%" }`:             0,
		"[a = %x%, ...]":              1,
	} {
		if got := filterpattern.MustParse(pattern).Regexes(); got != want {
			t.Errorf("Parse(%q).Regexes() = %d, want %d", pattern, got, want)
		}
	}
}

func TestZeroPattern(t *testing.T) {
	var p filterpattern.Pattern
	if !p.Match([]byte("anything")) || p.Kind() != filterpattern.All || p.String() != "" || p.Regexes() != 0 {
		t.Error("the zero Pattern is not the empty pattern")
	}
}

func TestMarshalText(t *testing.T) {
	type config struct{ Pattern *filterpattern.Pattern }
	const text = `{"Pattern":"{$.a=x}"}`
	var c config
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(c); err != nil || string(got) != text {
		t.Errorf("Marshal(Unmarshal(%s)) = %s, %v", text, got, err)
	}
	if err := json.Unmarshal([]byte(`{"Pattern":"{"}`), &c); err == nil || c.Pattern.Source() != "{$.a=x}" {
		t.Errorf("Unmarshal of a bad pattern = %v and leaves %q", err, c.Pattern.Source())
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("MustParse of a bad pattern does not panic")
		}
	}()
	filterpattern.MustParse("{")
}

// TestPositions holds that each node stands in the source where it says.
func TestPositions(t *testing.T) {
	const source = ` { $.a.b = "x" && ($.c[*] > 1 || $.d NOT EXISTS) && $.e != %y% }`
	starts := map[string]string{
		"*filterpattern.Object":     "{",
		"*filterpattern.And":        "$.a.b",
		"*filterpattern.Or":         "$.c[*] > 1 ||",
		"*filterpattern.Comparison": "$.",
		"*filterpattern.NotExists":  "$.d NOT",
		"*filterpattern.Selector":   "$.",
		"*filterpattern.Text":       `"x"`,
		"*filterpattern.Number":     "1 ||",
		"*filterpattern.Regexp":     "%y%",
	}
	seen := map[string]bool{}
	filterpattern.Walk(filterpattern.MustParse(source).Root(), func(n filterpattern.Node) {
		kind := reflect.TypeOf(n).String()
		seen[kind] = true
		if !strings.HasPrefix(source[n.Pos():], starts[kind]) {
			t.Errorf("%s %s is at %d: %q, want %q", kind, n, n.Pos(), source[n.Pos():], starts[kind])
		}
	})
	if len(seen) != len(starts) {
		t.Errorf("Walk visits %d kinds of nodes, want %d", len(seen), len(starts))
	}
}

// TestRoundTrip holds for all patterns known to the tests that the canonical
// form parses to the same tree, prints as itself, and matches the same events.
func TestRoundTrip(t *testing.T) {
	for _, pattern := range knownPatterns(t) {
		p, err := filterpattern.Parse(pattern)
		if err != nil {
			continue
		}
		q, err := filterpattern.Parse(p.String())
		if err != nil {
			t.Errorf("Parse(%q) = %v, want no error: it is Parse(%q).String()", p, err, pattern)
			continue
		}
		if q.String() != p.String() {
			t.Errorf("Parse(%q).String() = %q", p, q)
		}
		if got, want := tree(q), tree(p); !slices.Equal(got, want) {
			t.Errorf("Parse(%q) has the nodes %q, want %q", p, got, want)
		}
	}
}

// TestRoundTripMatches holds that the canonical form matches and extracts as
// the pattern does.
func TestRoundTripMatches(t *testing.T) {
	for _, v := range readVectors(t) {
		p, err := filterpattern.Parse(v.Pattern)
		if err != nil || v.Event == nil {
			continue
		}
		e := filterpattern.NewEvent([]byte(*v.Event))
		got, want := filterpattern.MustParse(p.String()).Extract(e), p.Extract(e)
		if (got == nil) != (want == nil) || !maps.Equal(got, want) {
			t.Errorf("Parse(%q).Extract(%q) = %q, want %q as for %q", p, *v.Event, got, want, v.Pattern)
		}
	}
}

// tree lists the nodes of a pattern with their kinds.
func tree(p *filterpattern.Pattern) []string {
	var list []string
	filterpattern.Walk(p.Root(), func(n filterpattern.Node) {
		list = append(list, reflect.TypeOf(n).String()+" "+n.String())
	})
	return list
}

// knownPatterns are the patterns of the vectors and of this file, good and bad.
func knownPatterns(tb testing.TB) []string {
	tb.Helper()
	var list []string
	for _, v := range readVectors(tb) {
		list = append(list, v.Pattern)
	}
	for _, c := range canonical {
		list = append(list, c.pattern)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
