package filterpolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic/filterpolicy"
)

// What SNS was seen to refuse, with its texts: LocalStack's snapshots of
// test_sns_filter_policy.py, validated against AWS in May 2024.
func TestParseRefuses(t *testing.T) {
	for policy, want := range map[string]string{
		`{"key":[["value"]]}`:                            "Match value must be String, number, true, false, or null\n10",
		`{"key":[{"wrong-operator":true}]}`:              "Unrecognized match type wrong-operator\n31",
		`{"key":[{"suffix":"value","prefix":"value2"}]}`: "Only one key allowed in match expression\n37",
		`{"key":[]}`:                                                                      "Empty arrays are not allowed\n10",
		`{"key":[{"suffix":100}]}`:                                                        "suffix match pattern must be a string\n22",
		`{"key":[{"suffix":null}]}`:                                                       "suffix match pattern must be a string\n23",
		`{"key":{"suffix":"value"}}`:                                                      "\"suffix\" must be an object or an array\n19",
		`{"key":[{"suffix":[]}]}`:                                                         "suffix match pattern must be a string\n20",
		`{"key":[{"suffix":["test","test2"]}]}`:                                           "suffix match pattern must be a string\n20",
		`{"key":{"suffix":"value","prefix":"value"}}`:                                     "\"suffix\" must be an object or an array\n19",
		`{"key":{"not-an-operator":"value"}}`:                                             "\"not-an-operator\" must be an object or an array\n28",
		`{"key_a":"value_one"}`:                                                           "\"key_a\" must be an object or an array\n11",
		`{"key":[{"cidr":["bad-filter"]}]}`:                                               "prefix match pattern must be a string\n18",
		`{"key":[{"cidr":"bad-filter"}]}`:                                                 "Malformed CIDR, one '/' required",
		`{"key":[{"cidr":"bad-filter/64"}]}`:                                              "Nonstandard IP address: bad-filter",
		`{"key":[{"cidr":"bad-/64filter"}]}`:                                              "Malformed CIDR, mask bits must be an integer",
		`{"key":[{"cidr":"xx.11.xx/8"}]}`:                                                 "Nonstandard IP address: xx.11.xx",
		`{"key":[{"cidr":"xxxx:db8:1234:1a00::/64"}]}`:                                    "Nonstandard IP address: xxxx:db8:1234:1a00::",
		`{"key":[{"numeric":[]}]}`:                                                        "Invalid member in numeric match: ]\n22",
		`{"key":[{"numeric":["operator"]}]}`:                                              "Unrecognized numeric range operator: operator\n32",
		`{"key":[{"numeric":[1,"<="]}]}`:                                                  "Invalid member in numeric match: 1\n22",
		`{"key":[{"numeric":["=","000"]}]}`:                                               "Value of equals must be numeric\n26",
		`{"key":[{"numeric":[">="]}]}`:                                                    "Value of >= must be numeric\n26",
		`{"key":[{"numeric":["<",100,">",10]}]}`:                                          "Too many elements in numeric expression\n30",
		`{"key":[{"numeric":[">=",1,">",2]}]}`:                                            "Bad numeric range operator: >\n31",
		`{"key":[{"numeric":[">",3,"<",1]}]}`:                                             "Bottom must be less than top\n33",
		`{"key":[{"numeric":[">",20,"<="]}]}`:                                             "Value of <= must be numeric\n33",
		`{"key":[{"numeric":[">",20,30]}]}`:                                               "Bad value in numeric range: 30\n30",
		`{"key":[{"numeric":[">",20,"test"]}]}`:                                           "Bad numeric range operator: test\n34",
		`{"key":[{"numeric":[">","20","<","30"]}]}`:                                       "Value of > must be numeric\n26",
		`{"key":[{"numeric":[">",20,"<","30"]}]}`:                                         "Value of < must be numeric\n33",
		`{"key":[{"numeric":[">",20,"<",30,"<",50]}]}`:                                    "Too many terms in numeric range expression\n36",
		`{"key":[{"exists":null}]}`:                                                       "exists match pattern must be either true or false.\n23",
		`{"key":[{"exists":"no"}]}`:                                                       "exists match pattern must be either true or false.\n20",
		`{"key":[{"anything-but":{"wrong-operator":null}}]}`:                              "Unsupported anything-but pattern: wrong-operator\n47",
		`{"key":[{"anything-but":{"suffix":"test"}}]}`:                                    "Unsupported anything-but pattern: suffix\n36",
		`{"key":[{"anything-but":{"exists":false}}]}`:                                     "Unsupported anything-but pattern: exists\n40",
		`{"key":[{"anything-but":{"prefix":false}}]}`:                                     "prefix match pattern must be a string\n40",
		`{"key":[` + list("value%d", 151) + `]}`:                                          "Filter policy is too complex",
		`{"key1":[` + list("value%d", 100) + `],"key2":[` + list("v%d", 51) + `]}`:        "Filter policy is too complex",
		`{"key1":["v"],"key2":["v"],"key3":["v"],"key4":["v"],"key5":["v"],"key6":["v"]}`: "Filter policy can not have more than 5 keys",
	} {
		if at := strings.LastIndexByte(want, '\n'); at >= 0 {
			want = fmt.Sprintf("%s\n at [Source: (String)\"%s\"; line: 1, column: %s]", want[:at], policy, want[at+1:])
		}
		_, err := filterpolicy.Parse(policy, filterpolicy.MessageAttributes)
		if err == nil || err.Error() != "FilterPolicy: "+want {
			t.Errorf("Parse(%.100s) = %v, want FilterPolicy: %s", policy, err, want)
		}
	}
}

