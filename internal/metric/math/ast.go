package math

import (
	"slices"
	"strings"
)

// Expression is a parsed expression. It does not change and may be shared.
type Expression struct {
	text string
	root node
}

// String is the expression as it was given.
func (e *Expression) String() string { return e.text }

// node is one piece of an expression: number, reference, unary, binary, call or list.
type node interface{ position() int }

type at int

func (a at) position() int { return int(a) }

type (
	number struct {
		at
		value float64
	}
	reference struct {
		at
		id string
	}
	unary struct { // minus
		at
		operand node
	}
	binary struct {
		at
		operator    string
		left, right node
	}
	list struct {
		at
		elements []node
	}
	call struct {
		at
		function  string
		arguments []node
	}
	word struct { // REPEAT, LINEAR
		at
		name string
	}
	text struct { // "errors"
		at
		value string
	}
)

// Needs tells which other queries the expression reads: those that it names and
// those that METRICS() selects of the given metric IDs. They are sorted.
func (e *Expression) Needs(metrics []string) []string {
	needs := map[string]bool{}
	walk(e.root, func(n node) {
		switch n := n.(type) {
		case reference:
			needs[n.id] = true
		case call:
			if n.function == "METRICS" {
				for _, id := range metrics {
					needs[id] = needs[id] || strings.Contains(id, n.filter())
				}
			}
		}
	})
	var ids []string
	for id, needed := range needs {
		if needed {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// filter is what METRICS("errors") looks for in IDs.
func (c call) filter() string {
	if len(c.arguments) == 1 {
		if t, ok := c.arguments[0].(text); ok {
			return t.value
		}
	}
	return ""
}

func walk(n node, visit func(node)) {
	visit(n)
	switch n := n.(type) {
	case unary:
		walk(n.operand, visit)
	case binary:
		walk(n.left, visit)
		walk(n.right, visit)
	case list:
		for _, element := range n.elements {
			walk(element, visit)
		}
	case call:
		for _, argument := range n.arguments {
			walk(argument, visit)
		}
	}
}
