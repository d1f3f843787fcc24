package logs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/blob"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

var scope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}

// rig is a service over a real store and a real folder of blobs.
type rig struct {
	*logs.Service
	t     *testing.T
	store *sqlstore.Logs
	blobs *blob.Dir
	sink  *journalSink
	files recordedFiles
	log   *bytes.Buffer
}

// journalSink commits batches without filters.
type journalSink struct {
	journal *sqlstore.Journal
	fail    error
}

func (s *journalSink) Deliver(ctx context.Context, batch logs.Batch) error {
	if s.fail != nil {
		return s.fail
	}
	_, err := s.journal.Commit(ctx, metricfilter.Tally{Batch: batch}, time.Now())
	return err
}

// recordedFiles are CloudTrail files by path.
type recordedFiles map[string][]logs.Record

func (f recordedFiles) Records(_ context.Context, path string) iter.Seq2[logs.Record, error] {
	return func(yield func(logs.Record, error) bool) {
		records, ok := f[path]
		if !ok {
			yield(logs.Record{}, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist})
			return
		}
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func newRig(t *testing.T) *rig { return newRigOf(t, logs.Options{}) }

func newRigOf(t *testing.T, o logs.Options) *rig {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	blobs, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	r := &rig{t: t, store: db.Logs(), blobs: blobs, sink: &journalSink{journal: db.Journal()}, files: recordedFiles{}, log: &bytes.Buffer{}}
	o.Store, o.Blobs, o.Files, o.Sink, o.Log = r.store, blobs, r.files, r.sink, slog.New(slog.NewTextHandler(r.log, nil))
	r.Service, err = logs.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) group(name string, streams ...string) {
	r.t.Helper()
	if err := r.CreateGroup(r.t.Context(), logs.Group{Scope: scope, Name: name}, nil); err != nil {
		r.t.Fatal(err)
	}
	for _, stream := range streams {
		if err := r.CreateStream(r.t.Context(), scope, name, stream); err != nil {
			r.t.Fatal(err)
		}
	}
}

// put puts messages "<timestamp>" at the given ms after base.
func (r *rig) put(group, stream string, base int64, ms ...int64) {
	r.t.Helper()
	var events []logs.Input
	for _, m := range ms {
		events = append(events, logs.Input{Timestamp: base + m, Message: fmt.Sprint(m)})
	}
	if rejected, err := r.Put(r.t.Context(), scope, group, stream, events); err != nil || rejected.Any() {
		r.t.Fatalf("Put = %+v, %v", rejected, err)
	}
}

func (r *rig) blobCount() int {
	r.t.Helper()
	n := 0
	for _, err := range r.blobs.List(r.t.Context(), "") {
		if err != nil {
			r.t.Fatal(err)
		}
		n++
	}
	return n
}

func messages(events []logs.Found) string {
	var out []string
	for _, e := range events {
		out = append(out, string(e.Message))
	}
	return strings.Join(out, " ")
}

func base() int64 { return time.Now().Add(-time.Hour).UnixMilli() }

func TestPutNeedsGroupAndStream(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	for _, tt := range []struct {
		group, stream string
		want          error
	}{{"none", "s", logs.ErrNoGroup}, {"g", "none", logs.ErrNoStream}} {
		if _, err := r.Put(t.Context(), scope, tt.group, tt.stream, []logs.Input{{Timestamp: base(), Message: "m"}}); !errors.Is(err, tt.want) {
			t.Errorf("Put into %s of %s = %v, want %v", tt.stream, tt.group, err, tt.want)
		}
	}
}

func TestPutStoresWhatItAccepts(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	old := time.Now().Add(-14*24*time.Hour - time.Minute).UnixMilli()
	rejected, err := r.Put(t.Context(), scope, "g", "s", []logs.Input{{Timestamp: old, Message: "old"}, {Timestamp: old + 120_000, Message: "kept"}})
	if err != nil || rejected.TooOldEnd == nil || *rejected.TooOldEnd != 1 {
		t.Fatalf("Put = %+v, %v, want TooOldEnd 1", rejected, err)
	}
	page, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s"})
	if got := messages(page.Events); err != nil || got != "kept" {
		t.Errorf("Get = %q, %v, want kept", got, err)
	}
	if _, err := r.Put(t.Context(), scope, "g", "s", []logs.Input{{Timestamp: old, Message: "old"}}); err != nil {
		t.Fatal(err)
	}
	if n := r.blobCount(); n != 1 {
		t.Errorf("there are %d blobs, want 1: a batch without accepted events has none", n)
	}
}

func TestPutConcurrently(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	const writers, each = 8, 6
	start := base()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				events := []logs.Input{{Timestamp: start + int64(i), Message: fmt.Sprintf("%d.%d.a", w, i)}, {Timestamp: start + int64(i) + 3, Message: fmt.Sprintf("%d.%d.b", w, i)}}
				if _, err := r.Put(t.Context(), scope, "g", "s", events); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	page, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", FromHead: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	ids := map[string]bool{}
	for _, e := range page.Events {
		seen[string(e.Message)], ids[e.String()] = true, true
	}
	if want := writers * each * 2; len(page.Events) != want || len(seen) != want || len(ids) != want {
		t.Errorf("Get = %d events, %d messages, %d IDs, want %d of each", len(page.Events), len(seen), len(ids), want)
	}
}

func TestFailedCommitLeavesNothingToRead(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	r.put("g", "s", base(), 1)
	r.sink.fail = errors.New("disk is full")
	if _, err := r.Put(t.Context(), scope, "g", "s", []logs.Input{{Timestamp: base(), Message: "lost"}}); !errors.Is(err, r.sink.fail) {
		t.Fatalf("Put = %v, want the sink's error", err)
	}
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := r.blobCount(); n != 1 {
		t.Errorf("there are %d blobs after Sweep, want the committed one", n)
	}
	page, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s"})
	if got := messages(page.Events); err != nil || got != "1" {
		t.Errorf("Get = %q, %v, want 1", got, err)
	}
}

func TestMaintain(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"week", "kept", "gone"} {
		r.group(name, "s")
		r.put(name, "s", base(), 1)
	}
	if err := r.SetRetention(t.Context(), scope, "week", 7); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteGroup(t.Context(), scope, "gone"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after time.Duration
		blobs int
	}{{0, 2}, {6 * 24 * time.Hour, 2}, {8 * 24 * time.Hour, 1}} {
		if err := r.Maintain(t.Context(), time.Now().Add(tt.after)); err != nil {
			t.Fatal(err)
		}
		if n := r.blobCount(); n != tt.blobs {
			t.Errorf("there are %d blobs after %s, want %d", n, tt.after, tt.blobs)
		}
	}
}

