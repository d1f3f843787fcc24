package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

// RunJournal is what counting exactly asks of the journal and of the store of
// metric filters.
func RunJournal(t *testing.T, open func(testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*journal){
		"CountsOnce":             (*journal).countsOnce,
		"ObjectIsTakenOnce":      (*journal).objectIsTakenOnce,
		"NothingOfAFailedCommit": (*journal).nothingOfAFailedCommit,
		"PutEventsAllCount":      (*journal).putEventsAllCount,
		"Concurrent":             (*journal).concurrent,
		"Matches":                (*journal).matches,
		"Sweep":                  (*journal).sweep,
		"Filters":                (*journal).filters,
		"FilterRefused":          (*journal).filterRefused,
	} {
		t.Run(name, func(t *testing.T) { test(newJournal(t, open(t))) })
	}
}

// journal is the store under test with one log group in it.
type journal struct {
	*testing.T
	db    *sqlstore.DB
	group logs.Group
	now   time.Time
}

func newJournal(t *testing.T, db *sqlstore.DB) *journal {
	t.Helper()
	scope := arn.Scope{Partition: "aws", Account: "123456789012", Region: "us-east-1"}
	j := &journal{T: t, db: db, now: time.Date(2026, 3, 2, 10, 0, 30, 0, time.UTC)}
	if err := db.Logs().CreateGroup(t.Context(), logs.Group{Scope: scope, Name: "g", Created: j.now}, nil); err != nil {
		t.Fatal(err)
	}
	group, err := db.Logs().Group(t.Context(), scope, "g")
	if err != nil {
		t.Fatal(err)
	}
	j.group = group
	return j
}

func (j *journal) series() metric.Series {
	return metric.Series{Scope: j.group.Scope, Key: metric.NewKey("N", "m")}
}

// tally is a file of records, each of which matches filter 1 and publishes 1.
func (j *journal) tally(object string, eventIDs ...string) metricfilter.Tally {
	batch := logs.Batch{
		Group: j.group, Stream: "s", Object: &logs.Object{Source: "dir:/t", ID: object, Version: "1"},
		Chunk: logs.Chunk{Place: logs.File, Key: "/t/" + object, First: j.now, Last: j.now, Ingested: j.now, Count: len(eventIDs)},
	}
	tally := metricfilter.Tally{}
	for i, id := range eventIDs {
		batch.Events = append(batch.Events, logs.Event{Timestamp: j.now, Ingested: j.now, Message: []byte(`{}`), Unique: id, Index: i, Offset: int64(10 * i)})
		tally.Counts = append(tally.Counts, metricfilter.Count{FilterID: 1, Event: i, Outcome: metricfilter.Outcome{
			Matched: true,
			Datum: &metric.Datum{Key: j.series().Key, Timestamp: j.now.Truncate(time.Minute), Unit: "None", Resolution: time.Minute,
				Set: metric.Sample(1, 1), Values: []metric.ValueCount{{Value: 1, Count: 1}}},
		}})
	}
	tally.Batch = batch
	return tally
}

func (j *journal) commit(tally metricfilter.Tally) metricfilter.Receipt {
	j.Helper()
	receipt, err := j.db.Journal().Commit(j.Context(), tally, j.now)
	if err != nil {
		j.Fatal(err)
	}
	return receipt
}

func (j *journal) wantSum(want float64) {
	j.Helper()
	buckets, err := j.db.Metrics().Buckets(j.Context(), []metric.Read{{Series: j.series(), Start: j.now.Add(-time.Hour), End: j.now.Add(time.Hour), Longest: time.Hour}})
	if err != nil {
		j.Fatal(err)
	}
	total := metric.StatisticSet{}
	for _, b := range buckets[0] {
		total.Add(b.Set)
	}
	if total.Sum != want || total.SampleCount != want {
		j.Errorf("sum %v of %v samples, want %v", total.Sum, total.SampleCount, want)
	}
}

func (j *journal) countsOnce() {
	if got := j.commit(j.tally("a", "1", "2", "1")); got.Matches != 2 || len(got.Counted) != 2 {
		j.Errorf("Commit of two distinct records = %+v, want 2 matches counted", got)
	}
	if got := j.commit(j.tally("b", "2", "3")); got.Matches != 1 {
		j.Errorf("Commit of one new record = %+v, want 1 match", got)
	}
	other := j.tally("c", "1")
	other.Counts[0].FilterID = 2 // another filter counts for itself
	j.commit(other)
	j.wantSum(4)
}

