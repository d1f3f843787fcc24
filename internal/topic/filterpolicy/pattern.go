package filterpolicy

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// scalar is a value of a message.
type scalar struct {
	kind kind   // aString, aNumber or aLiteral
	text string // of a string its content, else as it is written
}

// pattern says whether a value of a message matches.
type pattern func(scalar) bool

func anything(scalar) bool { return true }

func not(p pattern) pattern {
	return func(s scalar) bool { return !p(s) }
}

func both(p, q pattern) pattern {
	return func(s scalar) bool { return p(s) && q(s) }
}

// equals matches the same string or literal, and numbers however they are written.
func equals(v *value) pattern {
	wanted := scalar{v.kind, v.text}
	n, isNumber := wanted.number()
	return func(s scalar) bool {
		if s == wanted {
			return true
		}
		has, ok := s.number()
		return ok && isNumber && has == n
	}
}

func hasPrefix(prefix string) pattern {
	return func(s scalar) bool { return s.kind == aString && strings.HasPrefix(s.text, prefix) }
}

func hasSuffix(suffix string) pattern {
	return func(s scalar) bool { return s.kind == aString && strings.HasSuffix(s.text, suffix) }
}

func equalsFold(text string) pattern {
	return func(s scalar) bool { return s.kind == aString && strings.EqualFold(s.text, text) }
}

func (s scalar) number() (float64, bool) {
	if s.kind != aNumber {
		return 0, false
	}
	n, err := strconv.ParseFloat(s.text, 64)
	return n, err == nil
}

func compares(operator string, bound float64) pattern {
	return func(s scalar) bool {
		n, ok := s.number()
		switch {
		case !ok:
			return false
		case operator == "<":
			return n < bound
		case operator == "<=":
			return n <= bound
		case operator == ">":
			return n > bound
		case operator == ">=":
			return n >= bound
		}
		return n == bound
	}
}

var addressLike = regexp.MustCompile(`\A([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*)\z`)

// cidr matches addresses of a network. What is wrong with the network is told
// without a place.
func cidr(operand *value) (pattern, error) {
	if operand.kind != aString {
		return nil, operand.refuse(operand.at, "prefix match pattern must be a string") // AWS's text
	}
	network, err := parseNetwork(operand.text)
	return func(s scalar) bool {
		if s.kind != aString {
			return false
		}
		address, err := netip.ParseAddr(s.text)
		return err == nil && network.Contains(address)
	}, err
}

func parseNetwork(text string) (netip.Prefix, error) {
	address, mask, found := strings.Cut(text, "/")
	if !found || mask == "" || strings.Contains(mask, "/") {
		return netip.Prefix{}, refusal("Malformed CIDR, one '/' required")
	}
	bits, err := strconv.Atoi(mask)
	switch {
	case err != nil:
		return netip.Prefix{}, refusal("Malformed CIDR, mask bits must be an integer")
	case bits < 0:
		return netip.Prefix{}, refusal("Malformed CIDR, mask bits must not be negative")
	case !addressLike.MatchString(address):
		return netip.Prefix{}, refusal("Nonstandard IP address: " + address)
	}
	parsed, err := netip.ParseAddr(address)
	switch {
	case err != nil:
		return netip.Prefix{}, refusal("Invalid IP address: " + address)
	case parsed.Is4() && bits > 31:
		return netip.Prefix{}, refusal("IPv4 mask bits must be < 32")
	case bits > 127:
		return netip.Prefix{}, refusal("IPv6 mask bits must be < 128")
	}
	return netip.PrefixFrom(parsed, bits), nil
}
