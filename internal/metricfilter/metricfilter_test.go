package metricfilter

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/filterpattern"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

var scope = arn.Scope{Partition: "aws", Account: "123456789012", Region: "eu-west-1"}

func number(f float64) *float64 { return &f }

func TestCompileRefuses(t *testing.T) {
	dims := func(names ...string) (out []metric.Dimension) {
		for _, n := range names {
			out = append(out, metric.Dimension{Name: n, Value: "$." + n})
		}
		return out
	}
	for _, c := range []struct {
		name string
		def  Definition
		want string
	}{
		{"pattern", Definition{Pattern: "ERR*", Transformation: Transformation{Value: "1"}}, "Invalid character(s) in term '*'"},
		{"reserved namespace", Definition{Transformation: Transformation{Namespace: "AWS/X", Value: "1"}},
			"Metric namespaces starting with AWS/ are reserved for AWS."},
		{"value no number", Definition{Transformation: Transformation{Value: "one"}}, "Invalid metric transformation: metric value one must be a valid number"},
		{"value infinite", Definition{Transformation: Transformation{Value: "1e999"}}, "Invalid metric transformation: metric value 1e999 must be a valid number"},
		{"value in Go's own form", Definition{Transformation: Transformation{Value: "1_0"}}, "Invalid metric transformation: metric value 1_0 must be a valid number"},
		{"value hexadecimal", Definition{Transformation: Transformation{Value: "0x1p4"}}, "Invalid metric transformation: metric value 0x1p4 must be a valid number"},
		{"value wildcard", Definition{Pattern: "{ $.values[*] = * }", Transformation: Transformation{Value: "$.values[*]"}},
			"Invalid metric transformation: metric value $.values[*] must be a valid number"},
		{"value of terms", Definition{Pattern: "ERROR", Transformation: Transformation{Value: "$.x"}},
			"Invalid metric transformation: metric value $.x must be a valid number"},
		{"dimensions and default", Definition{Pattern: "{ $.a = * }", Transformation: Transformation{Value: "1", Default: number(0), Dimensions: dims("a")}},
			"Invalid metric transformation: dimensions and default value are mutually exclusive properties"},
		{"dimensions of terms", Definition{Pattern: "?ERROR ?WARN", Transformation: Transformation{Value: "1", Dimensions: dims("a")}},
			"The specified filter pattern does not support dimensions"},
		{"dimension no reference", Definition{Pattern: "{ $.a = * }", Transformation: Transformation{Value: "1", Dimensions: []metric.Dimension{{Name: "A", Value: "a"}}}},
			"Invalid metric transformation: dimension value must be valid selector"},
		{"four dimensions", Definition{Pattern: "{ $.a = * }", Transformation: Transformation{Value: "1", Dimensions: dims("a", "b", "c", "d")}},
			"Invalid metric transformation: at most 3 dimensions are allowed"},
		{"system dimensions count", Definition{Pattern: "{ $.a = * }", SystemDimensions: []string{"@aws.account"}, Transformation: Transformation{Value: "1", Dimensions: dims("a", "b", "c")}},
			"Invalid metric transformation: at most 3 dimensions are allowed"},
		{"unknown system field", Definition{SystemDimensions: []string{"@aws.weather"}, Transformation: Transformation{Value: "1"}},
			"Invalid system field dimension: @aws.weather"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compile(c.def)
			if err == nil || err.Error() != c.want {
				t.Errorf("Compile(%+v) = %v, want %q", c.def, err, c.want)
			}
		})
	}
}

