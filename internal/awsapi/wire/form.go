package wire

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Form is a request of the query protocol: pairs sorted by key, so that all keys
// under a prefix are neighbours and few bytes never grow into a deep tree.
type Form []pair

type pair struct{ key, value string }

// ParseForm reads an application/x-www-form-urlencoded text. Of a key that is there twice the first counts.
func ParseForm(text string) (Form, error) {
	if strings.Count(text, "&") >= maxFormKeys {
		return nil, malformed("Request has more than %d parameters", maxFormKeys)
	}
	var form Form
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		p, err := parsePair(part)
		if err != nil {
			return nil, err
		}
		form = append(form, p)
	}
	slices.SortStableFunc(form, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
	return form, nil
}

func parsePair(part string) (pair, error) {
	key, value, _ := strings.Cut(part, "=")
	k, err := url.QueryUnescape(key)
	if err != nil {
		return pair{}, malformed("Parameter is not percent-encoded: %v", err)
	}
	v, err := url.QueryUnescape(value)
	if err != nil {
		return pair{}, malformed("Parameter is not percent-encoded: %v", err)
	}
	return pair{strings.ToValidUTF8(k, "\uFFFD"), strings.ToValidUTF8(v, "\uFFFD")}, nil
}

// Get is the parameter's value, empty when there is none.
func (f Form) Get(key string) string {
	value, _ := f.lookup(key)
	return value
}

func (f Form) lookup(key string) (string, bool) {
	i, found := slices.BinarySearchFunc(f, key, func(p pair, key string) int { return cmp.Compare(p.key, key) })
	if !found {
		return "", false
	}
	return f[i].value, true
}

// under are the pairs whose key begins with path and a dot.
func (f Form) under(path string) Form {
	start, _ := slices.BinarySearchFunc(f, path+".", func(p pair, key string) int { return cmp.Compare(p.key, key) })
	end, _ := slices.BinarySearchFunc(f, path+"/", func(p pair, key string) int { return cmp.Compare(p.key, key) })
	return f[start:end] // "/" is the character after "."
}

// read makes the generic value of the shape at the path, nil when nothing is there.
// Scalars are still texts.
func (f Form) read(s *Shape, path string) (any, error) {
	value, exact := f.lookup(path)
	sub := f.under(path)
	if !exact && len(sub) == 0 {
		return nil, nil
	}
	if s.scalar() {
		if len(sub) > 0 {
			return nil, malformed("Unexpected complex element termination")
		}
		return value, nil
	}
	if len(sub) == 0 && value != "" {
		return nil, malformed("Unexpected list element termination")
	}
	switch s.Kind {
	case List:
		return sub.readList(s, path)
	case Map:
		return sub.readMap(s, path)
	}
	return sub.readStructure(s, path+".")
}

// readStructure reads the members whose names follow prefix. Other names are ignored.
func (f Form) readStructure(s *Shape, prefix string) (any, error) {
	out := make(map[string]any)
	for i := range s.Members {
		m := &s.Members[i]
		v, err := f.read(m.shape, prefix+m.wireName())
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[m.Name] = v
		}
	}
	return out, nil
}

func (f Form) readList(s *Shape, path string) (any, error) {
	if !s.Flattened {
		path += "." + cmp.Or(s.Element.Name, "member")
	}
	indexes, err := f.indexes(path)
	if err != nil {
		return nil, err
	}
	list := make([]any, 0, len(indexes))
	for _, index := range indexes {
		v, err := f.read(s.Element.shape, path+"."+index)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (f Form) readMap(s *Shape, path string) (any, error) {
	if !s.Flattened {
		path += ".entry"
	}
	indexes, err := f.indexes(path)
	if err != nil {
		return nil, err
	}
	out := make(map[string]any, len(indexes))
	for _, index := range indexes {
		entry := path + "." + index + "."
		key, present := f.lookup(entry + cmp.Or(s.Key.Name, "key"))
		if !present {
			return nil, malformed("Map entry %s has no key", path+"."+index)
		}
		if out[key], err = f.read(s.Value.shape, entry+cmp.Or(s.Value.Name, "value")); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// indexes are the numbers that follow path, in numeric order, as they are written.
// All keys of f must be under path.
func (f Form) indexes(path string) ([]string, error) {
	var indexes []string
	for _, p := range f {
		rest, ok := strings.CutPrefix(p.key, path+".")
		if !ok {
			return nil, malformed("Unexpected complex element termination")
		}
		index, _, _ := strings.Cut(rest, ".")
		if _, err := strconv.ParseUint(index, 10, 31); err != nil {
			return nil, malformed("Key %s must be all numbers if it starts with an integer", p.key)
		}
		if len(indexes) == 0 || indexes[len(indexes)-1] != index {
			indexes = append(indexes, index)
		}
	}
	slices.SortFunc(indexes, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return slices.Compact(indexes), nil
}

func (m *Member) wireName() string { return cmp.Or(m.WireName, m.Name) }

// textScalar is a scalarReader for protocols in which everything is text.
func textScalar(kind Kind, v any) (any, error) {
	s := v.(string)
	switch kind {
	case String:
		return s, nil
	case Boolean:
		return textBoolean(s)
	case Integer, Long:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, mismatch(s, kind)
		}
		return ranged(kind, n)
	case Float, Double:
		return textFloat(kind, s)
	case Timestamp:
		return textTime(s)
	}
	return blob(s)
}

func textBoolean(s string) (any, error) {
	switch strings.ToLower(s) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, mismatch(s, Boolean)
}

func textFloat(kind Kind, s string) (any, error) {
	if f, ok := namedFloats[s]; ok {
		return f, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s, "xXnNiI_") { // Go reads more than AWS: hex, inf, nan
		return nil, mismatch(s, kind)
	}
	return f, nil
}

// timeLayouts are the forms of ISO 8601 that clients write. Without a zone it is UTC.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02"}

func textTime(s string) (any, error) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Millisecond), nil
		}
	}
	return nil, malformed("timestamp must follow ISO8601")
}
