package topic

import (
	"context"
	"sync"
	"time"
)

// pace keeps requests to a subscriber apart that wants only so many a second.
// Its zero value is ready. Each node keeps its own.
type pace struct {
	mu   sync.Mutex
	next map[string]time.Time // by subscription: when the next request may begin
}

// wait returns when a request to the subscription may begin, or with ctx's
// error; perSecond zero is no limit.
func (p *pace) wait(ctx context.Context, subscription string, perSecond int) error {
	if perSecond == 0 {
		return nil
	}
	timer := time.NewTimer(time.Until(p.turn(subscription, time.Second/time.Duration(perSecond), time.Now())))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// turn takes the subscription's next turn. Turns that are past are forgotten.
func (p *pace) turn(subscription string, apart time.Duration, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now
	if p.next[subscription].After(now) {
		at = p.next[subscription]
	}
	for other, next := range p.next {
		if !next.After(now) {
			delete(p.next, other)
		}
	}
	if p.next == nil {
		p.next = map[string]time.Time{}
	}
	p.next[subscription] = at.Add(apart)
	return at
}