func TestApply(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 59, 999e6, time.UTC)
	minute := at.Truncate(time.Minute)
	for _, c := range []struct {
		name    string
		def     Definition
		message string
		want    string // matched, value and dimensions, or "nothing"
	}{
		{"match", Definition{Pattern: "ERROR", Transformation: Transformation{Value: "3", Default: number(7)}}, "ERROR x", "true 3 []"},
		{"no match, default", Definition{Pattern: "ERROR", Transformation: Transformation{Value: "3", Default: number(7)}}, "INFO", "false 7 []"},
		{"no match, no default", Definition{Pattern: "ERROR", Transformation: Transformation{Value: "3"}}, "INFO", "false nothing"},
		{"reference", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "$.v"}}, `{"p":1,"v":2.5}`, "true 2.5 []"},
		{"numeric string", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "$.v"}}, `{"p":1,"v":"2.5"}`, "true 2.5 []"},
		{"reference missing", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "$.v", Default: number(7)}}, `{"p":1}`, "true 7 []"},
		{"reference null", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "$.v", Default: number(7)}}, `{"p":1,"v":null}`, "true 7 []"},
		{"reference missing, no default", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "$.v"}}, `{"p":1}`, "true nothing"},
		{"not a number, not even the default", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "$.v", Default: number(7)}}, `{"p":1,"v":"x"}`, "true nothing"},
		{"field", Definition{Pattern: "[ip, size]", Transformation: Transformation{Value: "$size", Dimensions: []metric.Dimension{{Name: "IP", Value: "$ip"}}}}, "192.0.2.1 287", "true 287 [{IP 192.0.2.1}]"},
		{"field by place", Definition{Pattern: "[, size]", Transformation: Transformation{Value: "$2", Dimensions: []metric.Dimension{{Name: "IP", Value: "$1"}}}}, "192.0.2.1 287", "true 287 [{IP 192.0.2.1}]"},
		{"one dimension missing drops all", Definition{Pattern: "{ $.p = 1 }", SystemDimensions: []string{"@aws.region"},
			Transformation: Transformation{Value: "1", Dimensions: []metric.Dimension{{Name: "A", Value: "$.a"}, {Name: "B", Value: "$.b"}}}}, `{"p":1,"a":"x"}`, "true 1 []"},
		{"dimension empty", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "1", Dimensions: []metric.Dimension{{Name: "A", Value: "$.a"}}}}, `{"p":1,"a":""}`, "true 1 []"},
		{"longest dimension", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "1", Dimensions: []metric.Dimension{{Name: "A", Value: "$.a"}}}}, `{"p":1,"a":"` + strings.Repeat("é", 1024) + `"}`, "true 1 [{A " + strings.Repeat("é", 1024) + "}]"},
		{"dimension too long", Definition{Pattern: "{ $.p = 1 }", Transformation: Transformation{Value: "1", Dimensions: []metric.Dimension{{Name: "A", Value: "$.a"}}}}, `{"p":1,"a":"` + strings.Repeat("x", 1025) + `"}`, "true 1 []"},
		{"system dimensions", Definition{Pattern: "ERROR", SystemDimensions: []string{"@aws.region", "@aws.account"}, Transformation: Transformation{Value: "3", Default: number(7)}},
			"ERROR", "true 3 [{@aws.account 123456789012} {@aws.region eu-west-1}]"},
		{"default without system dimensions", Definition{Pattern: "ERROR", SystemDimensions: []string{"@aws.region"}, Transformation: Transformation{Value: "3", Default: number(7)}},
			"INFO", "false 7 []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			compiled, err := Compile(c.def)
			if err != nil {
				t.Fatal(err)
			}
			got := compiled.Apply(scope, filterpattern.NewEvent([]byte(c.message)), at)
			text := fmt.Sprint(got.Matched, " nothing")
			if d := got.Datum; d != nil {
				text = fmt.Sprint(got.Matched, " ", d.Set.Sum, " ", d.Key.Dimensions)
				if !d.Timestamp.Equal(minute) || d.Resolution != time.Minute || d.Set.SampleCount != 1 {
					t.Errorf("Apply(%s) = %+v, want one sample in the minute %v", c.message, *d, minute)
				}
			}
			if text != c.want {
				t.Errorf("Apply(%s) = %s, want %s", c.message, text, c.want)
			}
		})
	}
}

func TestCheckLimits(t *testing.T) {
	others := func(n int, pattern string) (out []Filter) {
		for i := range n {
			out = append(out, Filter{Definition: Definition{Name: fmt.Sprint(i), Pattern: pattern}})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		pattern string
		others  []Filter
		full    bool
	}{
		{"hundredth", "x", others(99, "a"), false},
		{"one too many", "x", others(100, "a"), true},
		{"fifth regex", "%x%", others(4, "%a%"), false},
		{"sixth regex", "%x%", others(5, "%a%"), true},
		{"no regex beside five", "x", others(5, "%a%"), false},
		{"counted per filter", "%x%", others(4, "{ $.a = %a% && $.b = %b% }"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			compiled, err := Compile(Definition{Pattern: c.pattern, Transformation: Transformation{Value: "1"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.CheckLimits(c.others); errors.Is(err, ErrLimitExceeded) != c.full {
				t.Errorf("CheckLimits with %d others = %v, want full %t", len(c.others), err, c.full)
			}
		})
	}
}

func TestTallyBatchLeavesOutWhatCountsForNothing(t *testing.T) {
	compile := func(id int64, def Definition) Live {
		compiled, err := Compile(def)
		if err != nil {
			t.Fatal(err)
		}
		return Live{Filter: Filter{ID: id, Definition: def}, Compiled: compiled}
	}
	filters := []Live{
		compile(1, Definition{Pattern: "ERROR", Transformation: Transformation{Value: "1"}}),
		compile(2, Definition{Pattern: "ERROR", Transformation: Transformation{Value: "1", Default: number(0)}}),
	}
	batch := logs.Batch{Group: logs.Group{Scope: scope}, Events: []logs.Event{{Message: []byte("ERROR")}, {Message: []byte("INFO")}}}
	var got []string
	for _, count := range TallyBatch(batch, filters).Counts {
		got = append(got, fmt.Sprint(count.FilterID, count.Event, count.Matched, count.Datum.Set.Sum))
	}
	want := "[1 0 true 1 2 0 true 1 2 1 false 0]"
	if fmt.Sprint(got) != want {
		t.Errorf("TallyBatch = %v, want %v", got, want)
	}
}
