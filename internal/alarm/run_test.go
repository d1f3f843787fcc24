package alarm

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// clockStore is a Store that only the clock is told to.
type clockStore struct{ Store }

func (clockStore) SetEvaluated(context.Context, time.Time) error { return nil }

// TestFollowGivesUpOnJumps puts the clock elsewhere by beginning elsewhere.
func TestFollowGivesUpOnJumps(t *testing.T) {
	for _, c := range []struct {
		name   string
		behind time.Duration
		jumped bool
	}{
		{"suspended for an hour", time.Hour, true},
		{"put back by an hour", -time.Hour, true},
		{"busy for a while", 20 * time.Second, false},
		{"put back a little", -20 * time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Service{index: newIndex(hashOffset), store: clockStore{}} // without alarms
				ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
				defer cancel()
				err := s.follow(ctx, time.Now().Add(-c.behind))
				if ended := errors.Is(err, context.DeadlineExceeded); ended == c.jumped {
					t.Errorf("follow from %s ago = %v, want a jump: %v", c.behind, err, c.jumped)
				}
			})
		})
	}
}
