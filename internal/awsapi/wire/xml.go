package wire

import (
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// xmlWriter writes a tree as elements. Lists and maps need their shape: it names their elements.
type xmlWriter struct{ strings.Builder }

func (w *xmlWriter) open(name string)  { w.WriteString("<" + name + ">") }
func (w *xmlWriter) close(name string) { w.WriteString("</" + name + ">") }

func (w *xmlWriter) text(name, value string) {
	w.open(name)
	escape(w, value)
	w.close(name)
}

// escape also replaces what XML cannot say, such as control characters, by U+FFFD.
func escape(w io.Writer, value string) {
	_ = xml.EscapeText(w, []byte(value)) // a Builder does not fail
}

func (w *xmlWriter) element(name string, s *Shape, n node) {
	switch n := n.(type) {
	case []node:
		w.list(name, s, n)
	case entries:
		w.mapping(name, s, n)
	case object:
		w.open(name)
		w.members(n)
		w.close(name)
	default:
		w.text(name, xmlScalar(n))
	}
}

func (w *xmlWriter) members(o object) {
	for _, p := range o {
		w.element(p.member.wireName(), p.member.shape, p.value)
	}
}

func (w *xmlWriter) list(name string, s *Shape, list []node) {
	element := name
	if !s.Flattened {
		element = cmp.Or(s.Element.Name, "member")
		w.open(name)
		defer w.close(name)
	}
	for _, e := range list {
		w.element(element, s.Element.shape, e)
	}
}

func (w *xmlWriter) mapping(name string, s *Shape, es entries) {
	element := name
	if !s.Flattened {
		element = "entry"
		w.open(name)
		defer w.close(name)
	}
	for _, e := range es {
		w.open(element)
		w.text(cmp.Or(s.Key.Name, "key"), e.key)
		w.element(cmp.Or(s.Value.Name, "value"), s.Value.shape, e.value)
		w.close(element)
	}
}

func xmlScalar(n node) string {
	switch n := n.(type) {
	case string:
		return n
	case bool:
		return strconv.FormatBool(n)
	case int64:
		return strconv.FormatInt(n, 10)
	case float64:
		return string(appendFloat(nil, n))
	case []byte:
		return base64.StdEncoding.EncodeToString(n)
	case time.Time:
		return n.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return ""
}
