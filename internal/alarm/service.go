package alarm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// Metrics is where alarms read what they watch.
type Metrics interface {
	// PointsOf answers many queries from one state of the data.
	PointsOf(ctx context.Context, queries []metric.Query) ([][]metric.Point, error)
}

// Options is what the station needs.
type Options struct {
	Store     Store
	Metrics   Metrics
	Publisher Publisher
	Logger    *slog.Logger
	// Offset is the time within the minute at which the alarm of an ARN is
	// evaluated, in whole seconds. Nil spreads alarms by a hash of their ARN.
	Offset func(alarmARN string) time.Duration
}

// Service is the alarms of all scopes. It holds them in memory, by name, by the
// metric they watch and by their second of the minute.
type Service struct {
	store     Store
	metrics   Metrics
	publisher Publisher
	log       *slog.Logger

	index *index
	turn  sync.Mutex    // held while alarms change, so that one decision follows another
	owed  chan struct{} // a token when actions wait
}

// New reads all alarms and returns the station. Alarms are evaluated and actions
// executed while Run runs.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.Offset == nil {
		o.Offset = hashOffset
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		store: o.Store, metrics: o.Metrics, publisher: o.Publisher, log: o.Logger,
		index: newIndex(o.Offset), owed: make(chan struct{}, 1),
	}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Service) load(ctx context.Context) error {
	alarms, err := s.store.All(ctx)
	if err != nil {
		return fmt.Errorf("load alarms: %w", err)
	}
	return s.index.reset(alarms)
}

// change commits what compute makes of the present alarms, together with what
// that makes of composite alarms, and shows it in memory. Nobody else changes alarms meanwhile; where another process did,
// compute is asked again with what that process wrote.
func (s *Service) change(ctx context.Context, compute func() ([]Change, error)) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	for try := 0; ; try++ {
		changes, err := compute()
		if err != nil || len(changes) == 0 {
			return err
		}
		changes = s.cascade(changes)
		err = s.store.Commit(ctx, changes)
		if errors.Is(err, ErrStale) && try < 3 {
			if err := s.load(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		return s.show(changes)
	}
}

// show puts committed changes into memory and wakes whoever executes actions.
func (s *Service) show(changes []Change) error {
	owed := false
	for _, c := range changes {
		owed = owed || len(c.Actions) > 0
		for _, item := range c.History {
			s.log.Info("alarm history", "alarm", c.Alarm.ARN(), "type", item.Type, "summary", item.Summary)
		}
		if c.Delete {
			s.index.remove(c.Alarm.Scope, c.Alarm.Name)
			continue
		}
		c.Alarm.Revision++
		if err := s.index.put(c.Alarm); err != nil {
			return err
		}
	}
	if owed {
		s.wake()
	}
	return nil
}

func (s *Service) wake() {
	select {
	case s.owed <- struct{}{}:
	default:
	}
}

// find is an alarm of the scope as it is now.
func (s *Service) find(scope arn.Scope, name string) (Alarm, bool) {
	e := s.index.find(scope, name)
	if e == nil {
		return Alarm{}, false
	}
	return *e.alarm, true
}

// clean is a time as stores keep it.
func clean(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
