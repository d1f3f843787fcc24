package filterpattern

import (
	"math"
	"testing"
)

func TestDoubleText(t *testing.T) {
	for _, test := range []struct {
		f    float64
		want string
	}{
		{0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{1, "1.0"},
		{-1.5, "-1.5"},
		{0.1, "0.1"},
		{100, "100.0"},
		{0.001, "0.001"},
		{0.00099, "9.9E-4"},
		{1e-5, "1.0E-5"},
		{9999999, "9999999.0"},
		{1e7, "1.0E7"},
		{12345678.9, "1.23456789E7"},
		{1e10, "1.0E10"},
		{1e23, "1.0E23"},
		{2e23, "2.0E23"},
		{math.MaxFloat64, "1.7976931348623157E308"},
		{math.SmallestNonzeroFloat64, "4.9E-324"},
		{9007199254740993, "9.007199254740992E15"},
		{math.Inf(1), "Infinity"},
		{math.Inf(-1), "-Infinity"},
	} {
		if got := doubleText(test.f); got != test.want {
			t.Errorf("doubleText(%g) = %s, want %s", test.f, got, test.want)
		}
	}
}

// TestCompare compares each number with all others; they are in order, and
// those in one group are equal.
func TestCompare(t *testing.T) {
	groups := [][]string{
		{"-1e2147483647"},
		{"-100.5", "-1005e-1"},
		{"-100", "-1e2", "-1E+02", "-100."},
		{"-0.5", "-.5"},
		{"0", "-0", "+0", "0.0", ".0", "0.", "0e99", "-0e-99"},
		{"1e-2147483647"},
		{"1e-999"},
		{"0.05", "5e-2", ".050"},
		{"0.5"},
		{"1", "+1", "1.0", "01", "10e-1", "0.01e2"},
		{"9007199254740992"},
		{"9007199254740993"},
		{"1e2147483647", "10e2147483646"},
	}
	for i, a := range groups {
		for j, b := range groups {
			want := min(max(i-j, -1), 1)
			for _, x := range a {
				for _, y := range b {
					if got := mustDecimal(t, x).compare(mustDecimal(t, y)); got != want {
						t.Errorf("compare(%s, %s) = %d, want %d", x, y, got, want)
					}
				}
			}
		}
	}
}

func mustDecimal(t *testing.T, s string) decimal {
	t.Helper()
	d, ok := parseDecimal(s)
	if !ok {
		t.Fatalf("parseDecimal(%q) is not ok", s)
	}
	return d
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, s := range []string{
		"", "+", "-", ".", "e5", "1e", "1e+", "--1", "1 ", " 1", "0x10", "1_000", "NaN", "Infinity", "1d", "1.2.3", "٣",
		"1e2147483648", "1e-2147483648", "1.5e-2147483647", "1e99999999999999999999",
	} {
		if d, ok := parseDecimal(s); ok {
			t.Errorf("parseDecimal(%q) = %v, want none", s, d)
		}
	}
}