func TestRetentionHidesAtOnce(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	old := time.Now().Add(-5 * 24 * time.Hour).UnixMilli()
	r.put("g", "s", old, 1)
	r.put("g", "s", base(), 2)
	if err := r.SetRetention(t.Context(), scope, "g", 3); err != nil {
		t.Fatal(err)
	}
	page, err := r.Filter(t.Context(), logs.FilterRequest{Scope: scope, Group: "g"})
	if got := messages(page.Events); err != nil || got != "2" {
		t.Errorf("Filter = %q, %v, want 2", got, err)
	}
}

func TestGetTokens(t *testing.T) {
	r := newRig(t)
	r.group("g", "s", "other")
	b := base()
	r.put("g", "other", b, 0, 9)
	r.put("g", "s", b, 1, 2, 3)
	r.put("g", "s", b, 2, 4, 5)
	get := func(head bool, token, want string) logs.GetPage {
		t.Helper()
		page, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", Limit: 2, FromHead: head, Token: token})
		if got := messages(page.Events); err != nil || got != want {
			t.Errorf("Get(head %t, token %s) = %q, %v, want %q", head, token, got, err, want)
		}
		return page
	}
	latest := get(false, "", "4 5")
	end := get(true, latest.Forward, "")
	if end.Forward != latest.Forward {
		t.Errorf("forward token at the end = %s, want the same again, %s", end.Forward, latest.Forward)
	}
	get(false, end.Backward, "4 5")
	before := get(false, latest.Backward, "2 3")
	first := get(false, before.Backward, "1 2")
	start := get(false, first.Backward, "")
	if start.Backward != first.Backward {
		t.Errorf("backward token at the start = %s, want the same again, %s", start.Backward, first.Backward)
	}
	get(true, start.Forward, "1 2")
	get(true, first.Forward, "2 3")
	if head := get(true, "", "1 2"); !strings.HasPrefix(head.Forward, "f/") || !strings.HasPrefix(head.Backward, "b/") {
		t.Errorf("tokens = %s, %s, want f/ and b/", head.Forward, head.Backward)
	}
	r.put("g", "s", b, 6)
	get(true, end.Forward, "6")
}

