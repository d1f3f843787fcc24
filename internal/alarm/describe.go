package alarm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// DescribeQuery is what DescribeAlarms asks for. Empty members do not restrict.
type DescribeQuery struct {
	Names        []string
	NamePrefix   string
	State        alarmeval.State
	ActionPrefix string   // an action of any state begins with it
	Types        []string // Metric, Composite; none means Metric
	// ChildrenOf and ParentsOf name an alarm whose children or parents are asked
	// for, of both types. No other members but Limit and Token go with them.
	ChildrenOf, ParentsOf string
	Limit                 int    // at most this many; 0 means 50
	Token                 string // of the page before
}

const defaultPage = 50

// Describe returns alarms in order of name, and the token of the next page if
// there is one. A token that is none of ours fails with ErrInvalidToken.
func (s *Service) Describe(ctx context.Context, scope arn.Scope, q DescribeQuery) (alarms []Alarm, next string, err error) {
	after, err := openToken(alarmToken, q.Token)
	if err != nil {
		return nil, "", err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultPage
	}
	query := ListQuery{Names: q.Names, NamePrefix: q.NamePrefix, State: q.State, Types: q.Types, After: after, Limit: limit + 1}
	if len(q.Types) == 0 {
		query.Types = []string{Metric}
	}
	if q.ChildrenOf != "" || q.ParentsOf != "" {
		query.Names, query.Types = s.index.relatives(scope, q.ChildrenOf, q.ParentsOf), []string{Metric, Composite}
		if len(query.Names) == 0 {
			return nil, "", nil
		}
	}
	for len(alarms) <= limit {
		page, err := s.store.List(ctx, scope, query)
		if err != nil {
			return nil, "", fmt.Errorf("describe alarms: %w", err)
		}
		for _, a := range page {
			if a.hasAction(q.ActionPrefix) {
				alarms = append(alarms, a)
			}
		}
		if len(page) < query.Limit {
			break
		}
		query.After = page[len(page)-1].Name
	}
	if len(alarms) > limit {
		alarms = alarms[:limit]
		next = sealToken(alarmToken, alarms[limit-1].Name)
	}
	return alarms, next, nil
}

func (a Alarm) hasAction(prefix string) bool {
	if prefix == "" {
		return true
	}
	all := slices.Concat(a.OKActions, a.AlarmActions, a.InsufficientDataActions)
	return slices.ContainsFunc(all, func(target string) bool { return strings.HasPrefix(target, prefix) })
}

// MetricQuery is what DescribeAlarmsForMetric asks for. The metric is exact;
// empty members do not restrict.
type MetricQuery struct {
	Metric                             metric.Key
	Statistic, ExtendedStatistic, Unit string
	Period                             time.Duration
}

// ForMetric returns the alarms that watch a metric, in order of name.
func (s *Service) ForMetric(ctx context.Context, scope arn.Scope, q MetricQuery) ([]Alarm, error) {
	alarms, err := s.store.List(ctx, scope, ListQuery{Metric: &q.Metric})
	if err != nil {
		return nil, fmt.Errorf("describe alarms for metric %s: %w", q.Metric.Name, err)
	}
	return slices.DeleteFunc(alarms, func(a Alarm) bool {
		return q.Statistic != "" && q.Statistic != a.Rule.Statistic ||
			q.ExtendedStatistic != "" && q.ExtendedStatistic != a.Rule.ExtendedStatistic ||
			q.Unit != "" && q.Unit != a.Rule.Unit || q.Period != 0 && q.Period != a.Rule.Period
	}), nil
}

// HistoryQuery is what DescribeAlarmHistory asks for. Empty members do not
// restrict.
type HistoryQuery struct {
	AlarmName  string
	AlarmTypes []string
	Type       HistoryType
	Start, End time.Time // End is inclusive
	OldFirst   bool
	Limit      int    // 0 means 50
	Token      string // of the page before
	// After is the item that a store continues behind; the service sets it.
	After *HistoryPlace
}

// HistoryPlace is an item's place in the order of history.
type HistoryPlace struct {
	Timestamp time.Time
	ID        int64
}

// History returns items, newest first unless OldFirst, and the token of the next
// page if there is one. A token that is none of ours fails with ErrInvalidToken.
func (s *Service) History(ctx context.Context, scope arn.Scope, q HistoryQuery) (items []HistoryItem, next string, err error) {
	place, err := openToken(historyToken, q.Token)
	if err != nil {
		return nil, "", err
	}
	if q.After, err = parsePlace(place); err != nil {
		return nil, "", err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultPage
	}
	q.Limit = limit + 1
	items, err = s.store.History(ctx, scope, q)
	if err != nil {
		return nil, "", fmt.Errorf("describe alarm history: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		next = sealToken(historyToken, fmt.Sprintf("%d %d", last.Timestamp.UnixMilli(), last.ID))
	}
	return items, next, nil
}

func parsePlace(text string) (*HistoryPlace, error) {
	if text == "" {
		return nil, nil
	}
	var ms, id int64
	if _, err := fmt.Sscanf(text, "%d %d", &ms, &id); err != nil {
		return nil, ErrInvalidToken
	}
	return &HistoryPlace{Timestamp: time.UnixMilli(ms).UTC(), ID: id}, nil
}
