package logs

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A selection must keep what a sort of all events would put first: as many as
// fit, without a gap, whatever order they are offered in.
func TestSelectionKeepsTheNearest(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for round := range 300 {
		backward := round%2 == 1
		var all []Found
		for i := range 1 + random.IntN(30) {
			size := random.IntN(10)
			if random.IntN(3) == 0 {
				size = random.IntN(MaxPageBytes)
			}
			all = append(all, Found{Position: Position{Timestamp: random.Int64N(5), Chunk: int64(i)}, Message: make([]byte, size)})
		}
		limit := 1 + random.IntN(20)
		page := newSelection(limit, backward)
		for _, f := range all {
			if page.wants(f.Position) {
				page.add(f)
			}
		}
		want, more := nearest(all, limit, backward)
		if got := page.page(); !slices.EqualFunc(got, want, func(a, b Found) bool { return a.Position == b.Position }) || page.more != more {
			t.Fatalf("round %d (limit %d, backward %t): page of %d events, more %t, want %d, %t", round, limit, backward, len(got), page.more, len(want), more)
		}
	}
}

func nearest(all []Found, limit int, backward bool) (page []Found, more bool) {
	all = slices.SortedFunc(slices.Values(all), func(a, b Found) int { return a.Compare(b.Position) })
	if backward {
		slices.Reverse(all)
	}
	bytes := 0
	for _, f := range all {
		bytes += len(f.Message) + EventOverhead
		if len(page) == limit || bytes > MaxPageBytes && len(page) > 0 {
			more = true
			break
		}
		page = append(page, f)
	}
	if backward {
		slices.Reverse(page)
	}
	return page, more
}

func TestSelectionReaches(t *testing.T) {
	for _, tt := range []struct {
		name      string
		backward  bool
		limit     int
		timestamp int64
		want      bool
	}{
		{"room left", false, 3, 99, true},
		{"full, nearer", false, 2, 5, true},
		{"full, as near", false, 2, 20, true},
		{"full, further", false, 2, 21, false},
		{"backward, room left", true, 3, 1, true},
		{"backward, nearer", true, 2, 15, true},
		{"backward, as near", true, 2, 10, true},
		{"backward, further", true, 2, 9, false},
	} {
		page := newSelection(tt.limit, tt.backward)
		page.add(Found{Position: Position{Timestamp: 10, Chunk: 1}})
		page.add(Found{Position: Position{Timestamp: 20, Chunk: 2}})
		if got := page.reaches(tt.timestamp); got != tt.want {
			t.Errorf("%s: reaches(%d) = %t, want %t", tt.name, tt.timestamp, got, tt.want)
		}
	}
}

func TestPlacesNextToEachOther(t *testing.T) {
	for _, p := range []Position{{Timestamp: 5, Chunk: 3, Index: 0}, {Timestamp: 5, Chunk: 3, Index: 7}, {Timestamp: 0, Chunk: 1, Index: 0}} {
		if p.next().Compare(p) <= 0 || p.prev().Compare(p) >= 0 {
			t.Errorf("%s has prev %s, next %s", p, p.prev(), p.next())
		}
		for _, q := range []Position{p.next(), p.prev()} {
			if back, err := ParseEventID(q.String()); err != nil || back != q {
				t.Errorf("ParseEventID(%s) = %+v, %v, want %+v", q, back, err, q)
			}
		}
	}
}
