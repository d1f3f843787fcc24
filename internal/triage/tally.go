package triage

import (
	"cmp"
	"slices"
	"strconv"
)

// tally counts texts. Empty ones are not counted.
type tally struct {
	counts map[string]int
	order  []string // as first seen
}

func (t *tally) add(text string) {
	if text == "" {
		return
	}
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	if t.counts[text] == 0 {
		t.order = append(t.order, text)
	}
	t.counts[text]++
}

// list is the beginning of a tally, ready to be shown.
type list struct {
	Items []string
	More  int // how many different ones are not among the items
}

// top lists the most numerous texts, with their counts if there are several.
func (t *tally) top(n, limit int) list {
	order := slices.Clone(t.order)
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(t.counts[b], t.counts[a]) })
	var l list
	for _, text := range order[:min(n, len(order))] {
		item := clean(text, limit)
		if len(order) > 1 {
			item += " (" + strconv.Itoa(t.counts[text]) + ")"
		}
		l.Items = append(l.Items, item)
	}
	l.More = len(order) - len(l.Items)
	return l
}

// All are the items, and how many more there are.
func (l list) All() []string {
	if l.More == 0 {
		return l.Items
	}
	return append(slices.Clone(l.Items), "and "+strconv.Itoa(l.More)+" more")
}