func TestGetOfAnEmptyStreamWaits(t *testing.T) {
	for _, head := range []bool{false, true} {
		r := newRig(t)
		r.group("g", "s")
		page, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", FromHead: head})
		if err != nil || len(page.Events) != 0 {
			t.Fatalf("Get = %v, %v, want no events", page, err)
		}
		r.put("g", "s", base(), 1)
		page, err = r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", FromHead: true, Token: page.Forward})
		if got := messages(page.Events); err != nil || got != "1" {
			t.Errorf("Get on from an empty page = %q, %v, want what came later", got, err)
		}
	}
}

func TestRanges(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	b := base()
	r.put("g", "s", b, 1, 2, 3, 4)
	at := func(ms int64) *int64 { ms += b; return &ms }
	get, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", Start: at(2), End: at(4)})
	if got := messages(get.Events); err != nil || got != "2 3" {
		t.Errorf("Get from 2 to 4 = %q, %v, want 2 3: the end is exclusive", got, err)
	}
	filter, err := r.Filter(t.Context(), logs.FilterRequest{Scope: scope, Group: "g", Start: at(2), End: at(3)})
	if got := messages(filter.Events); err != nil || got != "2 3" {
		t.Errorf("Filter from 2 to 3 = %q, %v, want 2 3: the end is inclusive", got, err)
	}
	for _, empty := range [][2]*int64{{at(4), at(2)}, {at(5), nil}, {nil, new(int64)}} {
		get, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", Start: empty[0], End: empty[1]})
		if err != nil || len(get.Events) != 0 {
			t.Errorf("Get of an empty range = %q, %v", messages(get.Events), err)
		}
	}
}

func TestBadTokens(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	id := logs.EventID(time.UnixMilli(base()), 1, 0)
	for _, token := range []string{"x", "f/", "f//s", "f/" + id, "g/" + id + "/s", "f/" + id + "/x", "f/" + id[1:] + "/s", "f/-" + id[1:] + "/s", "//////"} {
		if _, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s", Token: token}); !errors.Is(err, logs.ErrBadToken) {
			t.Errorf("Get(token %q) = %v, want ErrBadToken", token, err)
		}
	}
	for _, token := range []string{"x", "f/" + id + "/s", logs.PageToken("groups", id), logs.PageToken("filter", "x"), "====", id} {
		if _, err := r.Filter(t.Context(), logs.FilterRequest{Scope: scope, Group: "g", Token: token}); !errors.Is(err, logs.ErrBadToken) {
			t.Errorf("Filter(token %q) = %v, want ErrBadToken", token, err)
		}
	}
}

func TestFilterStreams(t *testing.T) {
	r := newRig(t)
	r.group("g", "a1", "a2", "b")
	b := base()
	r.put("g", "a1", b, 1, 4)
	r.put("g", "a2", b, 2, 5)
	r.put("g", "b", b, 3, 6)
	odd := func(message []byte) bool { return (message[0]-'0')%2 == 1 }
	for _, tt := range []struct {
		name string
		req  logs.FilterRequest
		want string
	}{
		{"all, in order of time", logs.FilterRequest{}, "1 2 3 4 5 6"},
		{"names", logs.FilterRequest{Streams: []string{"b", "a1"}}, "1 3 4 6"},
		{"prefix", logs.FilterRequest{StreamPrefix: "a"}, "1 2 4 5"},
		{"match", logs.FilterRequest{Match: odd}, "1 3 5"},
		{"limit", logs.FilterRequest{Limit: 4}, "1 2 3 4"},
	} {
		tt.req.Scope, tt.req.Group = scope, "g"
		page, err := r.Filter(t.Context(), tt.req)
		if got := messages(page.Events); err != nil || got != tt.want {
			t.Errorf("%s: Filter = %q, %v, want %q", tt.name, got, err, tt.want)
		}
		if more := tt.req.Limit > 0; (page.Next != "") != more {
			t.Errorf("%s: Next = %q, want one %t", tt.name, page.Next, more)
		}
	}
	if _, err := r.Filter(t.Context(), logs.FilterRequest{Scope: scope, Group: "g", Streams: []string{"a1", "none"}}); !errors.Is(err, logs.ErrNoStream) {
		t.Errorf("Filter of an unknown stream = %v, want ErrNoStream", err)
	}
}

