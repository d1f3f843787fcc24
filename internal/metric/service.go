package metric

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Store remembers data and answers ranges of them.
type Store interface {
	// Put adds data to what is stored, all or nothing.
	Put(ctx context.Context, scope arn.Scope, data []Datum) error
	// Buckets answers each read with its stored buckets in order of time, all
	// reads from one state of the store.
	Buckets(ctx context.Context, reads []Read) ([][]Bucket, error)
	// List answers at most query.Limit keys in order of Key.Compare.
	List(ctx context.Context, scope arn.Scope, query ListQuery) ([]Key, error)
	// Retain rolls up and deletes what now is too old for its tier.
	Retain(ctx context.Context, now time.Time) error
}

// Read asks for the stored buckets of a series that start in [Start, End).
type Read struct {
	Series     Series
	Unit       string // empty: all units
	Start, End time.Time
	Longest    time.Duration // longer buckets are left out
	Values     bool          // with raw values, which percentiles need
}

// ListQuery asks for keys. Empty members do not restrict.
type ListQuery struct {
	Namespace, Name string
	ActiveSince     time.Time // data arrived at or after
	After           *Key      // continue behind this key
	Limit           int
}

// Query asks for one statistic of a series over windows that begin at Start
// and step by Period up to, not including, End (see Cut).
type Query struct {
	Series     Series
	Unit       string // empty: the unit with the most samples in the range
	Statistic  Statistic
	Start, End time.Time
	Period     time.Duration
}

// Point is the statistic of one window. Windows without data have no point.
type Point struct {
	Start       time.Time
	Value       float64
	SampleCount float64
	Minimum     float64 // of the samples: tells whether a sum can still fall
	Unit        string
}

// Service is the metric station.
type Service struct {
	store    Store
	watchers []func(arn.Scope, []Datum)
}

// New returns the station over its store.
func New(store Store) *Service { return &Service{store: store} }

// Watch has fn told of data that Put has stored. Call it before the first Put;
// fn must not block.
func (s *Service) Watch(fn func(scope arn.Scope, data []Datum)) {
	s.watchers = append(s.watchers, fn)
}

// Put adds data to the scope's metrics. The data are taken as they are: limits
// on them are the API's.
func (s *Service) Put(ctx context.Context, scope arn.Scope, data []Datum) error {
	if err := s.store.Put(ctx, scope, data); err != nil {
		return err
	}
	for _, tell := range s.watchers {
		tell(scope, data)
	}
	return nil
}

// Points answers one query, in order of time.
func (s *Service) Points(ctx context.Context, query Query) ([]Point, error) {
	points, err := s.PointsOf(ctx, []Query{query})
	if err != nil {
		return nil, fmt.Errorf("points of %s/%s: %w", query.Series.Key.Namespace, query.Series.Key.Name, err)
	}
	return points[0], nil
}

// PointsOf answers many queries from one state of the store; it is how all
// alarms that are due read at once.
func (s *Service) PointsOf(ctx context.Context, queries []Query) ([][]Point, error) {
	reads := make([]Read, len(queries))
	for i, q := range queries {
		reads[i] = q.read()
	}
	stored, err := s.store.Buckets(ctx, reads)
	if err != nil {
		return nil, err
	}
	points := make([][]Point, len(queries))
	for i, q := range queries {
		points[i] = q.points(stored[i])
	}
	return points, nil
}

func (q Query) read() Read {
	return Read{Series: q.Series, Unit: q.Unit, Start: q.Start, End: q.End, Longest: q.Period, Values: q.Statistic.NeedsValues()}
}

func (q Query) points(stored []Bucket) []Point {
	units := ByUnit(stored)
	var points []Point
	for _, w := range Cut(units[Busiest(units)], q.Start, q.End, q.Period) {
		if value, ok := q.Statistic.Of(w); ok {
			points = append(points, Point{Start: w.Start, Value: value, SampleCount: w.Set.SampleCount, Minimum: w.Set.Minimum, Unit: w.Unit})
		}
	}
	return points
}

// Buckets answers reads with what is stored, for readers that need more than
// one statistic of a window.
func (s *Service) Buckets(ctx context.Context, reads []Read) ([][]Bucket, error) {
	return s.store.Buckets(ctx, reads)
}

// List answers the keys of a scope's metrics in a fixed order.
func (s *Service) List(ctx context.Context, scope arn.Scope, query ListQuery) ([]Key, error) {
	return s.store.List(ctx, scope, query)
}

// Retain rolls up and deletes what is too old; call it about once an hour.
func (s *Service) Retain(ctx context.Context, now time.Time) error {
	return s.store.Retain(ctx, now)
}
