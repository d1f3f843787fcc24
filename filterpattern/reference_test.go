package filterpattern_test

import (
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

func TestParseReference(t *testing.T) {
	const json, space, bad = "{ $.x = 1 }", "[x, ...]", ""
	for text, validFor := range map[string]string{
		"$.a": json, "$.a.b-c[0].['d.e']": json, "$.['a']": json,
		"$a": space, "$_a1": space, "$1": space, "$12": space,
		"": bad, "1": bad, "a": bad, "$": bad, "$.": bad, "$0": bad, "$1a": bad, "$a-b": bad, "$a.b": bad, "$ a": bad,
		"$.a ": bad, "$.a = 1": bad, "$['a']": bad, "$.a[*]": bad, "$.*": bad, "$.a[-1]": bad, "$99999999999999999999": bad,
	} {
		r, err := filterpattern.ParseReference(text)
		if (err != nil) != (validFor == bad) {
			t.Errorf("ParseReference(%q) error = %v, want one: %v", text, err, validFor == bad)
		}
		if err != nil {
			continue
		}
		if r.String() != text {
			t.Errorf("ParseReference(%q).String() = %q", text, r)
		}
		for _, pattern := range []string{"", "ERROR", "%x%", json, space} {
			if got, want := r.ValidFor(filterpattern.MustParse(pattern)), pattern == validFor; got != want {
				t.Errorf("ParseReference(%q).ValidFor(%q) = %v, want %v", text, pattern, got, want)
			}
		}
	}
}

func TestResolve(t *testing.T) {
	const missing = filterpattern.ValueKind(255)
	for _, test := range []struct {
		pattern, message, reference string
		kind                        filterpattern.ValueKind
		text                        string
		number                      float64 // 0 means none
	}{
		{"{ $.x NOT EXISTS }", `{"a":"b"}`, "$.a", filterpattern.StringValue, "b", 0},
		{"{ $.x = 1 }", `{"a":{"b":[0,"3.5"]}}`, "$.a.b[1]", filterpattern.StringValue, "3.5", 3.5},
		{"{ $.x = 1 }", `{"a":"x\u0041"}`, "$.a", filterpattern.StringValue, "xA", 0},
		{"{ $.x = 1 }", `{"a":" 1"}`, "$.a", filterpattern.StringValue, " 1", 0},
		{"{ $.x = 1 }", `{"a":"NaN"}`, "$.a", filterpattern.StringValue, "NaN", 0},
		{"{ $.x = 1 }", `{"a":50}`, "$.a", filterpattern.NumberValue, "50", 50},
		{"{ $.x = 1 }", `{"a":1e3}`, "$.a", filterpattern.NumberValue, "1000.0", 1000},
		{"{ $.x = 1 }", `{"a":1e309}`, "$.a", filterpattern.NumberValue, "Infinity", 0},
		{"{ $.x = 1 }", `{"a":9007199254740993}`, "$.a", filterpattern.NumberValue, "9007199254740993", 9007199254740992},
		{"{ $.x = 1 }", `{"a":null}`, "$.a", filterpattern.NullValue, "null", 0},
		{"{ $.x = 1 }", `{"a":true}`, "$.a", filterpattern.BooleanValue, "true", 0},
		{"{ $.x = 1 }", `{"a":[ 1 ]}`, "$.a", filterpattern.ArrayValue, "[ 1 ]", 0},
		{"{ $.x = 1 }", `{"a":{}}`, "$.a", filterpattern.ObjectValue, "{}", 0},
		{"{ $.x = 1 }", `{"a":1}`, "$.b", missing, "", 0},
		{"{ $.x = 1 }", `{"a":1`, "$.a", missing, "", 0},
		{"{ $.x = 1 }", `{"a":1}`, "$a", missing, "", 0},
		{"[a, b=5]", "x y z", "$a", filterpattern.StringValue, "x", 0},
		{"[a, b]", "x 2 z", "$b", filterpattern.StringValue, "2 z", 0},
		{"[a, b]", "x 2", "$b", filterpattern.StringValue, "2", 2},
		{"[a, b]", "x 2", "$2", filterpattern.StringValue, "2", 2},
		{"[a, b]", "x 2", "$3", missing, "", 0},
		{"[a, b]", "x", "$a", missing, "", 0},
		{"[a, b]", "x y", "$c", missing, "", 0},
		{"[a, b]", "x y", "$.a", missing, "", 0},
		{"[..., a, b]", "1 2 3", "$a", filterpattern.StringValue, "2", 2},
		{"[..., a]", "1 2 3", "$1", filterpattern.StringValue, "1", 1},
		{"ERROR", "ERROR 1", "$1", missing, "", 0},
	} {
		r, err := filterpattern.ParseReference(test.reference)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := filterpattern.MustParse(test.pattern).Resolve(r, filterpattern.NewEvent([]byte(test.message)))
		if ok != (test.kind != missing) {
			t.Errorf("Parse(%q).Resolve(%s, %q) is ok: %v, want %v", test.pattern, r, test.message, ok, !ok)
			continue
		}
		if ok && (got.Kind != test.kind || got.Text != test.text) {
			t.Errorf("Parse(%q).Resolve(%s, %q) = %v %q, want %v %q", test.pattern, r, test.message, got.Kind, got.Text, test.kind, test.text)
		}
		if f, number := got.Float64(); f != test.number || number != (test.number != 0) {
			t.Errorf("Value %q of %v: Float64() = %v, %v, want %v", got.Text, got.Kind, f, number, test.number)
		}
	}
}
