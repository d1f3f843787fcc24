package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// readJSON is a JSON body as a generic value: map[string]any, []any, string, json.Number, bool, nil.
// An empty body is an empty object.
func readJSON(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	if jsonDepth(body) > maxDepth {
		return nil, malformed("Nesting is deeper than %d", maxDepth)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, malformed("Request is not JSON: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed("Request is not JSON: something follows the value")
	}
	return v, nil
}

// jsonDepth is how deep brackets nest outside of strings.
func jsonDepth(body []byte) int {
	depth, deepest := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		case '"':
			i = stringEnd(body, i)
		}
	}
	return deepest
}

// stringEnd is the place of the quote that closes the one at start.
func stringEnd(body []byte, start int) int {
	for i := start + 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(body)
}

// jsonScalar is a scalarReader. Blobs are base64, timestamps epoch seconds; NaN
// and the infinities, for which JSON has no number, are strings.
func jsonScalar(kind Kind, v any) (any, error) {
	switch v := v.(type) {
	case string:
		return jsonString(kind, v)
	case bool:
		if kind == Boolean {
			return v, nil
		}
	case json.Number:
		return jsonNumber(kind, v)
	}
	return nil, mismatch(v, kind)
}

func jsonString(kind Kind, s string) (any, error) {
	switch kind {
	case String:
		return s, nil
	case Float, Double:
		if f, ok := namedFloats[s]; ok {
			return f, nil
		}
	case Blob:
		return blob(s)
	}
	return nil, mismatch(s, kind)
}

var namedFloats = map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

func blob(s string) (any, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, malformed("Value is not base64")
	}
	return b, nil
}

func jsonNumber(kind Kind, n json.Number) (any, error) {
	switch kind {
	case Integer, Long:
		if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
			return ranged(kind, i) // never through a float: it has 53 bits
		}
	case Float, Double, Timestamp:
	default:
		return nil, mismatch(n, kind)
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return nil, malformed("NUMBER_VALUE cannot be converted to %s", typeName(kind))
	}
	switch kind {
	case Float, Double:
		return f, nil
	case Timestamp:
		return epoch(f)
	}
	return whole(kind, f)
}

// appendJSON writes a tree.
func appendJSON(b []byte, n node) []byte {
	switch n := n.(type) {
	case object:
		b = append(b, '{')
		for i, p := range n {
			b = appendJSON(append(appendJSONString(comma(b, i), p.member.Name), ':'), p.value)
		}
		return append(b, '}')
	case entries:
		b = append(b, '{')
		for i, e := range n {
			b = appendJSON(append(appendJSONString(comma(b, i), e.key), ':'), e.value)
		}
		return append(b, '}')
	case []node:
		b = append(b, '[')
		for i, e := range n {
			b = appendJSON(comma(b, i), e)
		}
		return append(b, ']')
	}
	return appendJSONScalar(b, n)
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func appendJSONScalar(b []byte, n node) []byte {
	switch n := n.(type) {
	case string:
		return appendJSONString(b, n)
	case bool:
		return strconv.AppendBool(b, n)
	case int64:
		return strconv.AppendInt(b, n, 10)
	case float64:
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return append(appendFloat(append(b, '"'), n), '"')
		}
		return appendFloat(b, n)
	case []byte:
		return append(base64.StdEncoding.AppendEncode(append(b, '"'), n), '"')
	case time.Time:
		return appendEpoch(b, n)
	}
	return append(b, "null"...)
}

// appendFloat writes a float that readers take for one: 2.0, not 2, or boto3 shows an int.
func appendFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return append(strconv.AppendFloat(b, f, 'f', -1, 64), ".0"...)
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

// appendEpoch writes seconds since 1970 with up to three decimals.
func appendEpoch(b []byte, t time.Time) []byte {
	millis := t.UnixMilli()
	if millis%1000 == 0 {
		return strconv.AppendInt(b, millis/1000, 10)
	}
	return strconv.AppendFloat(b, float64(millis)/1000, 'f', -1, 64)
}

const hexDigits = "0123456789abcdef"

// appendJSONString quotes s. Bytes that are not UTF-8 become U+FFFD.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
