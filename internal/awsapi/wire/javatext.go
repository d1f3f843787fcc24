package wire

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// text is a value as Java's toString shows it: AWS's error messages quote values that way,
// "[MetricTransformation(metricName=m, unit=null)]".
func text(s *Shape, v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return string(appendFloat(nil, v))
	case time.Time:
		return v.UTC().Format("Mon Jan 02 15:04:05 UTC 2006")
	case []byte:
		return fmt.Sprintf("java.nio.HeapByteBuffer[pos=0 lim=%d cap=%d]", len(v), len(v))
	case []any:
		return listText(s, v)
	case record:
		return structureText(s, v)
	case map[string]any:
		return mapText(s, v)
	}
	return fmt.Sprint(v)
}

// Values are quoted up to this many characters, and lists up to this many
// elements: an error is for reading.
const (
	maxText       = 8192
	maxListedText = 1000
)

// clipText bounds a value in a message.
func clipText(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "..."
}

func listText(s *Shape, list []any) string {
	parts := make([]string, min(len(list), maxListedText))
	for i := range parts {
		parts[i] = text(s.Element.shape, list[i])
	}
	if len(list) > len(parts) {
		parts = append(parts, "...")
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func structureText(s *Shape, v record) string {
	parts := make([]string, len(s.Members))
	for i, m := range s.Members {
		parts[i] = lowerFirst(m.Name) + "=" + text(m.shape, v[i])
	}
	return s.name + "(" + strings.Join(parts, ", ") + ")"
}

func mapText(s *Shape, v map[string]any) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, key+"="+text(s.Value.shape, v[key]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
