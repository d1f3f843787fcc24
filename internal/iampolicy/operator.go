package iampolicy

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// comparisons are the operators by name; read-only. Those that negate one of
// them ("StringNotLike") are found through it.
var comparisons = map[string]comparison{
	"StringEquals":             stringEquals,
	"StringEqualsIgnoreCase":   stringEqualsIgnoreCase,
	"StringLike":               stringLike,
	"ArnEquals":                arnLike, // AWS: the two behave identically
	"ArnLike":                  arnLike,
	"Bool":                     boolean,
	"BinaryEquals":             binaryEquals,
	"IpAddress":                ipAddress,
	"NumericEquals":            numeric(func(order int) bool { return order == 0 }),
	"NumericLessThan":          numeric(func(order int) bool { return order < 0 }),
	"NumericLessThanEquals":    numeric(func(order int) bool { return order <= 0 }),
	"NumericGreaterThan":       numeric(func(order int) bool { return order > 0 }),
	"NumericGreaterThanEquals": numeric(func(order int) bool { return order >= 0 }),
	"DateEquals":               date(func(order int) bool { return order == 0 }),
	"DateLessThan":             date(func(order int) bool { return order < 0 }),
	"DateLessThanEquals":       date(func(order int) bool { return order <= 0 }),
	"DateGreaterThan":          date(func(order int) bool { return order > 0 }),
	"DateGreaterThanEquals":    date(func(order int) bool { return order >= 0 }),
}

// negatable are the operators that have a Not form.
func negatable(name string) bool {
	switch name {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress", "NumericEquals", "DateEquals":
		return true
	}
	return false
}

func stringEquals(want, got string, ctx Context) bool {
	p, ok := expand(want, ctx, literal)
	return ok && string(p) == got
}

func stringEqualsIgnoreCase(want, got string, ctx Context) bool {
	p, ok := expand(want, ctx, literal)
	return ok && strings.EqualFold(string(p), got)
}

func stringLike(want, got string, ctx Context) bool {
	p, ok := expand(want, ctx, wildcards)
	return ok && p.match(got)
}

// arnLike compares the six elements of an ARN one by one; only the last may
// contain colons.
func arnLike(want, got string, ctx Context) bool {
	wants, gots := splitARN(want), splitARN(got)
	if want == "*" {
		return len(gots) == 6
	}
	if len(wants) != 6 || len(gots) != 6 {
		return false
	}
	for i := range wants {
		if !stringLike(wants[i], gots[i], ctx) {
			return false
		}
	}
	return true
}

// splitARN splits at colons outside of policy variables.
func splitARN(text string) []string {
	var parts []string
	start, depth := 0, 0
	for i := 0; i < len(text) && len(parts) < 5; i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == ':' && depth == 0:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

func boolean(want, got string, _ Context) bool {
	want = strings.ToLower(want)
	return (want == "true" || want == "false") && strings.ToLower(got) == want
}

func binaryEquals(want, got string, _ Context) bool {
	w, errWant := base64.StdEncoding.DecodeString(want)
	g, errGot := base64.StdEncoding.DecodeString(got)
	return errWant == nil && errGot == nil && string(w) == string(g)
}

// ipAddress tells whether an address is in a network; a plain address is a
// network of one.
func ipAddress(want, got string, _ Context) bool {
	address, err := netip.ParseAddr(got)
	if err != nil {
		return false
	}
	if network, err := netip.ParsePrefix(want); err == nil {
		return network.Contains(address.Unmap())
	}
	only, err := netip.ParseAddr(want)
	return err == nil && only.Unmap() == address.Unmap()
}

// numeric compares decimal numbers exactly.
func numeric(accept func(order int) bool) comparison {
	return func(want, got string, _ Context) bool {
		w, okWant := decimal(want)
		g, okGot := decimal(got)
		return okWant && okGot && accept(g.Cmp(w))
	}
}

// decimal reads 12, -0.5 and 1e3. The length and the exponent are bounded, for
// big.Rat would write 1e999999999 out.
func decimal(text string) (*big.Rat, bool) {
	if len(text) > 64 || strings.ContainsAny(text, "/_xXpPbBoO") {
		return nil, false
	}
	if f, err := strconv.ParseFloat(text, 64); err != nil || f != 0 && (f > 1e30 || f < -1e30) {
		return nil, false
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n < -64 || n > 64 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

func date(accept func(order int) bool) comparison {
	return func(want, got string, _ Context) bool {
		w, okWant := instant(want)
		g, okGot := instant(got)
		return okWant && okGot && accept(g.Compare(w))
	}
}

// instant reads the ISO 8601 forms of W3C's date note, and epoch seconds.
func instant(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01", "20060102T150405Z"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(seconds, 0), true
	}
	return time.Time{}, false
}
