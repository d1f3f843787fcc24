package filterpattern

import (
	"bytes"
	"strings"
)

// glob is a text with an asterisk at the start, the end, both or neither. An
// asterisk elsewhere stands for itself, and none can be escaped.
type glob struct {
	core      []byte
	anyBefore bool
	anyAfter  bool
}

func newGlob(text string) glob {
	core, before := strings.CutPrefix(text, "*")
	core, after := strings.CutSuffix(core, "*")
	return glob{[]byte(core), before, after || text == "*"}
}

func (g *glob) match(text []byte) bool {
	switch {
	case g.anyBefore && g.anyAfter:
		return bytes.Contains(text, g.core)
	case g.anyBefore:
		return bytes.HasSuffix(text, g.core)
	case g.anyAfter:
		return bytes.HasPrefix(text, g.core)
	}
	return bytes.Equal(text, g.core)
}
