package logs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// inputs are events at the given distances from now.
func inputs(ages ...time.Duration) []logs.Input {
	var events []logs.Input
	for _, age := range ages {
		events = append(events, logs.Input{Timestamp: now.Add(age).UnixMilli(), Message: "m"})
	}
	return events
}

const day = 24 * time.Hour

func TestAccept(t *testing.T) {
	for _, tt := range []struct {
		name                   string
		events                 []logs.Input
		retention              int
		accepted               int
		tooOld, expired, newer int // -1: none
	}{
		{"all", inputs(-time.Hour, 0, time.Hour), 0, 3, -1, -1, -1},
		{"none given", nil, 0, 0, -1, -1, -1},
		{"14 days is not too old", inputs(-14*day, -14*day), 0, 2, -1, -1, -1},
		{"a millisecond more is", inputs(-14*day-time.Millisecond, -14*day), 0, 1, 1, -1, -1},
		{"2 hours is not too new", inputs(2*time.Hour, 2*time.Hour), 0, 2, -1, -1, -1},
		{"a millisecond more is, in time order", inputs(2*time.Hour, 2*time.Hour+time.Millisecond), 0, 1, -1, -1, 1},
		{"all too old", inputs(-15*day, -15*day), 0, 0, 2, -1, -1},
		{"all too new", inputs(3*time.Hour, 3*time.Hour), 0, 0, -1, -1, 0},
		{"older than the retention", inputs(-3*day-time.Hour, -3*day, -3*day+time.Hour), 3, 2, -1, 1, -1},
		{"longer retention than 14 days", inputs(-14*day-time.Hour, -14*day), 30, 1, 1, -1, -1},
		{"expired and too old", inputs(-14*day-time.Hour, -14*day), 3, 0, 1, 2, -1},
		{"both ends", inputs(-day-time.Hour, -day, -2*time.Hour), 1, 2, -1, 1, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			accepted, rejected, err := logs.Accept(tt.events, now, tt.retention)
			if err != nil || len(accepted) != tt.accepted {
				t.Errorf("Accept = %d events, %v, want %d", len(accepted), err, tt.accepted)
			}
			for _, index := range []struct {
				name string
				got  *int
				want int
			}{{"TooOldEnd", rejected.TooOldEnd, tt.tooOld}, {"ExpiredEnd", rejected.ExpiredEnd, tt.expired}, {"TooNewStart", rejected.TooNewStart, tt.newer}} {
				if got := valueOr(index.got, -1); got != index.want {
					t.Errorf("%s = %d, want %d", index.name, got, index.want)
				}
			}
			if want := tt.tooOld >= 0 || tt.expired >= 0 || tt.newer >= 0; rejected.Any() != want {
				t.Errorf("Any() = %t, want %t", rejected.Any(), want)
			}
		})
	}
}

func valueOr(p *int, none int) int {
	if p == nil {
		return none
	}
	return *p
}

func TestAcceptRefuses(t *testing.T) {
	long := func(lengths ...int) []logs.Input {
		events := make([]logs.Input, len(lengths))
		for i, n := range lengths {
			events[i] = logs.Input{Timestamp: now.UnixMilli(), Message: strings.Repeat("x", n)}
		}
		return events
	}
	const full = 1<<20 - 26
	for _, tt := range []struct {
		name   string
		events []logs.Input
		want   string
	}{
		{"wrong order", inputs(0, -time.Millisecond), "Log events in a single PutLogEvents request must be in chronological order."},
		{"24 hours", inputs(-day, 0), ""},
		{"more", inputs(-day-time.Millisecond, 0), "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."},
		{"span counts rejected events", inputs(-15*day, 0), "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."},
		{"largest event", long(full), ""},
		{"event too large", long(full + 1), "Log event too large: 1048577 bytes exceeds limit of 1048576"},
		{"largest batch", long(full-26-10, 10), ""},
		{"batch too large", long(full-26-10, 11), "Upload too large: 1048577 bytes exceeds limit of 1048576"},
		{"bytes, not characters", []logs.Input{{Timestamp: now.UnixMilli(), Message: strings.Repeat("é", full/2+1)}}, "Log event too large: 1048578 bytes exceeds limit of 1048576"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := logs.Accept(tt.events, now, 0)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("Accept = %q, want %q", got, tt.want)
			}
		})
	}
}
