package pipeline

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Landing collects where datapoints have landed and has the alarms look at
// once. Many landings in the same minute of a metric are one look.
type Landing struct {
	look func(ctx context.Context, now time.Time, landed []alarm.Landing) error
	log  *slog.Logger

	mu      sync.Mutex
	pending map[string]alarm.Landing
	wake    chan struct{}
}

// NewLanding returns a Landing that calls look, which is alarm.Service.Landed.
func NewLanding(look func(ctx context.Context, now time.Time, landed []alarm.Landing) error, log *slog.Logger) *Landing {
	return &Landing{look: look, log: log, pending: map[string]alarm.Landing{}, wake: make(chan struct{}, 1)}
}

// Add notes data that are committed.
func (l *Landing) Add(scope arn.Scope, data []metric.Datum) {
	if len(data) == 0 {
		return
	}
	l.mu.Lock()
	for _, d := range data {
		series := metric.Series{Scope: scope, Key: d.Key}
		id := scope.String() + "\x00" + d.Key.ID() + "\x00" + d.Timestamp.Format(time.RFC3339)
		l.pending[id] = alarm.Landing{Series: series, Time: d.Timestamp}
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Files often come in groups. A look waits until no more data have landed for
// the first of these times, but not longer than the second, so that one mail
// names the calls of all of them.
const (
	calm     = 100 * time.Millisecond
	patience = 500 * time.Millisecond
)

// Run has the alarms look until the context ends. A look that fails is not
// repeated: the alarms' own schedule comes within a minute.
func (l *Landing) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-l.wake:
		}
		l.settle(ctx)
		if landed := l.take(); len(landed) > 0 {
			if err := l.look(ctx, time.Now(), landed); err != nil && ctx.Err() == nil {
				l.log.Error("evaluation at once failed, the next scheduled one follows", "err", err)
			}
		}
	}
}

// settle returns when it is calm, or patience or the context has ended.
func (l *Landing) settle(ctx context.Context) {
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-end.C:
			return
		case <-time.After(calm):
			return
		case <-l.wake:
		}
	}
}

func (l *Landing) take() []alarm.Landing {
	l.mu.Lock()
	defer l.mu.Unlock()
	landed := make([]alarm.Landing, 0, len(l.pending))
	for id, landing := range l.pending {
		landed = append(landed, landing)
		delete(l.pending, id)
	}
	return landed
}