func TestPageHasAtMostOneMegabyte(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	b := base()
	for i := range 3 {
		big := strings.Repeat(fmt.Sprint(i), 600_000)
		if _, err := r.Put(t.Context(), scope, "g", "s", []logs.Input{{Timestamp: b + int64(i), Message: big}}); err != nil {
			t.Fatal(err)
		}
	}
	seen, token := 0, ""
	for range 10 {
		page, err := r.Filter(t.Context(), logs.FilterRequest{Scope: scope, Group: "g", Token: token})
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, e := range page.Events {
			size += len(e.Message)
		}
		if size > logs.MaxPageBytes {
			t.Errorf("a page has %d bytes, want at most %d", size, logs.MaxPageBytes)
		}
		seen += len(page.Events)
		if token = page.Next; token == "" {
			break
		}
	}
	if seen != 3 || token != "" {
		t.Errorf("pages have %d events, last token %q, want 3 and none", seen, token)
	}
}

// recorded delivers a CloudTrail file by reference.
func (r *rig) recorded(group, stream, path string, arrival time.Time, records ...logs.Record) {
	r.t.Helper()
	g, err := r.Group(r.t.Context(), scope, group)
	if err != nil {
		r.t.Fatal(err)
	}
	batch := logs.Batch{Group: g, Stream: stream}
	for _, rec := range records {
		stamp := arrival
		if stamp.IsZero() {
			stamp = rec.Time
		}
		batch.Events = append(batch.Events, logs.Event{Timestamp: stamp, Ingested: time.Now(), Message: rec.Message, Index: rec.Index})
	}
	batch.Chunk = logs.ChunkOf(logs.File, path, batch.Events)
	if err := r.sink.Deliver(r.t.Context(), batch); err != nil {
		r.t.Fatal(err)
	}
}

func records(b int64, from, to int) []logs.Record {
	var out []logs.Record
	for i := from; i < to; i++ {
		// eventTimes are not in the order of the file
		out = append(out, logs.Record{Index: i, Time: time.UnixMilli(b + int64(i^1)), Message: fmt.Appendf(nil, "r%d", i)})
	}
	return out
}

