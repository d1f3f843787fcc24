package wire

import (
	"bytes"
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// readJSON makes a body conform to a structure. An empty body is an empty object.
func readJSON(shape *Shape, body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return make(record, len(shape.Members)), nil
	}
	r := jsonReader{NewScanner(body), new(int)}
	v := r.structure(shape)
	return v, r.Err()
}

// jsonReader reads values of a shape, null as nil.
type jsonReader struct {
	*Scanner
	cells *int // that the values take
}

// spend fails when the values take too many cells: three bytes, as in a list of
// empty structures, may take hundreds in memory.
func (r jsonReader) spend(cells int) {
	if *r.cells += cells; *r.cells > maxCells {
		r.Fail(tooMany())
	}
}

func (r jsonReader) value(shape *Shape) any {
	if r.Word("null") {
		return nil
	}
	switch shape.Kind {
	case Structure:
		return r.structure(shape)
	case List:
		return r.list(shape)
	case Map:
		return r.mapping(shape)
	}
	return r.scalar(shape.Kind)
}

func (r jsonReader) structure(shape *Shape) record {
	r.spend(2 + len(shape.Members))
	out := make(record, len(shape.Members))
	r.expect('{', "Unexpected value where a structure is expected")
	for r.Begin('{'); r.More('}'); {
		if place, ok := shape.places[string(r.Name())]; ok {
			out[place] = r.value(shape.Members[place].shape)
		} else {
			r.Skip()
		}
	}
	if err := shape.checkUnion(out); err != nil {
		r.Fail(err)
	}
	return out
}

func (r jsonReader) list(shape *Shape) []any {
	r.expect('[', "Expected list or null")
	out := []any{}
	for r.Begin('['); r.More(']'); {
		r.spend(1)
		out = append(out, r.value(shape.Element.shape))
	}
	return out
}

func (r jsonReader) mapping(shape *Shape) map[string]any {
	r.expect('{', "Expected map or null")
	out := map[string]any{}
	for r.Begin('{'); r.More('}'); {
		r.spend(4)
		key := string(r.Name())
		out[key] = r.value(shape.Value.shape)
	}
	return out
}

// expect fails if the next value is of another kind. Nothing at all is left to the scanner.
func (r jsonReader) expect(begin byte, message string) {
	if next := r.peek(); next != begin && next != 0 {
		r.Fail(malformed("%s", message))
	}
}

// scalar reads what JSON calls one. Blobs are base64, timestamps epoch seconds;
// NaN and the infinities, for which JSON has no number, are strings.
func (r jsonReader) scalar(kind Kind) any {
	v, err := r.token(kind)
	if err != nil {
		r.Fail(err)
	}
	return v
}

func (r jsonReader) token(kind Kind) (any, error) {
	switch r.peek() {
	case '"':
		return jsonString(kind, r.String())
	case 't', 'f':
		yes := r.Word("true") || !r.Word("false")
		if kind == Boolean {
			return yes, nil
		}
		return nil, mismatch(yes, kind)
	case '[':
		return nil, malformed("Start of list found where not expected")
	case '{':
		return nil, malformed("Start of structure or map found where not expected.")
	}
	number := r.Number()
	if r.err != nil {
		return nil, r.err
	}
	return jsonNumber(kind, number)
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

func jsonNumber(kind Kind, n []byte) (any, error) {
	switch kind {
	case Integer, Long:
		if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
			return ranged(kind, i) // never through a float: it has 53 bits
		}
	case Float, Double, Timestamp:
	default:
		return nil, malformed("NUMBER_VALUE cannot be converted to %s", typeName(kind))
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
