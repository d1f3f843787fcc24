package wire

import (
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// cborReader is the byte-level decoder: bounded, and into the generic value's
// types. Tag 1 becomes a time.
var cborReader = mustCBORReader(cbor.DecOptions{
	MaxNestedLevels:  maxDepth,
	MaxArrayElements: maxElements,
	MaxMapPairs:      maxElements,
	IntDec:           cbor.IntDecConvertSignedOrFail,
	DefaultMapType:   reflect.TypeFor[map[string]any](),
})

func mustCBORReader(options cbor.DecOptions) cbor.DecMode {
	mode, err := options.DecMode()
	if err != nil {
		panic(err) // the options above contradict each other
	}
	return mode
}

// readCBOR is a CBOR body as a generic value. An empty body is an empty map.
func readCBOR(body []byte) (any, error) {
	if len(body) == 0 {
		return map[string]any{}, nil
	}
	if cborCells(body) > maxCells {
		return nil, tooMany()
	}
	var v any
	if err := cborReader.Unmarshal(body, &v); err != nil {
		return nil, malformed("Request is not CBOR: %v", err)
	}
	return v, nil
}

// cborCells is how many cells the values of a text take. It goes from head to
// head, however they are nested, up to the first that is no good.
func cborCells(body []byte) int {
	cells := 0
	for len(body) > 0 {
		major, short := body[0]&0xe0, body[0]&0x1f
		size := uint64(short)
		body = body[1:]
		if long := 1 << (short - 24); short >= 24 && short < 28 && len(body) >= long {
			var number [8]byte
			copy(number[8-long:], body)
			size, body = binary.BigEndian.Uint64(number[:]), body[long:]
		}
		cells++
		switch {
		case major == cborMap:
			cells += mapCells
		case major == cborArray:
			cells += 2
		case (major == cborBytes || major == cborText) && short != indefinite:
			body = body[min(size, uint64(len(body))):]
		}
	}
	return cells
}

const (
	indefinite = 31 // in place of a size: the end is marked
	mapCells   = 20 // of a map with room for eight pairs
)

// cborScalar is a scalarReader. Clients write 1 for 1.0 and the reverse: numbers
// are converted wherever nothing is lost.
func cborScalar(kind Kind, v any) (any, error) {
	switch v := v.(type) {
	case string:
		if kind == String {
			return v, nil
		}
	case bool:
		if kind == Boolean {
			return v, nil
		}
	case []byte:
		if kind == Blob {
			return v, nil
		}
	case time.Time:
		if kind == Timestamp && !v.IsZero() { // zero is what the byte level makes of NaN
			return epoch(float64(v.Unix()) + float64(v.Nanosecond())/1e9)
		}
	case int64:
		return cborInteger(kind, v)
	case float64:
		return cborFloat(kind, v)
	}
	return nil, mismatch(v, kind)
}

func cborInteger(kind Kind, n int64) (any, error) {
	switch kind {
	case Integer, Long:
		return ranged(kind, n)
	case Float, Double:
		return float64(n), nil
	case Timestamp:
		return epoch(float64(n))
	}
	return nil, mismatch(n, kind)
}

func cborFloat(kind Kind, f float64) (any, error) {
	switch kind {
	case Integer, Long:
		return whole(kind, f)
	case Float, Double:
		return f, nil
	case Timestamp:
		return epoch(f)
	}
	return nil, mismatch(f, kind)
}

// Major types of RFC 8949.
const (
	cborUnsigned byte = iota << 5
	cborNegative
	cborBytes
	cborText
	cborArray
	cborMap
	cborTag
	cborSimple
)

// appendCBOR writes a tree with definite lengths.
func appendCBOR(b []byte, n node) []byte {
	switch n := n.(type) {
	case object:
		b = appendHead(b, cborMap, uint64(len(n)))
		for _, p := range n {
			b = appendCBOR(appendCBOR(b, p.member.Name), p.value)
		}
		return b
	case entries:
		b = appendHead(b, cborMap, uint64(len(n)))
		for _, e := range n {
			b = appendCBOR(appendCBOR(b, e.key), e.value)
		}
		return b
	case []node:
		b = appendHead(b, cborArray, uint64(len(n)))
		for _, e := range n {
			b = appendCBOR(b, e)
		}
		return b
	}
	return appendCBORScalar(b, n)
}

func appendCBORScalar(b []byte, n node) []byte {
	switch n := n.(type) {
	case string:
		s := strings.ToValidUTF8(n, "\uFFFD")
		return append(appendHead(b, cborText, uint64(len(s))), s...)
	case []byte:
		return append(appendHead(b, cborBytes, uint64(len(n))), n...)
	case bool:
		if n {
			return append(b, cborSimple|21)
		}
		return append(b, cborSimple|20)
	case int64:
		if n < 0 {
			return appendHead(b, cborNegative, uint64(-(n + 1)))
		}
		return appendHead(b, cborUnsigned, uint64(n))
	case float64:
		return binary.BigEndian.AppendUint64(append(b, cborSimple|27), math.Float64bits(n))
	case time.Time:
		return appendCBORScalar(appendHead(b, cborTag, 1), floatSeconds(n))
	}
	return append(b, cborSimple|22) // null
}

// floatSeconds is the epoch time as the float closest to it that does not lose
// the last millisecond when a reader cuts instead of rounding, as AWS's SDK for Go does.
func floatSeconds(t time.Time) float64 {
	millis := t.UnixMilli()
	f := float64(millis) / 1000
	if whole, rest := math.Modf(f); int64(whole)*1000+int64(rest*1000) != millis {
		return math.Nextafter(f, math.Copysign(math.Inf(1), f))
	}
	return f
}

// appendHead writes a major type with its argument in the fewest bytes.
func appendHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}