func (j *journal) objectIsTakenOnce() {
	j.commit(j.tally("a", "1"))
	again := j.tally("a", "1", "2")
	if got := j.commit(again); !got.Repeated || got.Matches != 0 {
		j.Errorf("Commit of a committed object = %+v, want it repeated", got)
	}
	again.Batch.Object.Version = "2"
	if got := j.commit(again); got.Repeated || got.Matches != 1 {
		j.Errorf("Commit of a new version = %+v, want its new record", got)
	}
	unseen, err := j.db.Journal().Unseen(j.Context(), []logs.Object{
		{Source: "dir:/t", ID: "a", Version: "1"}, {Source: "dir:/t", ID: "a", Version: "3"}, {Source: "dir:/u", ID: "a", Version: "1"},
	})
	if err != nil || fmt.Sprint(unseen) != "[{dir:/t a 3} {dir:/u a 1}]" {
		j.Errorf("Unseen = %v, %v, want version 3 and the other source", unseen, err)
	}
	j.wantSum(2)
}

func (j *journal) nothingOfAFailedCommit() {
	tally := j.tally("a", "1")
	tally.Batch.Group.ID += 1000
	if _, err := j.db.Journal().Commit(j.Context(), tally, j.now); !errors.Is(err, logs.ErrNoGroup) {
		j.Fatalf("Commit into a missing group: %v, want %v", err, logs.ErrNoGroup)
	}
	j.wantSum(0)
	if got := j.commit(j.tally("a", "1")); got.Repeated || got.Matches != 1 {
		j.Errorf("Commit after a failed one = %+v, want that it counts", got)
	}
}

func (j *journal) putEventsAllCount() {
	tally := j.tally("", "", "", "")
	tally.Batch.Object, tally.Batch.Chunk.Place = nil, logs.Stored
	for i := range 2 {
		tally.Batch.Chunk.Key = fmt.Sprint("blob", i)
		if got := j.commit(tally); got.Matches != 3 {
			j.Errorf("Commit = %+v, want every event counted", got)
		}
	}
	j.wantSum(6)
}

func (j *journal) concurrent() {
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			tally := j.tally(fmt.Sprint(i%10), "shared", fmt.Sprint("own", i%10))
			if _, err := j.db.Journal().Commit(j.Context(), tally, j.now); err != nil {
				j.Error(err)
			}
		})
	}
	wg.Wait()
	j.wantSum(11)
}

func (j *journal) matches() {
	j.commit(j.tally("a", "1", "2"))
	j.now = j.now.Add(time.Minute)
	j.commit(j.tally("b", "3"))
	matches, total, err := j.db.Journal().Matches(j.Context(), j.series(), j.now.Add(-time.Hour), j.now.Add(time.Hour), 2)
	if err != nil {
		j.Fatal(err)
	}
	var got []string
	for _, m := range matches {
		got = append(got, fmt.Sprint(m.EventID, " ", m.Chunk.Place, " ", m.Chunk.Key, " ", m.Index, " ", m.Offset, " ", m.Length, " ", m.Group.Name, " ", m.Stream))
	}
	if want := "[3 file /t/b 0 0 2 g s 2 file /t/a 1 10 2 g s]"; fmt.Sprint(got) != want || total != 3 {
		j.Errorf("Matches = %v of %d, want the newest two %v of 3", got, total, want)
	}
	if _, total, err := j.db.Journal().Matches(j.Context(), j.series(), j.now, j.now.Add(time.Minute), 2); total != 1 || err != nil {
		j.Errorf("Matches of the last minute = %d, %v, want 1", total, err)
	}
}

func (j *journal) sweep() {
	j.commit(j.tally("a", "1", "2"))
	j.now = j.now.Add(time.Hour)
	j.commit(j.tally("b", "3"))
	for _, want := range []int64{2, 0} {
		if n, err := j.db.Journal().Sweep(j.Context(), j.now); n != want || err != nil {
			j.Errorf("Sweep = %d, %v, want %d", n, err, want)
		}
	}
	if got := j.commit(j.tally("c", "1", "3")); got.Matches != 1 {
		j.Errorf("Commit after the sweep = %+v, want the swept match counted again and the kept one not", got)
	}
}

