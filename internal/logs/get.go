package logs

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// GetRequest asks for a page of one stream's events.
type GetRequest struct {
	Scope         arn.Scope
	Group, Stream string
	Start, End    *int64 // ms; End is exclusive
	Limit         int    // 0: as many as fit
	FromHead      bool   // without a token: the earliest events instead of the latest
	Token         string
}

// GetPage is a page of events in order of time. Both tokens are always there;
// where there is no more (yet), reading on gives an empty page and the same
// token again.
type GetPage struct {
	Events            []Found
	Forward, Backward string
}

// Get is GetLogEvents. A token that is not ours is ErrBadToken.
func (s *Service) Get(ctx context.Context, req GetRequest) (page GetPage, err error) {
	err = s.withGroup(ctx, req.Scope, req.Group, "get log events of", func(group Group) error {
		stream, err := s.store.Stream(ctx, group.ID, req.Stream)
		if err != nil {
			return err
		}
		page, err = s.get(ctx, req, group, stream)
		return err
	})
	return page, err
}

func (s *Service) get(ctx context.Context, req GetRequest, group Group, stream Stream) (GetPage, error) {
	r := reading{group: group, streams: []int64{stream.ID}, from: 0, to: forever, budget: forever}
	if req.Start != nil {
		r.from = *req.Start
	}
	if req.End != nil {
		r.to = *req.End - 1
	}
	way := backward
	if req.FromHead {
		way = forward
	}
	if req.Token != "" {
		var place Position
		var err error
		if way, place, err = parseEventsToken(req.Token); err != nil {
			return GetPage{}, err
		}
		r.after = &place
	}
	selected := newSelection(pageLimit(req.Limit), way == backward)
	if _, err := s.read(ctx, r, selected); err != nil {
		return GetPage{}, err
	}
	return getPage(selected.page(), r, way), nil
}

// getPage adds the tokens: after the last event and before the first. Those of
// an empty page stand at the place it was read from, or at the beginning of the
// range, so that events which come later are found.
func getPage(events []Found, r reading, way direction) GetPage {
	last, first := Position{Timestamp: r.from}, Position{Timestamp: r.from}
	switch {
	case len(events) > 0:
		first, last = events[0].Position, events[len(events)-1].Position
	case r.after != nil && way == forward:
		last, first = *r.after, r.after.next()
	case r.after != nil:
		last, first = r.after.prev(), *r.after
	}
	return GetPage{Events: events, Forward: eventsToken(forward, last), Backward: eventsToken(backward, first)}
}

func pageLimit(asked int) int {
	if asked <= 0 || asked > MaxPageEvents {
		return MaxPageEvents
	}
	return asked
}
