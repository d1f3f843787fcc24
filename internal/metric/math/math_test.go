package math_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/metric/math"
)

// series reads "30 - 0": values, and - where there is none.
func series(text string) math.Series {
	s := math.Series{Label: text}
	for _, field := range strings.Fields(text) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			v = math.Missing()
		}
		s.Values = append(s.Values, v)
	}
	return s
}

func show(r math.Result) string {
	var lines []string
	for _, s := range r.Series {
		var fields []string
		for _, v := range s.Values {
			if math.IsMissing(v) {
				fields = append(fields, "-")
			} else {
				fields = append(fields, strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		lines = append(lines, strings.Join(fields, " "))
	}
	return strings.Join(lines, " | ")
}

func evaluate(t testing.TB, expression string, metrics map[string]string, others map[string]string) (math.Result, error) {
	t.Helper()
	set := math.Set{Metrics: slices.Sorted(maps.Keys(metrics)), Expressions: map[string]*math.Expression{}}
	length := 0
	for _, text := range metrics {
		length = len(strings.Fields(text))
	}
	for id, text := range others {
		parsed, err := math.Parse(text)
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		set.Expressions[id] = parsed
	}
	parsed, err := math.Parse(expression)
	if err != nil {
		return math.Result{}, err
	}
	set.Expressions["it"] = parsed
	return set.Eval("it", length, func(id string) math.Series { return series(metrics[id]) })
}

func TestEval(t *testing.T) {
	two := map[string]string{"m1": "1 2 - 4", "m2": "10 - - 20"}
	guide := map[string]string{"metric1": "30 20 0 0", "metric2": "20 - 20 -"}
	choice := map[string]string{"metric1": "1 1 0 0 -", "metric2": "30 - 0 0 30", "metric3": "0 0 20 - 20"}
	gaps := map[string]string{"m1": "- 2 - - 8 -", "m2": "1 1 1 - 1 1"}
	for _, tt := range []struct {
		expression string
		metrics    map[string]string
		want       string
	}{
		{"m1", two, "1 2 - 4"},
		{"m1 + 1", two, "2 3 - 5"},
		{"5 * m1", two, "5 10 - 20"},
		{"m1 + m2", two, "11 2 - 24"}, // a missing value counts as 0 beside another
		{"m2 - m1", two, "9 -2 - 16"},
		{"m1 / m2", two, "0.1 - - 0.2"}, // division by zero drops the point
		{"m1 / 0", two, "- - - -"},
		{"m1 * (1 / 0)", two, "- - - -"},
		{"-m1", two, "-1 -2 - -4"},
		{"-m1 ^ 2", two, "-1 -4 - -16"},
		{"2 ^ 3 ^ m1", map[string]string{"m1": "2 1"}, "512 8"},
		{"2 - 1 - m1", map[string]string{"m1": "1"}, "0"},
		{"1 + 2 * m1", map[string]string{"m1": "3"}, "7"},
		{"(1 + 2) * m1", map[string]string{"m1": "3"}, "9"},
		{"m1 * -2", map[string]string{"m1": "3"}, "-6"},
		{"m1 + 1.5e1 + .5", map[string]string{"m1": "3"}, "18.5"},

		{"(metric1 < metric2)", guide, "0 0 1 0"}, // these three are the user guide's
		{"(metric1 >= 30)", guide, "1 0 0 0"},
		{"(metric1 > 15 AND metric2 > 15)", guide, "1 0 0 0"},
		{"metric1 > 15 && metric2 > 15 || metric1 == 0", guide, "1 0 1 1"},
		{"metric1 == 0 OR metric1 != 30 AND metric1 <= 20", guide, "0 1 1 1"},

		{"IF(metric1, metric2, metric3)", choice, "30 0 20 - -"}, // these too
		{"IF(metric1, 5, metric3)", choice, "5 5 20 - -"},
		{"IF(metric1, metric2, 5)", choice, "30 0 5 5 -"},
		{"IF(metric1, metric2)", choice, "30 0 - - -"},
		{"IF(1 < 2, metric2, metric3)", choice, "30 - 0 0 30"},
		{"IF(1 > 2, metric2)", choice, "- - - - -"},
		{"IF(1 > 2, metric2, 7)", choice, "7 7 7 7 7"},
		{"IF(metric3 < 20, 10, 2)", choice, "10 10 2 - 2"},
		{"metric3 * IF(1, 2, 3)", choice, "0 0 40 - 40"},

		{"FILL(m1, 0)", gaps, "0 2 0 0 8 0"},
		{"FILL(m1, m2)", gaps, "1 2 1 - 8 1"},
		{"FILL(m1, MIN(m1))", gaps, "2 2 2 2 8 2"},
		{"FILL(m1, REPEAT)", gaps, "- 2 2 2 8 8"},
		{"FILL(m1, LINEAR)", gaps, "- 2 4 6 8 -"},
		{"FILL([m1, m2], 9)", gaps, "9 2 9 9 8 9 | 1 1 1 9 1 1"},

		{"SUM([m1, m2])", two, "11 2 - 24"},
		{"MAX(METRICS())", two, "10 2 - 20"},
		{"MIN(METRICS())", two, "1 2 - 4"},
		{"AVG(METRICS())", two, "5.5 1 - 12"},
		{"SUM(METRICS('2'))", two, "10 - - 20"},
		{"SUM([METRICS(\"m\"), m1])", two, "12 4 - 28"},
		{"SUM(METRICS('none'))", two, "- - - -"},
		{"METRICS() * 100", two, "100 200 - 400 | 1000 - - 2000"},
		{"100 / [m1, m2]", two, "100 50 - 25 | 10 - - 5"},
		{"m1 - [m1, m2]", two, "0 0 - 0 | -9 2 - -16"},
		{"-METRICS()", two, "-1 -2 - -4 | -10 - - -20"},
		{"m1 - MIN(m1)", two, "0 1 - 3"},
		{"MAX(m1) / m1", two, "4 2 - 1"},
		{"m1 - AVG(m2)", two, "-14 -13 - -11"},
		{"m1 + SUM(m2)", two, "31 32 - 34"},
		{"m1 + SUM(m2)", map[string]string{"m1": "1", "m2": "-"}, "1"},
		{"m1 + MAX(m2)", map[string]string{"m1": "1", "m2": "-"}, "-"},
	} {
		t.Run(tt.expression, func(t *testing.T) {
			got, err := evaluate(t, tt.expression, tt.metrics, nil)
			if err != nil || show(got) != tt.want {
				t.Errorf("Eval(%s) = %s, %v, want %s", tt.expression, show(got), err, tt.want)
			}
		})
	}
}

func TestEvalOverExpressions(t *testing.T) {
	metrics := map[string]string{"errors": "1 2", "calls": "4 4"}
	others := map[string]string{"rate": "errors / calls", "all": "METRICS() * 10"}
	for expression, want := range map[string]string{
		"rate * 100":     "25 50",
		"SUM(all)":       "50 60",
		"SUM(METRICS())": "5 6", // expressions are not metrics
	} {
		got, err := evaluate(t, expression, metrics, others)
		if err != nil || show(got) != want {
			t.Errorf("Eval(%s) = %s, %v, want %s", expression, show(got), err, want)
		}
	}
}

func TestErrors(t *testing.T) {
	metrics := map[string]string{"m1": "1 2", "m2": "3 4"}
	for _, tt := range []struct{ name, expression, want string }{
		{"empty", "", "the expression ends where a value was expected"},
		{"unfinished", "m1 +", "the expression ends where a value was expected"},
		{"two values", "m1 m2", `unexpected "m2"`},
		{"open parenthesis", "(m1", "the expression ends where ) was expected"},
		{"open list", "[m1, m2", "the expression ends where ] was expected"},
		{"open text", `METRICS("m`, "a text has no closing quote"},
		{"strange character", "m1 § 2", "unexpected character '§'"},
		{"lonely point", ". + m1", ". is not a number"},
		{"search", `SEARCH('{AWS/EC2}', 'Sum')`, "SEARCH is not supported"},
		{"select", "SELECT MAX(x) FROM y", "SELECT is not supported"},
		{"band", "ANOMALY_DETECTION_BAND(m1)", "ANOMALY_DETECTION_BAND is not supported"},
		{"function without parentheses", "SUM + 1", `unexpected "+", expected (`},
		{"number", "1 + 2", "the result of an expression must be a time series"},
		{"scalar function", "SUM(m1)", "the result of an expression must be a time series"},
		{"two arrays", "[m1] + [m2]", "Unsupported operand type(s) for +: '[Array[TimeSeries], Array[TimeSeries]]'"},
		{"unknown ID", "m1 + m3", "m3 is not the ID of a query"},
		{"itself", "it + m1", "it refers to itself"},
		{"circle", "a + m1", "a refers to itself"},
		{"sum of a number", "m1 * SUM(5)", "SUM takes a time series or an array of them"},
		{"too many arguments", "SUM(m1, m2)", "SUM does not take 2 arguments"},
		{"array in IF", "IF([m1], 1, 2)", "IF does not take arrays of time series"},
		{"number in array", "SUM([m1, 5])", "an array holds time series only"},
		{"word as value", "m1 + REPEAT", "a text or REPEAT or LINEAR is not a value"},
		{"fill with array", "FILL(m1, [m2])", "FILL fills with a number, a time series, REPEAT or LINEAR"},
		{"too many series", "SUM([big, big, big, big, big, big])", "an array holds at most 500 time series"},
		{"too long", "m1" + strings.Repeat(" ", 2047), "the expression is longer than 2048 characters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			others := map[string]string{"a": "b", "b": "a", "big": "[" + strings.TrimSuffix(strings.Repeat("m1,", 100), ",") + "]"}
			_, err := evaluate(t, tt.expression, metrics, others)
			var e *math.Error
			if !errors.As(err, &e) || e.Message != tt.want {
				t.Errorf("Eval(%s) error = %v, want %s", tt.expression, err, tt.want)
			}
		})
	}
}

func TestReads(t *testing.T) {
	set := math.Set{Metrics: []string{"m2", "m1", "e_m"}, Expressions: map[string]*math.Expression{}}
	for id, text := range map[string]string{"a": "m1 + b", "b": "SUM(METRICS('e'))", "loop": "loop + m2"} {
		parsed, err := math.Parse(text)
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		set.Expressions[id] = parsed
	}
	for id, want := range map[string][]string{"a": {"e_m", "m1"}, "b": {"e_m"}, "loop": {"m2"}, "m1": {"m1"}, "none": nil} {
		if got := set.Reads(id); !reflect.DeepEqual(got, want) {
			t.Errorf("Reads(%s) = %v, want %v", id, got, want)
		}
	}
}

// FuzzParse checks that nothing panics, that errors lie inside the expression,
// and that whether an expression is in order does not depend on the data.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"m1", "5*m1-m2^2/(m1+1)", "SUM([m1,m2])/AVG(m2)", `METRICS("m")*100`, "IF(m1>2 AND m2<=3||m1!=m2,m1,0)",
		"FILL(m1,REPEAT)", "FILL(METRICS(),LINEAR)", "-(-m1)", "[[", "IF(", "1e", "''", "SEARCH('x')", "it", "a", "IF(1,m1,2)*IF(0,1)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := math.Parse(text)
		if err != nil {
			var e *math.Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) {
				t.Fatalf("Parse(%q) error = %#v, want an *Error inside the text", text, err)
			}
			return
		}
		set := math.Set{Metrics: []string{"m1", "m2"}, Expressions: map[string]*math.Expression{"it": parsed}}
		set.Reads("it")
		_, emptyErr := set.Eval("it", 0, func(string) math.Series { return math.Series{} })
		result, err := set.Eval("it", 3, func(id string) math.Series { return series("0 - " + fmt.Sprint(len(id))) })
		if (emptyErr == nil) != (err == nil) {
			t.Fatalf("Eval(%q) without data = %v, with data = %v, want the same", text, emptyErr, err)
		}
		for _, s := range result.Series {
			if len(s.Values) != 3 {
				t.Fatalf("Eval(%q) has %d values, want 3", text, len(s.Values))
			}
		}
	})
}