func (j *journal) filter(name string) metricfilter.Filter {
	zero := 0.0
	return metricfilter.Filter{GroupID: j.group.ID, Created: j.now, Definition: metricfilter.Definition{
		Name: name, Pattern: "{ $.a = * }", SystemDimensions: []string{"@aws.region"},
		Transformation: metricfilter.Transformation{MetricName: "m", Namespace: "N", Value: "1", Unit: "Count", Default: &zero,
			Dimensions: []metric.Dimension{{Name: "A", Value: "$.a"}}},
	}}
}

func accept([]metricfilter.Filter) error { return nil }

func (j *journal) put(f metricfilter.Filter) {
	j.Helper()
	if err := j.db.MetricFilters().Put(j.Context(), f, accept); err != nil {
		j.Fatal(err)
	}
}

func (j *journal) filters() {
	store := j.db.MetricFilters()
	for _, name := range []string{"b", "a", "ab"} {
		j.put(j.filter(name))
	}
	before, err := store.Filters(j.Context(), j.group.ID)
	if err != nil || len(before) != 3 || before[0].Name != "a" {
		j.Fatalf("Filters = %v, %v, want a, ab, b", before, err)
	}
	replaced := j.filter("a")
	replaced.Pattern, replaced.Transformation.Default = "x", nil
	j.put(replaced)
	after, err := store.Filters(j.Context(), j.group.ID)
	if err != nil || len(after) != 3 || after[0].ID != before[0].ID || after[0].Pattern != "x" || after[0].Transformation.Default != nil {
		j.Errorf("after a replacement Filters = %+v, %v, want the same ID with the new definition", after, err)
	}
	want := before[1]
	if got := after[1]; fmt.Sprint(got.Definition.Transformation.Dimensions, *got.Transformation.Default, got.SystemDimensions, got.Created) !=
		fmt.Sprint(want.Definition.Transformation.Dimensions, 0.0, []string{"@aws.region"}, j.now) {
		j.Errorf("Filters = %+v, want what was put", got)
	}
	j.wantList(metricfilter.Query{Prefix: "a", Limit: 10}, "[a ab]")
	j.wantList(metricfilter.Query{MetricName: "m", Namespace: "N", AfterGroup: "g", AfterName: "a", Limit: 1}, "[ab]")
	j.wantList(metricfilter.Query{MetricName: "other", Limit: 10}, "[]")
	if found, err := store.Delete(j.Context(), j.group.ID, "a"); !found || err != nil {
		j.Errorf("Delete = %t, %v, want it found", found, err)
	}
	if found, err := store.Delete(j.Context(), j.group.ID, "a"); found || err != nil {
		j.Errorf("Delete again = %t, %v, want it not found", found, err)
	}
	if err := j.db.Logs().DeleteGroup(j.Context(), j.group.ID); err != nil {
		j.Fatal(err)
	}
	j.wantList(metricfilter.Query{Limit: 10}, "[]")
}

func (j *journal) wantList(q metricfilter.Query, want string) {
	j.Helper()
	q.Scope = j.group.Scope
	filters, err := j.db.MetricFilters().List(j.Context(), q)
	names := []string{}
	for _, f := range filters {
		names = append(names, f.Name)
	}
	if err != nil || fmt.Sprint(names) != want {
		j.Errorf("List(%+v) = %v, %v, want %s", q, names, err, want)
	}
}

func (j *journal) filterRefused() {
	j.put(j.filter("a"))
	full := errors.New("full")
	var seen int
	err := j.db.MetricFilters().Put(j.Context(), j.filter("b"), func(others []metricfilter.Filter) error {
		seen = len(others)
		return full
	})
	if !errors.Is(err, full) || seen != 1 {
		j.Errorf("Put of a refused filter = %v having seen %d others, want %v and 1", err, seen, full)
	}
	if err := j.db.MetricFilters().Put(j.Context(), j.filter("a"), func(others []metricfilter.Filter) error {
		seen = len(others)
		return nil
	}); err != nil || seen != 0 {
		j.Errorf("Put of a replacement = %v having seen %d others, want none", err, seen)
	}
	j.wantList(metricfilter.Query{Limit: 10}, "[a]")
}
