package awsapi_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// generator makes random values that satisfy the constraints of a shape:
// map[string]any, []any, string, bool, int64, float64, time.Time, []byte.
type generator struct {
	*rand.Rand
	shapes      map[string]wire.Shape
	noEmptyMaps bool // the query protocol cannot say them
	complete    bool // every member is there, no list is empty, no float is special
}

func (g generator) value(name string, depth int) any {
	s := g.shapes[name]
	switch s.Kind {
	case wire.List:
		return g.list(s, depth)
	case wire.Map:
		return g.mapping(s, depth)
	case wire.String:
		return g.text(s)
	case wire.Boolean:
		return g.IntN(2) == 0
	case wire.Integer:
		return g.integer(s, math.MinInt32, math.MaxInt32)
	case wire.Long:
		return g.integer(s, math.MinInt64, math.MaxInt64)
	case wire.Float, wire.Double:
		return g.float(s)
	case wire.Timestamp:
		return time.UnixMilli(g.Int64N(4e12) - 1e11).UTC()
	case wire.Blob:
		return binary.BigEndian.AppendUint64(nil, g.Uint64())
	}
	return g.structure(s, depth)
}

// structure leaves optional members out at times, and unions always: a Go interface holds them in the SDK.
func (g generator) structure(s wire.Shape, depth int) any {
	out := map[string]any{}
	for _, m := range s.Members {
		if g.shapes[m.Shape].Union || !m.Required && !g.complete && (depth > 4 || g.IntN(3) == 0) {
			continue
		}
		out[m.Name] = g.value(m.Shape, depth+1)
	}
	return out
}

func (g generator) size(s wire.Shape, most int64) int64 {
	least := int64(0)
	if s.Min != nil {
		least = *s.Min
	}
	if s.Max != nil {
		most = min(most, *s.Max)
	}
	return least + g.Int64N(max(most-least, 0)+1)
}

func (g generator) list(s wire.Shape, depth int) any {
	n := g.size(s, 3)
	if g.complete {
		n = max(n, 1)
	}
	out := make([]any, n)
	for i := range out {
		out[i] = g.value(s.Element.Shape, depth+1)
	}
	return out
}

func (g generator) mapping(s wire.Shape, depth int) any {
	out := map[string]any{}
	n := g.size(s, 3)
	if g.noEmptyMaps || g.complete {
		n = max(n, 1)
	}
	for range n {
		out[g.value(s.Key.Shape, depth+1).(string)] = g.value(s.Value.Shape, depth+1)
	}
	return out
}

const plain = "abcXYZ019"

func (g generator) text(s wire.Shape) string {
	switch {
	case s.Enum != nil:
		return s.Enum[g.IntN(len(s.Enum))]
	case s.Pattern == `^\d{12}$`:
		return "123456789012"
	case s.Pattern != "":
		return g.letters(plain, g.size(s, 12))
	}
	return g.letters(plain+" \t\n&<>\"'\\/%+=.,;éß日本😀\u2028", g.size(s, 12))
}

func (g generator) letters(alphabet string, n int64) string {
	var b strings.Builder
	runes := []rune(alphabet)
	for range n {
		b.WriteRune(runes[g.IntN(len(runes))])
	}
	return b.String()
}

func (g generator) integer(s wire.Shape, least, most int64) any {
	if s.Min != nil {
		least = *s.Min
	}
	if s.Max != nil {
		most = *s.Max
	}
	switch span := uint64(most - least); {
	case g.IntN(8) == 0:
		return most // above 2^53 when the shape does not forbid it
	case span == math.MaxUint64:
		return int64(g.Uint64())
	default:
		return least + int64(g.Uint64N(span+1))
	}
}

func (g generator) float(s wire.Shape) any {
	special := []float64{0, 1, 2.5, -1e20, 1e-9, 1 << 60, math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1)}
	if s.Min == nil && s.Max == nil && !g.complete && g.IntN(2) == 0 {
		return special[g.IntN(len(special))]
	}
	return float64(g.size(s, 1000))
}

// fill writes a value into a struct of ours or of the SDK: both name fields for members.
func fill(shapes map[string]wire.Shape, name string, v any, dst reflect.Value) {
	if dst.Kind() == reflect.Pointer {
		if dst.IsNil() {
			dst.Set(reflect.New(dst.Type().Elem()))
		}
		dst = dst.Elem()
	}
	s := shapes[name]
	switch v := v.(type) {
	case map[string]any:
		if dst.Kind() == reflect.Struct {
			for _, m := range s.Members {
				if value, ok := v[m.Name]; ok {
					fill(shapes, m.Shape, value, dst.FieldByName(fieldName(m.Name)))
				}
			}
			return
		}
		dst.Set(reflect.MakeMap(dst.Type()))
		for key, value := range v {
			e := reflect.New(dst.Type().Elem()).Elem()
			fill(shapes, s.Value.Shape, value, e)
			dst.SetMapIndex(reflect.ValueOf(key), e)
		}
	case []any:
		dst.Set(reflect.MakeSlice(dst.Type(), len(v), len(v)))
		for i, e := range v {
			fill(shapes, s.Element.Shape, e, dst.Index(i))
		}
	default:
		dst.Set(reflect.ValueOf(v).Convert(dst.Type()))
	}
}

// take is fill's inverse: what is set in a struct.
func take(shapes map[string]wire.Shape, name string, v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		if v.IsNil() {
			return nil
		}
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	s := shapes[name]
	switch s.Kind {
	case wire.List:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = take(shapes, s.Element.Shape, v.Index(i))
		}
		return out
	case wire.Map:
		out := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			out[it.Key().String()] = take(shapes, s.Value.Shape, it.Value())
		}
		return out
	case wire.String:
		return v.String()
	case wire.Boolean:
		return v.Bool()
	case wire.Integer, wire.Long:
		return v.Int()
	case wire.Float, wire.Double:
		return v.Float()
	case wire.Timestamp:
		return v.Interface().(time.Time).UTC()
	case wire.Blob:
		return v.Bytes()
	}
	return takeStructure(shapes, s, v)
}

func takeStructure(shapes map[string]wire.Shape, s wire.Shape, v reflect.Value) any {
	out := map[string]any{}
	for _, m := range s.Members {
		f := v.FieldByName(fieldName(m.Name))
		if !f.IsValid() {
			panic(fmt.Sprintf("%s has no field %s", v.Type(), m.Name))
		}
		if !absent(f) {
			out[m.Name] = take(shapes, m.Shape, f)
		}
	}
	return out
}

// absent tells members that are not there. The SDK keeps enums and some numbers as plain values.
func absent(f reflect.Value) bool { return f.IsZero() }

func fieldName(member string) string { return strings.ToUpper(member[:1]) + member[1:] }