func list(format string, n int) string {
	items := make([]string, n)
	for i := range items {
		items[i] = `"` + fmt.Sprintf(format, i) + `"`
	}
	return strings.Join(items, ",")
}

// What event-ruler refuses, or AWS's pages rule out, without a recording.
func TestParseRefusesUnrecorded(t *testing.T) {
	for policy, want := range map[string]string{
		`{"key":`:                              "FilterPolicy: failed to parse JSON.",
		`["key"]`:                              "FilterPolicy: Filter is not an object",
		`{"a":{}}`:                             "FilterPolicy: Empty objects are not allowed",
		`{"a":[{}]}`:                           "FilterPolicy: Match expression name not found",
		`{"a":[{"numeric":1}]}`:                "FilterPolicy: Value of numeric must be an array.",
		`{"a":[{"numeric":["=",1000000001]}]}`: "FilterPolicy: Value must be between -1.0E9 and 1.0E9, inclusive",
		`{"a":[{"numeric":["=",1],"prefix":"x"}]}`:             "FilterPolicy: Too many elements in numeric expression",
		`{"a":[{"exists":true,"prefix":"x"}]}`:                 "FilterPolicy: Only one key allowed in match expression",
		`{"a":[{"anything-but":true}]}`:                        "FilterPolicy: Value of anything-but must be an array or single string/number value.",
		`{"a":[{"anything-but":[]}]}`:                          "FilterPolicy: Inside anything but list, either all values are number or string, mixed type is not supported",
		`{"a":[{"anything-but":["x",1]}]}`:                     "FilterPolicy: Inside anything but list, either all values are number or string, mixed type is not supported",
		`{"a":[{"anything-but":[null]}]}`:                      "FilterPolicy: Inside anything but list, start|null|boolean is not supported.",
		`{"a":[{"anything-but":{}}]}`:                          "FilterPolicy: Anything-But expression name not found",
		`{"a":[{"anything-but":{"prefix":""}}]}`:               "FilterPolicy: Null prefix not allowed",
		`{"a":[{"anything-but":{"prefix":"x","suffix":"y"}}]}`: "FilterPolicy: Only one key allowed in match expression",
		`{"a":[{"equals-ignore-case":1}]}`:                     "FilterPolicy: equals-ignore-case match pattern must be a string",
		`{"a":[{"cidr":"10.0.0.0/32"}]}`:                       "FilterPolicy: IPv4 mask bits must be < 32",
		`{"a":[{"cidr":"::/128"}]}`:                            "FilterPolicy: IPv6 mask bits must be < 128",
		`{"a":[{"cidr":"10.0.0.256/8"}]}`:                      "FilterPolicy: Invalid IP address: 10.0.0.256",
		`{"a":[{"cidr":"10.0.0.0/-1"}]}`:                       "FilterPolicy: Malformed CIDR, mask bits must not be negative",
		`{"$or":[{"numeric":123},{"prefix":"abc"}]}`:           "FilterPolicy: Value of numeric must be an array.",
		`{"$or":[{"a":["x"]}]}`:                                "FilterPolicy: Unrecognized match type a",
		`{"a":{"b":["1"]}}`:                                    "Filter policy scope MessageAttributes does not support nested filter policy",
		`{"$or":[{"a":{"b":["1"]}},{"c":["1"]}]}`:              "Filter policy scope MessageAttributes does not support nested filter policy",
		`{"a":["` + strings.Repeat("x", 256<<10) + `"]}`:       "FilterPolicy: Filter policy is too large",
		"{\n \"\U0001F514\":[\"a\tb\",\n  []]}":                "FilterPolicy: failed to parse JSON.", // a tab in a string
		"{\n \"\U0001F514\":[\"a\",\n [], \"" + long + "\"]}":  "FilterPolicy: Match value must be String, number, true, false, or null\n at [Source: (String)\"{\n \"\U0001F514\":[\"a\",\n [], \"" + long[:480] + "\"[truncated 23 chars]; line: 3, column: 3]",
		"{\"\U0001F514\":[]}":                                  "FilterPolicy: Empty arrays are not allowed\n at [Source: (String)\"{\"\U0001F514\":[]}\"; line: 1, column: 9]",
	} {
		_, err := filterpolicy.Parse(policy, filterpolicy.MessageAttributes)
		got := fmt.Sprint(err)
		if !strings.Contains(want, "\n") {
			got, _, _ = strings.Cut(got, "\n")
		}
		if got != want {
			t.Errorf("Parse(%.100s) = %s, want %s", policy, got, want)
		}
	}
}

