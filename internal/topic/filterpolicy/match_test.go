package filterpolicy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic/filterpolicy"
)

func TestMatchesBody(t *testing.T) {
	for _, c := range []struct {
		name, policy string
		yes, no      []string // bodies
	}{
		{"no object", `{"a":[{"exists":false}]}`, []string{`{}`}, []string{`text`, `"text"`, `["a"]`, `{} {}`, ``}},
		{"string", `{"a":["x"]}`, []string{`{"a":"x"}`, `{"a":["y","x"]}`, `{"a":[["x"]]}`}, []string{`{"a":"X"}`, `{"a":null}`, `{"a":[]}`, `{"b":"x"}`}},
		{"empty string", `{"a":{"b":[""]}}`, []string{`{"r":[],"a":{"b":"","c":null}}`}, []string{`{"a":{"b":null}}`}},
		{"number", `{"a":[100]}`, []string{`{"a":100}`, `{"a":100.0}`, `{"a":1e2}`}, []string{`{"a":"100"}`, `{"a":101}`}},
		{"literals", `{"a":[true,null]}`, []string{`{"a":true}`, `{"a":null}`}, []string{`{"a":false}`, `{"a":"true"}`, `{}`}},
		{"prefix", `{"a":[{"prefix":"x-"}]}`, []string{`{"a":"x-y"}`}, []string{`{"a":"X-y"}`, `{"a":1}`}},
		{"suffix", `{"a":[{"suffix":".pem"}]}`, []string{`{"a":"x.pem"}`}, []string{`{"a":"pem"}`, `{"a":null}`}},
		{"ignoring case", `{"a":[{"equals-ignore-case":"Alice"}]}`, []string{`{"a":"aLICE"}`}, []string{`{"a":"Alicia"}`}},
		{"anything but one", `{"a":[{"anything-but":"x"}]}`, []string{`{"a":"y"}`, `{"a":1}`, `{"a":["x","y"]}`}, []string{`{"a":"x"}`, `{}`, `{"a":["x"]}`}},
		{"anything but numbers", `{"a":[{"anything-but":[1,2]}]}`, []string{`{"a":3}`, `{"a":"1"}`}, []string{`{"a":1.0}`, `{"a":2}`}},
		{"anything but prefix", `{"a":[{"anything-but":{"prefix":"x"}}]}`, []string{`{"a":"yx"}`}, []string{`{"a":"xy"}`}},
		{"equal", `{"a":[{"numeric":["=",0.00001]}]}`, []string{`{"a":1e-5}`}, []string{`{"a":0.00002}`, `{"a":"0.00001"}`}},
		{"range", `{"a":[{"numeric":[">",0,"<=",150]}]}`, []string{`{"a":0.1}`, `{"a":150}`}, []string{`{"a":0}`, `{"a":150.1}`}},
		{"one bound", `{"a":[{"numeric":["<",0]}],"b":[{"numeric":[">=",1]}]}`, []string{`{"a":-1,"b":1}`}, []string{`{"a":0,"b":1}`, `{"a":-1,"b":0.9}`}},
		{"exists", `{"a":[{"exists":true}]}`, []string{`{"a":null}`, `{"a":[1]}`}, []string{`{}`, `{"a":[]}`, `{"a":{"b":1}}`}},
		{"is missing", `{"a":{"b":[{"exists":false}]}}`, []string{`{"a":{}}`, `{"a":1}`, `{}`}, []string{`{"a":{"b":1}}`, `{"a":[{"c":1},{"b":1}]}`}},
		{"is missing or", `{"a":[{"exists":false},"x"]}`, []string{`{}`, `{"a":"x"}`}, []string{`{"a":"y"}`}},
		{"addresses", `{"a":[{"cidr":"10.0.0.0/24"},{"cidr":"2001:db8:1234:1a00::/64"}]}`,
			[]string{`{"a":"10.0.0.255"}`, `{"a":"2001:0db8:1234:1a00:0000:0000:0000:0000"}`},
			[]string{`{"a":"10.0.0.256"}`, `{"a":"10.0.1.0"}`, `{"a":"2001:0db8:123f:1a01:0000:0000:0000:0000"}`, `{"a":1}`}},
		{"all keys", `{"a":["x"],"b":["y"]}`, []string{`{"a":"x","b":"y"}`}, []string{`{"a":"x"}`, `{"b":"y"}`}},
		{"dots are levels", `{"o.n.t":["x"]}`, []string{`{"o":{"n":{"t":"x"}}}`, `{"o.n.t":"x"}`, `{"o.n":{"t":"x"}}`, `{"o":{"n.t":"x"}}`}, []string{`{"o":{"n":{"t":"y"}}}`}},
		{"one object of a list", `{"Records":{"s3":{"object":{"key":[{"prefix":"auto-"}]}},"eventName":[{"prefix":"ObjectCreated:"}]}}`,
			[]string{`{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":[[{"key":"auto-1"}]]}},{"eventName":"ObjectRemoved","s3":{"object":{"key":"home"}}}]}`},
			[]string{`{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"home"}}},{"eventName":"ObjectRemoved","s3":{"object":{"key":"auto-1"}}}]}`}},
		{"alternatives", `{"$or":[{"m":["C","R"]},{"n":["E"]}],"d":{"s":["S"],"$or":[{"x":["w"]},{"t":["A"]}]}}`,
			[]string{`{"m":"C","d":{"s":"S","x":"w"}}`, `{"n":"E","d":{"s":"S","t":"A"}}`},
			[]string{`{"m":"C","d":{"s":"T","x":"w"}}`, `{"m":"C","d":{"s":"S","t":"C"}}`, `{"m":"C","d":{"x":"w"}}`, `{"m":"C","d":{"s":"S"}}`, `{"n":"C","d":{"s":"S","t":"A"}}`}},
		{"a key that is called $or", `{"$or":{"a":["x"]}}`, []string{`{"$or":{"a":"x"}}`}, []string{`{"a":"x"}`}},
	} {
		policy, err := filterpolicy.Parse(c.policy, filterpolicy.MessageBody)
		if err != nil {
			t.Errorf("%s: Parse(%s) = %v, want a policy", c.name, c.policy, err)
			continue
		}
		for want, bodies := range map[bool][]string{true: c.yes, false: c.no} {
			for _, body := range bodies {
				if got := policy.Matches(filterpolicy.NewMessage(nil, body)); got != want {
					t.Errorf("%s: %s matches %s: %t, want %t", c.name, c.policy, body, got, want)
				}
			}
		}
	}
}

