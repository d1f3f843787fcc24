package logs

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

const filterToken = "filter"

// FilterRequest asks for a page of a group's events.
type FilterRequest struct {
	Scope        arn.Scope
	Group        string
	Streams      []string // nil: all
	StreamPrefix string
	Start, End   *int64                    // ms, both inclusive
	Match        func(message []byte) bool // nil: all
	Limit        int                       // 0: as many as fit
	Token        string
}

// FilterPage is a page of events in order of time over all streams.
type FilterPage struct {
	Events []Found
	Next   string // empty on the last page; a page before it may be without events
}

// Filter is FilterLogEvents. A token that is not ours is ErrBadToken.
func (s *Service) Filter(ctx context.Context, req FilterRequest) (page FilterPage, err error) {
	err = s.withGroup(ctx, req.Scope, req.Group, "filter log events of", func(group Group) error {
		page, err = s.filter(ctx, req, group)
		return err
	})
	return page, err
}

func (s *Service) filter(ctx context.Context, req FilterRequest, group Group) (FilterPage, error) {
	r := reading{group: group, prefix: req.StreamPrefix, from: 0, to: forever, match: req.Match, budget: s.scanBudget}
	if req.Start != nil {
		r.from = *req.Start
	}
	if req.End != nil {
		r.to = *req.End
	}
	var err error
	if r.after, err = parseFilterToken(req.Token); err != nil {
		return FilterPage{}, err
	}
	if r.streams, err = s.streamIDs(ctx, group, req.Streams); err != nil {
		return FilterPage{}, err
	}
	selected := newSelection(pageLimit(req.Limit), false)
	resume, err := s.read(ctx, r, selected)
	if err != nil {
		return FilterPage{}, err
	}
	return filterPage(selected, resume), nil
}

// filterPage adds the token. Events at the place to resume from were not all
// looked at, so the page ends before it.
func filterPage(selected *selection, resume *Position) FilterPage {
	page, full := FilterPage{Events: selected.page()}, selected.more
	for n := len(page.Events); resume != nil && n > 0 && page.Events[n-1].Compare(*resume) > 0; n-- {
		page.Events, full = page.Events[:n-1], false
	}
	switch {
	case full:
		page.Next = PageToken(filterToken, page.Events[len(page.Events)-1].String())
	case resume != nil:
		page.Next = PageToken(filterToken, resume.String())
	}
	return page
}

func parseFilterToken(token string) (*Position, error) {
	if token == "" {
		return nil, nil
	}
	place, err := ParsePageToken(filterToken, token)
	if err != nil {
		return nil, err
	}
	p, err := ParseEventID(place)
	if err != nil {
		return nil, ErrBadToken
	}
	return &p, nil
}

func (s *Service) streamIDs(ctx context.Context, group Group, names []string) ([]int64, error) {
	var ids []int64
	for _, name := range names {
		stream, err := s.store.Stream(ctx, group.ID, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, stream.ID)
	}
	return ids, nil
}
