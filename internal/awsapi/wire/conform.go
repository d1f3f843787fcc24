package wire

import "time"

// record is a structure whose members have conformed: one place per member of the
// shape, in its order, nil for those that are absent.
type record []any

// A scalar reader turns what its protocol calls a scalar into the kind's Go type:
// string, bool, int64, float64, time.Time or []byte.
type scalarReader func(kind Kind, v any) (any, error)

// conform makes a decoded value one of the shape's: members that the shape does
// not have and nulls are gone, scalars have their kinds. What cannot be made so is malformed.
func conform(s *Shape, v any, scalar scalarReader) (any, error) {
	switch s.Kind {
	case Structure:
		return conformStructure(s, v, scalar)
	case List:
		return conformList(s, v, scalar)
	case Map:
		return conformMap(s, v, scalar)
	}
	switch v.(type) {
	case []any:
		return nil, malformed("Start of list found where not expected")
	case map[string]any:
		return nil, malformed("Start of structure or map found where not expected.")
	}
	return scalar(s.Kind, v)
}

func conformStructure(s *Shape, v any, scalar scalarReader) (any, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, malformed("Unexpected value where a structure is expected")
	}
	out := make(record, len(s.Members))
	for i := range s.Members {
		m := &s.Members[i]
		value := in[m.Name]
		if value == nil {
			continue
		}
		conformed, err := conform(m.shape, value, scalar)
		if err != nil {
			return nil, err
		}
		out[i] = conformed
	}
	return out, s.checkUnion(out)
}

// checkUnion refuses a union of which not exactly one member is set.
func (s *Shape) checkUnion(v record) error {
	if !s.Union {
		return nil
	}
	set := 0
	for _, member := range v {
		if member != nil {
			set++
		}
	}
	if set != 1 {
		return malformed("Exactly one member of %s must be set", s.name)
	}
	return nil
}

// conformList keeps nulls: the constraint check refuses them by place.
func conformList(s *Shape, v any, scalar scalarReader) (any, error) {
	in, ok := v.([]any)
	if !ok {
		return nil, malformed("Expected list or null")
	}
	out := make([]any, len(in))
	for i, element := range in {
		if element == nil {
			continue
		}
		conformed, err := conform(s.Element.shape, element, scalar)
		if err != nil {
			return nil, err
		}
		out[i] = conformed
	}
	return out, nil
}

func conformMap(s *Shape, v any, scalar scalarReader) (any, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, malformed("Expected map or null")
	}
	out := make(map[string]any, len(in))
	for key, value := range in {
		if value == nil {
			out[key] = nil
			continue
		}
		conformed, err := conform(s.Value.shape, value, scalar)
		if err != nil {
			return nil, err
		}
		out[key] = conformed
	}
	return out, nil
}

// Timestamps beyond these cannot be written in all protocols.
const (
	minEpoch = -62135596800 // year 1
	maxEpoch = 253402300799 // end of year 9999
)

// epoch is a time from seconds since 1970, to the millisecond: AWS keeps no more.
func epoch(seconds float64) (time.Time, error) {
	if !(seconds >= minEpoch && seconds <= maxEpoch) {
		return time.Time{}, malformed("Timestamp is out of range")
	}
	whole := int64(seconds)
	millis := int64(roundHalfUp((seconds - float64(whole)) * 1000))
	return time.UnixMilli(whole*1000 + millis).UTC(), nil
}

func roundHalfUp(f float64) float64 {
	if f < 0 {
		return -float64(int64(-f + 0.5))
	}
	return float64(int64(f + 0.5))
}

// whole is a float as an integer, if it is one.
func whole(kind Kind, f float64) (any, error) {
	if f != float64(int64(f)) || f < -1<<63 || f >= 1<<63 {
		return nil, malformed("NUMBER_VALUE cannot be converted to %s", typeName(kind))
	}
	return ranged(kind, int64(f))
}

// ranged refuses integers that the kind cannot hold.
func ranged(kind Kind, n int64) (any, error) {
	if kind == Integer && n != int64(int32(n)) {
		return nil, malformed("NUMBER_VALUE cannot be converted to Integer")
	}
	return n, nil
}

// mismatch is a scalar of another type than the shape's.
func mismatch(v any, kind Kind) error {
	return malformed("%s cannot be converted to %s", tokenName(v), typeName(kind))
}

// tokenName is what AWS's reader calls a scalar.
func tokenName(v any) string {
	switch v := v.(type) {
	case string:
		return "STRING_VALUE"
	case bool:
		if v {
			return "TRUE_VALUE"
		}
		return "FALSE_VALUE"
	case []byte:
		return "BLOB_VALUE"
	case time.Time:
		return "TIMESTAMP_VALUE"
	}
	return "NUMBER_VALUE"
}

func typeName(kind Kind) string {
	switch kind {
	case String:
		return "String"
	case Boolean:
		return "Boolean"
	case Integer:
		return "Integer"
	case Long:
		return "Long"
	case Float:
		return "Float"
	case Double:
		return "Double"
	case Timestamp:
		return "Timestamp"
	case Blob:
		return "Blob"
	}
	return "a structure, list or map"
}
