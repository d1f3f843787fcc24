package logs_test

import (
	"cmp"
	"math"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
)

func TestEventID(t *testing.T) {
	const want = "00000001795182813262" + "00000000000000000042" + "0000000000000007"
	got := logs.EventID(time.UnixMilli(1795182813262), 42, 7)
	if got != want {
		t.Errorf("EventID = %s, want %s", got, want)
	}
	if p, err := logs.ParseEventID(got); err != nil || p != (logs.Position{Timestamp: 1795182813262, Chunk: 42, Index: 7}) {
		t.Errorf("ParseEventID(%s) = %+v, %v", got, p, err)
	}
}

func TestEventIDsSortAsPositions(t *testing.T) {
	var all []logs.Position
	for _, ts := range []int64{0, 9, 10, 1795182813262, math.MaxInt64} {
		for _, chunk := range []int64{1, 9, 10, math.MaxInt64} {
			for _, index := range []int64{0, 9, 10, 999_999} {
				all = append(all, logs.Position{Timestamp: ts, Chunk: chunk, Index: index})
			}
		}
	}
	for _, a := range all {
		if back, err := logs.ParseEventID(a.String()); err != nil || back != a || len(a.String()) != 56 {
			t.Fatalf("ParseEventID(%s) = %+v, %v, want %+v from 56 digits", a, back, err, a)
		}
		for _, b := range all {
			if got, want := a.Compare(b), cmp.Compare(a.String(), b.String()); got != want {
				t.Fatalf("%s.Compare(%s) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func FuzzParseEventID(f *testing.F) {
	f.Add("00000001795182813262000000000000000000420000000000000007")
	f.Add("99999999999999999999999999999999999999999999999999999999")
	f.Add("+0000001795182813262-00000000000000000420000000000000007")
	f.Fuzz(func(t *testing.T, id string) {
		p, err := logs.ParseEventID(id)
		if err == nil && p.String() != id {
			t.Errorf("ParseEventID(%q) = %+v, whose ID is %s", id, p, p)
		}
	})
}