func TestMatchesAttributes(t *testing.T) {
	attribute := func(kind, value string) map[string]filterpolicy.Attribute {
		return map[string]filterpolicy.Attribute{"a.b": {Type: kind, Value: value}}
	}
	for _, c := range []struct {
		name, list string
		attributes map[string]filterpolicy.Attribute
		want       bool
	}{
		{"string", `"x"`, attribute("String", "x"), true},
		{"custom type", `"x"`, attribute("String.mine", "x"), true},
		{"number", `10`, attribute("Number", "1e1"), true},
		{"custom number", `{"numeric":["<",11]}`, attribute("Number.float", "10.5"), true},
		{"number in a string", `10`, attribute("String", "10"), false},
		{"string of a number", `"10"`, attribute("Number", "10"), false},
		{"array", `"x"`, attribute("String.Array", `["y","x"]`), true},
		{"array of others", `true`, attribute("String.Array", `[1,true,null]`), true},
		{"no element", `"x"`, attribute("String.Array", `["y"]`), false},
		{"broken array", `"x"`, attribute("String.Array", `x`), false},
		{"array escapes", `{"anything-but":["y"]}`, attribute("String.Array", `["y","x"]`), true},
		{"binary is not looked at", `{"exists":true}`, attribute("Binary", "eA=="), false},
		{"missing", `{"exists":false}`, nil, true},
		{"missing is not null", `null,{"anything-but":"x"}`, nil, false},
	} {
		policy, err := filterpolicy.Parse(`{"a.b":[`+c.list+`]}`, filterpolicy.MessageAttributes)
		if err != nil {
			t.Errorf("%s: Parse = %v, want a policy", c.name, err)
			continue
		}
		if got := policy.Matches(filterpolicy.NewMessage(c.attributes, `{"a.b":"x"}`)); got != c.want {
			t.Errorf("%s: [%s] matches %v: %t, want %t", c.name, c.list, c.attributes, got, c.want)
		}
	}
}

// Neither a policy nor a message can be of a shape that takes long or breaks it.
func TestDeepMessages(t *testing.T) {
	policy, err := filterpolicy.Parse(`{"a":{"b":["x"],"$or":[{"c":["1"]},{"d":[{"exists":false}]}]}}`, filterpolicy.MessageBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"deep":     `{"a":` + strings.Repeat("[", 9000) + `{"b":"x"}` + strings.Repeat("]", 9000) + `}`,
		"too deep": `{"a":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + `}`,
		"wide":     `{"a":[` + strings.Repeat(`{"b":"y","c":"1"},`, 10000) + `{"b":"x"}]}`,
		"dots":     `{"a` + strings.Repeat(".", 200000) + `":1,"a":{"b":"x"}}`,
	} {
		want := name != "too deep"
		if got := policy.Matches(filterpolicy.NewMessage(nil, body)); got != want {
			t.Errorf("%s: Matches = %t, want %t", name, got, want)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add(`{"a":[{"numeric":[">",0,"<=",150]},"x",null]}`, `{"a":[1,{"b":"x"}]}`)
	f.Add(`{"a.b":{"c":[{"anything-but":{"prefix":"x"}}]},"$or":[{"d":[{"exists":false}]},{"e":[{"cidr":"::/9"}]}]}`, `{"a":{"b":{"c":"y"}}}`)
	f.Add("{\n\"\\u00e9\":[{\"suffix\":\"\\\"\"}]}", `[`)
	f.Fuzz(func(t *testing.T, text, body string) {
		m := filterpolicy.NewMessage(map[string]filterpolicy.Attribute{"a": {Type: "String.Array", Value: body}, "b": {Type: "Number", Value: body}}, body)
		attributes, err := filterpolicy.Parse(text, filterpolicy.MessageAttributes)
		if (err == nil || err != filterpolicy.ErrSyntax && len(text) <= 256<<10) && !json.Valid([]byte(text)) {
			t.Fatalf("Parse(%q) = %v, want a syntax error", text, err)
		}
		inBody, bodyErr := filterpolicy.Parse(text, filterpolicy.MessageBody)
		if err == nil && bodyErr != nil {
			t.Fatalf("Parse(%q) = %v for bodies, nil for attributes", text, bodyErr)
		}
		for _, policy := range []*filterpolicy.Policy{attributes, inBody} {
			if policy == nil {
				continue
			}
			first := policy.Matches(m)
			if again := policy.Matches(m); again != first {
				t.Fatalf("%q matches: %t, then %t", text, first, again)
			}
		}
	})
}
