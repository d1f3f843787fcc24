package metricfilter

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tocsin-dev/tocsin/internal/logs"
)

// Store keeps filters. Put replaces a filter of the same name in its group,
// keeping its ID; check sees the group's other filters inside the same
// transaction and may refuse.
type Store interface {
	Put(ctx context.Context, filter Filter, check func(others []Filter) error) error
	Delete(ctx context.Context, groupID int64, name string) (found bool, err error)
	Filters(ctx context.Context, groupID int64) ([]Filter, error) // in name order
	List(ctx context.Context, query Query) ([]Filter, error)      // in order of group and name
}

// Service is the metric filters of all log groups, with the compiled ones at
// hand for the events that come in.
type Service struct {
	store Store

	mu       sync.Mutex
	compiled map[int64][]Live // by log group
	changes  int64            // counts invalidations, so that a slow read cannot put back an old list
}

// Live is a filter with its compiled form.
type Live struct {
	Filter
	*Compiled
}

// New returns the service over a store.
func New(store Store) *Service {
	return &Service{store: store, compiled: map[int64][]Live{}}
}

// Put creates the filter or replaces the one of the same name.
func (s *Service) Put(ctx context.Context, group logs.Group, def Definition, now time.Time) error {
	compiled, err := Compile(def)
	if err != nil {
		return err
	}
	filter := Filter{GroupID: group.ID, Created: now, Definition: def}
	if err := s.store.Put(ctx, filter, compiled.CheckLimits); err != nil {
		return fmt.Errorf("put metric filter %s of %s: %w", def.Name, group.Name, err)
	}
	s.forget(group.ID)
	return nil
}

// Delete removes a filter and says whether it was there.
func (s *Service) Delete(ctx context.Context, group logs.Group, name string) (bool, error) {
	found, err := s.store.Delete(ctx, group.ID, name)
	if err != nil {
		return false, fmt.Errorf("delete metric filter %s of %s: %w", name, group.Name, err)
	}
	s.forget(group.ID)
	return found, nil
}

// List returns a page of filters in order of log group and name.
func (s *Service) List(ctx context.Context, query Query) ([]Filter, error) {
	filters, err := s.store.List(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list metric filters: %w", err)
	}
	return filters, nil
}

// Live returns the group's filters, compiled. They are compiled once and kept
// until one of them changes.
func (s *Service) Live(ctx context.Context, group logs.Group) ([]Live, error) {
	s.mu.Lock()
	live, ok := s.compiled[group.ID]
	seen := s.changes
	s.mu.Unlock()
	if ok {
		return live, nil
	}
	live, err := s.compile(ctx, group)
	if err != nil {
		return nil, fmt.Errorf("metric filters of %s: %w", group.Name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changes == seen {
		s.compiled[group.ID] = live
	}
	return live, nil
}

func (s *Service) compile(ctx context.Context, group logs.Group) ([]Live, error) {
	filters, err := s.store.Filters(ctx, group.ID)
	if err != nil {
		return nil, err
	}
	live := make([]Live, 0, len(filters))
	for _, filter := range filters {
		compiled, err := Compile(filter.Definition)
		if err != nil {
			return nil, fmt.Errorf("stored filter %s: %w", filter.Name, err)
		}
		live = append(live, Live{Filter: filter, Compiled: compiled})
	}
	return live, nil
}

func (s *Service) forget(groupID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	delete(s.compiled, groupID)
}
