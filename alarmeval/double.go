package alarmeval

import (
	"math"
	"strconv"
	"strings"
)

// FormatDouble writes a number as CloudWatch does in reasons, reason data and
// messages, which is how Java prints a double: 3.0, 0.001, 1.0E7, 4.0E-4. There
// is always a digit behind the point; below 1e-3 and from 1e7 it is scientific.
func FormatDouble(f float64) string {
	switch abs := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64)+"inity", "+")
	case abs != 0 && (abs < 1e-3 || abs >= 1e7):
		return scientific(f)
	}
	return pointed(strconv.FormatFloat(f, 'f', -1, 64))
}

// scientific turns Go's 8.6e+08 and 4e-04 into 8.6E8 and 4.0E-4.
func scientific(f float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	return pointed(mantissa) + "E" + sign + strings.TrimLeft(exponent[1:], "0")
}

func pointed(digits string) string {
	if strings.Contains(digits, ".") {
		return digits
	}
	return digits + ".0"
}
