package filterpattern

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// decimal is an exact number: 0.digits times ten to the power of exp. It is a
// value, not a big.Float, because 1e2147483647 is a legal literal.
type decimal struct {
	negative bool
	digits   string // no zeros at either end; empty for zero
	exp      int64
}

// parseDecimal reads a number of the pattern language, which is a superset of
// JSON's. Like java.math.BigDecimal it refuses exponents beyond 32 bits.
func parseDecimal(s string) (decimal, bool) {
	if s == "" || scanNumber(s, 0) != len(s) {
		return decimal{}, false
	}
	mantissa, exponent := s, int64(0)
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		var err error
		mantissa = s[:i]
		if exponent, err = strconv.ParseInt(s[i+1:], 10, 32); err != nil {
			return decimal{}, false
		}
	}
	unsigned := strings.TrimLeft(mantissa, "+-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	if scale := int64(len(fraction)) - exponent; scale > math.MaxInt32 {
		return decimal{}, false
	}
	return newDecimal(mantissa[0] == '-', whole, fraction, exponent), true
}

func newDecimal(negative bool, whole, fraction string, exponent int64) decimal {
	digits := whole + fraction
	trimmed := strings.TrimLeft(digits, "0")
	exp := exponent + int64(len(whole)) - int64(len(digits)-len(trimmed))
	trimmed = strings.TrimRight(trimmed, "0")
	if trimmed == "" {
		return decimal{}
	}
	return decimal{negative, trimmed, exp}
}

// compare returns -1, 0 or +1 as d is less than, equal to or greater than e.
func (d decimal) compare(e decimal) int {
	if c := cmp.Compare(d.sign(), e.sign()); c != 0 {
		return c
	}
	return d.sign() * d.compareMagnitude(e)
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func (d decimal) compareMagnitude(e decimal) int {
	return cmp.Or(cmp.Compare(d.exp, e.exp), strings.Compare(d.digits, e.digits))
}

// scanNumber returns the offset after the longest number that begins at p, or
// p if there is none.
func scanNumber(s string, p int) int {
	start := p
	if c := at(s, p); c == '+' || c == '-' {
		p++
	}
	end := scanWhile(s, p, isASCIIDigit)
	digits := end - p
	if at(s, end) == '.' {
		after := scanWhile(s, end+1, isASCIIDigit)
		digits += after - end - 1
		end = after
	}
	if digits == 0 {
		return start
	}
	return scanExponent(s, end)
}

func scanExponent(s string, p int) int {
	if c := at(s, p); c != 'e' && c != 'E' {
		return p
	}
	digits := p + 1
	if c := at(s, digits); c == '+' || c == '-' {
		digits++
	}
	if end := scanWhile(s, digits, isASCIIDigit); end > digits {
		return end
	}
	return p
}

// doubleText is the text of a JSON number with a point or an exponent: what
// Java's Double.toString says since JDK 19. Numbers outside [1e-3, 1e7) are in
// scientific notation, and there is always a digit after the point.
func doubleText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if m := math.Abs(f); m == 0 || 1e-3 <= m && m < 1e7 {
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	if !strings.Contains(s, ".") {
		// Java writes two digits at least, and then the two nearest ones: 4.9E-324.
		s = strconv.FormatFloat(f, 'e', 1, 64)
	}
	mantissa, exponent, _ := strings.Cut(s, "e")
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}