func TestFilesByReference(t *testing.T) {
	for _, tt := range []struct {
		name    string
		arrival bool
		want    string
	}{
		{"stamped with arrival, in the order of the file", true, "r0 r1 r2 r3 r4 r5"},
		{"stamped with eventTime", false, "r1 r0 r3 r2 r5 r4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			r.group("g")
			b := base()
			all := records(b, 0, 6)
			r.files["/trail/a.json.gz"] = all
			arrival := time.Time{}
			if tt.arrival {
				arrival = time.UnixMilli(b + 1000)
			}
			r.recorded("g", "s", "/trail/a.json.gz", arrival, all[:4]...) // a large file comes in parts
			r.recorded("g", "s", "/trail/a.json.gz", arrival, all[4:]...)
			page, err := r.Get(t.Context(), logs.GetRequest{Scope: scope, Group: "g", Stream: "s"})
			if got := messages(page.Events); err != nil || got != tt.want {
				t.Errorf("Get = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestGoneFileIsReported(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	b := base()
	r.put("g", "s", b, 1)
	r.recorded("g", "s", "/trail/gone", time.UnixMilli(b), records(b, 0, 2)...)
	page, err := r.Filter(t.Context(), logs.FilterRequest{Scope: scope, Group: "g"})
	if got := messages(page.Events); err != nil || got != "1" {
		t.Errorf("Filter = %q, %v, want what is left", got, err)
	}
	if got := r.log.String(); !strings.Contains(got, "level=WARN") || !strings.Contains(got, "/trail/gone") {
		t.Errorf("log = %q, want a warning that names the file", got)
	}
}

// A call looks at so much and no more, and says where to go on.
func TestFilterAnswersInTime(t *testing.T) {
	r := newRigOf(t, logs.Options{ScanBudget: 2})
	r.group("g", "s")
	b := base()
	for i := range int64(6) {
		r.put("g", "s", b, i)
	}
	last := func(message []byte) bool { return string(message) == "5" }
	req := logs.FilterRequest{Scope: scope, Group: "g", Match: last}
	var pages []string
	for {
		page, err := r.Filter(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, messages(page.Events))
		if req.Token = page.Next; req.Token == "" {
			break
		}
	}
	if want := []string{"", "", "5"}; !slices.Equal(pages, want) {
		t.Errorf("pages = %q, want %q", pages, want)
	}
}

func TestMessages(t *testing.T) {
	r := newRig(t)
	r.group("g", "s")
	r.put("g", "s", base(), 1, 2, 3)
	g, err := r.Group(t.Context(), scope, "g")
	if err != nil {
		t.Fatal(err)
	}
	refs, err := r.store.Chunks(t.Context(), logs.ChunkQuery{Group: g, From: time.Unix(0, 0), To: time.Now(), Limit: 1})
	if err != nil || len(refs) != 1 {
		t.Fatalf("Chunks = %v, %v, want one", refs, err)
	}
	got, err := r.Messages(t.Context(), refs[0].Chunk, []int{2, 0, 7})
	if err != nil || len(got) != 2 || string(got[0]) != "1" || string(got[2]) != "3" {
		t.Errorf("Messages(2, 0, 7) = %v, %v, want those of 0 and 2", got, err)
	}
	got, err = r.Messages(t.Context(), logs.Chunk{Place: logs.Stored, Key: "logs/gone"}, []int{0})
	if err != nil || len(got) != 0 {
		t.Errorf("Messages of a chunk that is gone = %v, %v, want none", got, err)
	}
}

// Every event is on exactly one page, whatever the chunks and the limit are,
// and the pages are in order; both ways and over all operations.
func TestPagingProperty(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { pagingProperty(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func pagingProperty(t *testing.T, random *rand.Rand) {
	r := newRigOf(t, logs.Options{ScanBudget: []int64{0, 1, 40}[random.IntN(3)]})
	streams := []string{"s0", "s1", "s2"}
	r.group("g", streams...)
	b := base()
	width := 1 + random.Int64N(60)
	want := map[string][]string{} // by stream
	for c := range 25 {
		stream := streams[random.IntN(len(streams))]
		var ms []int64
		for range 1 + random.IntN(12) {
			ms = append(ms, random.Int64N(width)+random.Int64N(1+int64(c)))
		}
		slices.Sort(ms)
		if c%5 == 4 {
			path := fmt.Sprint("/trail/", c)
			for i, m := range ms {
				r.files[path] = append(r.files[path], logs.Record{Index: i, Time: time.UnixMilli(b + m), Message: fmt.Append(nil, c, ".", i)})
			}
			r.recorded("g", stream, path, time.Time{}, r.files[path]...)
		} else {
			var events []logs.Input
			for i, m := range ms {
				events = append(events, logs.Input{Timestamp: b + m, Message: fmt.Sprint(c, ".", i)})
			}
			if _, err := r.Put(t.Context(), scope, "g", stream, events); err != nil {
				t.Fatal(err)
			}
		}
		for i := range ms {
			want[stream] = append(want[stream], fmt.Sprint(c, ".", i))
			want[""] = append(want[""], fmt.Sprint(c, ".", i))
		}
	}
	limit := 1 + random.IntN(20)
	check(t, "Filter", want[""], filterAll(t, r, limit))
	for _, stream := range streams {
		check(t, "Get forward", want[stream], getAll(t, r, stream, limit, true))
		check(t, "Get backward", want[stream], getAll(t, r, stream, limit, false))
	}
}

func check(t *testing.T, what string, want []string, got []logs.Found) {
	t.Helper()
	if !slices.IsSortedFunc(got, func(a, b logs.Found) int { return a.Compare(b.Position) }) {
		t.Errorf("%s: events are not in order", what)
	}
	var texts []string
	for _, e := range got {
		texts = append(texts, string(e.Message))
	}
	slices.Sort(texts)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(texts, want) {
		t.Errorf("%s: pages have %q, want %q", what, texts, want)
	}
}

func filterAll(t *testing.T, r *rig, limit int) (all []logs.Found) {
	req := logs.FilterRequest{Scope: scope, Group: "g", Limit: limit}
	for {
		page, err := r.Filter(t.Context(), req)
		if err != nil || len(page.Events) > limit {
			t.Fatalf("Filter = %d events, %v, want at most %d", len(page.Events), err, limit)
		}
		all = append(all, page.Events...)
		if req.Token = page.Next; req.Token == "" {
			return all
		}
	}
}

func getAll(t *testing.T, r *rig, stream string, limit int, head bool) (all []logs.Found) {
	req := logs.GetRequest{Scope: scope, Group: "g", Stream: stream, Limit: limit, FromHead: head}
	for {
		page, err := r.Get(t.Context(), req)
		if err != nil || len(page.Events) > limit {
			t.Fatalf("Get = %d events, %v, want at most %d", len(page.Events), err, limit)
		}
		next := page.Forward
		if head {
			all = append(all, page.Events...)
		} else {
			all = append(page.Events, all...)
			next = page.Backward
		}
		if next == req.Token {
			return all
		}
		req.Token = next
	}
}