var long = strings.Repeat("x", 500)

// AWS's examples of how combinations are counted.
func TestCombinations(t *testing.T) {
	nested := `{"key_a":{"key_b":{"key_c":[` + list("%d", 4) + `]}},"key_d":{"key_e":[` + list("%d", 3) + `]}%s}`
	flatOr := `{"source":[%s],"$or":[{"metricName":[` + list("%d", 6) + `]},{"metricType":[` + list("%d", 4) + `],"$or":[{"metricId":[1,2,3,4]},{"spaceId":[%s]}]}]}`
	for _, c := range []struct {
		name, policy string
		scope        filterpolicy.Scope
		fits         bool
	}{
		{"72 nested", fmt.Sprintf(nested, ""), filterpolicy.MessageBody, true},
		{"216 nested", fmt.Sprintf(nested, `,"key_f":["1","2","3"]`), filterpolicy.MessageBody, false},
		{"150 of alternatives", fmt.Sprintf(flatOr, list("%d", 3), "1,2,3,4,5,6,7"), filterpolicy.MessageAttributes, true},
		{"152 of alternatives", fmt.Sprintf(flatOr, list("%d", 4), "1,2,3,4"), filterpolicy.MessageAttributes, false},
		{"160 of nested alternatives", `{"$or":[{"metricName":["1","2","3"]},{"namespace":["1","2"]}],"detail":{"scope":["1","2"],` +
			`"$or":[{"source":["1"]},{"type":["1","2","3"]}]}}`, filterpolicy.MessageBody, false},
	} {
		_, err := filterpolicy.Parse(c.policy, c.scope)
		if (err == nil) != c.fits || err != nil && err.Error() != "FilterPolicy: Filter policy is too complex" {
			t.Errorf("%s: Parse = %v, want fits %t", c.name, err, c.fits)
		}
	}
}
