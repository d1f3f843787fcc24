package storetest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

var (
	logsScope = arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	logsStart = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
)

// RunLogs is what the logs station asks of its store.
func RunLogs(t *testing.T, open func(testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*testing.T, logsStore){
		"GroupRoundTrip":     groupRoundTrip,
		"GroupNameIsTaken":   groupNameIsTaken,
		"GroupsOfScopes":     groupsOfScopes,
		"GroupQueries":       groupQueries,
		"GroupPages":         groupPages,
		"GroupTags":          groupTags,
		"GroupDelete":        groupDelete,
		"StreamRoundTrip":    streamRoundTrip,
		"StreamOrder":        streamOrder,
		"StreamPages":        streamPages,
		"StreamDelete":       streamDelete,
		"ChunkQueries":       chunkQueries,
		"ChunkPages":         chunkPages,
		"ChunkOfGoneGroup":   chunkOfGoneGroup,
		"ChunkIDsStayUnique": chunkIDsStayUnique,
		"Expire":             expire,
		"Known":              knownBlobs,
		"Concurrent":         logsConcurrent,
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			test(t, logsStore{db.Logs(), db.Journal()})
		})
	}
}

// logsStore is the store under test. Chunks come in through the journal, as
// they do in life.
type logsStore struct {
	*sqlstore.Logs
	journal *sqlstore.Journal
}

func (s logsStore) makeGroup(t *testing.T, name string) logs.Group {
	t.Helper()
	return s.makeGroupOf(t, logs.Group{Scope: logsScope, Name: name, Class: logs.Standard, Created: logsStart}, nil)
}

func (s logsStore) makeGroupOf(t *testing.T, g logs.Group, tags map[string]string) logs.Group {
	t.Helper()
	if err := s.CreateGroup(t.Context(), g, tags); err != nil {
		t.Fatalf("CreateGroup(%s): %v", g.Name, err)
	}
	return s.group(t, g.Scope, g.Name)
}

func (s logsStore) group(t *testing.T, scope arn.Scope, name string) logs.Group {
	t.Helper()
	g, err := s.Group(t.Context(), scope, name)
	if err != nil {
		t.Fatalf("Group(%s): %v", name, err)
	}
	return g
}

// put commits a chunk of one-byte messages at the given seconds after logsStart.
func (s logsStore) put(t testing.TB, g logs.Group, stream string, place logs.Place, key string, seconds ...int) (int64, error) {
	batch := logs.Batch{Group: g, Stream: stream}
	for i, sec := range seconds {
		batch.Events = append(batch.Events, logs.Event{Timestamp: at(sec), Ingested: logsStart.Add(time.Hour), Message: []byte("x"), Index: i})
	}
	batch.Chunk = logs.ChunkOf(place, key, batch.Events)
	receipt, err := s.journal.Commit(t.Context(), metricfilter.Tally{Batch: batch}, logsStart.Add(time.Hour))
	return receipt.Chunk, err
}

func (s logsStore) mustPut(t testing.TB, g logs.Group, stream string, place logs.Place, key string, seconds ...int) int64 {
	t.Helper()
	id, err := s.put(t, g, stream, place, key, seconds...)
	if err != nil {
		t.Fatalf("Commit of %s: %v", key, err)
	}
	return id
}

func at(seconds int) time.Time { return logsStart.Add(time.Duration(seconds) * time.Second) }

func groupRoundTrip(t *testing.T, s logsStore) {
	want := logs.Group{Scope: logsScope, Name: "/cloudtrail/main", Class: logs.InfrequentAccess, KMSKeyID: "arn:aws:kms:us-east-1:111122223333:key/k",
		Created: logsStart.Add(7 * time.Millisecond), RetentionDays: 30}
	got := s.makeGroupOf(t, want, map[string]string{"a": "b"})
	if got.ID == 0 {
		t.Error("Group has ID 0")
	}
	want.ID = got.ID
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Group = %+v, want %+v", got, want)
	}
	if err := s.SetRetention(t.Context(), got.ID, 7); err != nil {
		t.Fatal(err)
	}
	if got := s.group(t, logsScope, want.Name).RetentionDays; got != 7 {
		t.Errorf("RetentionDays = %d, want 7", got)
	}
	if err := s.SetRetention(t.Context(), got.ID+1, 7); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("SetRetention of no group = %v, want ErrNoGroup", err)
	}
	if _, err := s.Group(t.Context(), logsScope, "other"); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("Group(other) = %v, want ErrNoGroup", err)
	}
}

func groupNameIsTaken(t *testing.T, s logsStore) {
	g := s.makeGroup(t, "a")
	if err := s.CreateGroup(t.Context(), g, map[string]string{"k": "v"}); !errors.Is(err, logs.ErrGroupExists) {
		t.Errorf("CreateGroup again = %v, want ErrGroupExists", err)
	}
	if tags, err := s.Tags(t.Context(), g.ID); err != nil || len(tags) != 0 {
		t.Errorf("Tags = %v, %v, want none from the refused one", tags, err)
	}
	s.makeGroup(t, "A")
}

func groupsOfScopes(t *testing.T, s logsStore) {
	for _, scope := range []arn.Scope{logsScope, {Partition: "aws", Account: "111122223333", Region: "eu-west-1"},
		{Partition: "aws", Account: "444455556666", Region: "us-east-1"}, {Partition: "aws-cn", Account: "111122223333", Region: "us-east-1"}} {
		s.makeGroupOf(t, logs.Group{Scope: scope, Name: "same", Created: logsStart}, nil)
		groups, err := s.Groups(t.Context(), logs.GroupQuery{Scope: scope, Limit: 10})
		if err != nil || len(groups) != 1 || groups[0].Scope != scope {
			t.Errorf("Groups(%s) = %v, %v, want its own one", scope, groups, err)
		}
	}
}

func names(groups []logs.Group) []string {
	var out []string
	for _, g := range groups {
		out = append(out, g.Name)
	}
	return out
}

func groupQueries(t *testing.T, s logsStore) {
	for _, name := range []string{"/aws/lambda/DataLogs", "/aws/lambda", "/aws/lambdax", "datalogs", "z_z", "zaz"} {
		s.makeGroup(t, name)
	}
	s.makeGroupOf(t, logs.Group{Scope: logsScope, Name: "rare", Class: logs.InfrequentAccess, Created: logsStart}, nil)
	for _, tt := range []struct {
		name  string
		query logs.GroupQuery
		want  []string
	}{
		{"all", logs.GroupQuery{}, []string{"/aws/lambda", "/aws/lambda/DataLogs", "/aws/lambdax", "datalogs", "rare", "z_z", "zaz"}},
		{"prefix with the exact name", logs.GroupQuery{Prefix: "/aws/lambda"}, []string{"/aws/lambda", "/aws/lambda/DataLogs", "/aws/lambdax"}},
		{"prefix heeds case", logs.GroupQuery{Prefix: "/AWS"}, nil},
		{"pattern does not", logs.GroupQuery{Contains: "DATALOG"}, []string{"/aws/lambda/DataLogs", "datalogs"}},
		{"pattern has no wildcards", logs.GroupQuery{Contains: "z_z"}, []string{"z_z"}},
		{"pattern of a wildcard", logs.GroupQuery{Contains: "%"}, nil},
		{"class", logs.GroupQuery{Class: logs.InfrequentAccess}, []string{"rare"}},
		{"names", logs.GroupQuery{Names: []string{"zaz", "none", "rare"}}, []string{"rare", "zaz"}},
		{"after", logs.GroupQuery{After: "datalogs"}, []string{"rare", "z_z", "zaz"}},
		{"prefix after", logs.GroupQuery{Prefix: "/aws", After: "/aws/lambda"}, []string{"/aws/lambda/DataLogs", "/aws/lambdax"}},
	} {
		tt.query.Scope, tt.query.Limit = logsScope, 50
		groups, err := s.Groups(t.Context(), tt.query)
		if got := names(groups); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: Groups = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func groupPages(t *testing.T, s logsStore) {
	var want []string
	for i := range 7 {
		want = append(want, s.makeGroup(t, fmt.Sprintf("g%d", i)).Name)
	}
	var got []string
	query := logs.GroupQuery{Scope: logsScope, Limit: 3}
	for {
		groups, err := s.Groups(t.Context(), query)
		if err != nil || len(groups) > 3 {
			t.Fatalf("Groups(%+v) = %d groups, %v", query, len(groups), err)
		}
		if len(groups) == 0 {
			break
		}
		got = append(got, names(groups)...)
		query.After = groups[len(groups)-1].Name
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages = %q, want %q", got, want)
	}
}

func groupTags(t *testing.T, s logsStore) {
	g := s.makeGroupOf(t, logs.Group{Scope: logsScope, Name: "a", Created: logsStart}, map[string]string{"env": "testing1"})
	check := func(want map[string]string) {
		t.Helper()
		if got, err := s.Tags(t.Context(), g.ID); err != nil || !maps.Equal(got, want) {
			t.Errorf("Tags = %v, %v, want %v", got, err, want)
		}
	}
	check(map[string]string{"env": "testing1"})
	tag := func(limit int, tags map[string]string) bool {
		t.Helper()
		fits, err := s.Tag(t.Context(), g.ID, tags, limit)
		if err != nil {
			t.Fatal(err)
		}
		return fits
	}
	if !tag(3, map[string]string{"env": "2", "x": "", "y": "☃"}) {
		t.Error("Tag to the limit = false, want true")
	}
	check(map[string]string{"env": "2", "x": "", "y": "☃"})
	if tag(3, map[string]string{"env": "3", "z": "1"}) {
		t.Error("Tag over the limit = true, want false")
	}
	check(map[string]string{"env": "2", "x": "", "y": "☃"})
	if err := s.Untag(t.Context(), g.ID, []string{"x", "none", "env"}); err != nil {
		t.Fatal(err)
	}
	check(map[string]string{"y": "☃"})
	if err := s.Untag(t.Context(), g.ID, nil); err != nil {
		t.Errorf("Untag of nothing = %v", err)
	}
	if _, err := s.Tag(t.Context(), g.ID+1, map[string]string{"a": "b"}, 50); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("Tag of no group = %v, want ErrNoGroup", err)
	}
}

func groupDelete(t *testing.T, s logsStore) {
	g, other := s.makeGroup(t, "a"), s.makeGroup(t, "b")
	s.mustPut(t, g, "s", logs.Stored, "logs/1", 0)
	s.mustPut(t, g, "s", logs.File, "/trail/file", 0)
	s.mustPut(t, other, "s", logs.Stored, "logs/2", 0)
	if err := s.DeleteGroup(t.Context(), g.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Group(t.Context(), logsScope, "a"); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("Group after DeleteGroup: %v, want ErrNoGroup", err)
	}
	if _, err := s.Stream(t.Context(), g.ID, "s"); !errors.Is(err, logs.ErrNoStream) {
		t.Errorf("Stream after DeleteGroup: %v, want ErrNoStream", err)
	}
	if err := s.DeleteGroup(t.Context(), g.ID); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("DeleteGroup again = %v, want ErrNoGroup", err)
	}
	wantGarbage(t, s, "logs/1")
	if got := chunkKeys(t, s, logs.ChunkQuery{Group: other, From: at(-10), To: at(10)}); !slices.Equal(got, []string{"logs/2"}) {
		t.Errorf("chunks of the other group = %q, want its own", got)
	}
	if err := s.Forget(t.Context(), []string{"logs/1"}); err != nil {
		t.Fatal(err)
	}
	wantGarbage(t, s)
}

func wantGarbage(t *testing.T, s logsStore, want ...string) {
	t.Helper()
	if got, err := s.Garbage(t.Context(), 100); err != nil || !slices.Equal(got, want) {
		t.Errorf("Garbage = %q, %v, want %q", got, err, want)
	}
}

func streamRoundTrip(t *testing.T, s logsStore) {
	g := s.makeGroup(t, "a")
	if err := s.CreateStream(t.Context(), g.ID, "s", logsStart); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateStream(t.Context(), g.ID, "s", logsStart); !errors.Is(err, logs.ErrStreamExists) {
		t.Errorf("CreateStream again = %v, want ErrStreamExists", err)
	}
	if err := s.CreateStream(t.Context(), g.ID+1, "s", logsStart); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("CreateStream in no group = %v, want ErrNoGroup", err)
	}
	want := logs.Stream{GroupID: g.ID, Name: "s", Created: logsStart}
	check := func() {
		t.Helper()
		got, err := s.Stream(t.Context(), g.ID, "s")
		if err != nil {
			t.Fatal(err)
		}
		if want.ID = got.ID; got != want {
			t.Errorf("Stream = %+v, want %+v", got, want)
		}
	}
	check()
	s.mustPut(t, g, "s", logs.Stored, "logs/1", 5, 9)
	want.FirstEvent, want.LastEvent, want.LastIngest, want.StoredBytes = at(5), at(9), logsStart.Add(time.Hour), 2
	check()
	s.mustPut(t, g, "s", logs.Stored, "logs/2", 2, 7)
	want.FirstEvent, want.StoredBytes = at(2), 4
	check()
	if g := s.group(t, logsScope, "a"); g.StoredBytes != 4 || g.Span != 5*time.Second {
		t.Errorf("Group has StoredBytes %d, Span %s, want 4, 5s", g.StoredBytes, g.Span)
	}
}

func streamNames(streams []logs.Stream) string {
	var out []string
	for _, s := range streams {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

func makeStreams(t *testing.T, s logsStore) logs.Group {
	g := s.makeGroup(t, "a")
	for _, name := range []string{"b2", "a", "é", "b", "c"} {
		if err := s.CreateStream(t.Context(), g.ID, name, logsStart); err != nil {
			t.Fatal(err)
		}
	}
	s.mustPut(t, g, "a", logs.Stored, "1", 5)
	s.mustPut(t, g, "b", logs.Stored, "2", 1)
	s.mustPut(t, g, "new", logs.Stored, "3", 5)
	return g
}

func streamOrder(t *testing.T, s logsStore) {
	g := makeStreams(t, s)
	for _, tt := range []struct {
		query logs.StreamQuery
		want  string
	}{
		{logs.StreamQuery{}, "a b b2 c new é"},
		{logs.StreamQuery{Descending: true}, "é new c b2 b a"},
		{logs.StreamQuery{Prefix: "b"}, "b b2"},
		{logs.StreamQuery{Prefix: "b", Descending: true}, "b2 b"},
		{logs.StreamQuery{ByLast: true}, "b2 c é b a new"},
		{logs.StreamQuery{ByLast: true, Descending: true}, "new a b é c b2"},
		{logs.StreamQuery{Prefix: "none"}, ""},
	} {
		tt.query.GroupID, tt.query.Limit = g.ID, 50
		streams, err := s.Streams(t.Context(), tt.query)
		if got := streamNames(streams); err != nil || got != tt.want {
			t.Errorf("Streams(%+v) = %q, %v, want %q", tt.query, got, err, tt.want)
		}
	}
}

func streamPages(t *testing.T, s logsStore) {
	g := makeStreams(t, s)
	for _, query := range []logs.StreamQuery{{}, {Descending: true}, {ByLast: true}, {ByLast: true, Descending: true}} {
		query.GroupID, query.Limit = g.ID, 50
		all, err := s.Streams(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		var pages []logs.Stream
		for query.Limit = 2; ; {
			page, err := s.Streams(t.Context(), query)
			if err != nil || len(page) > 2 {
				t.Fatalf("Streams(%+v) = %d streams, %v", query, len(page), err)
			}
			if len(page) == 0 {
				break
			}
			pages = append(pages, page...)
			query.After = &page[len(page)-1]
		}
		if !slices.Equal(pages, all) {
			t.Errorf("pages = %q, want %q", streamNames(pages), streamNames(all))
		}
	}
}

func streamDelete(t *testing.T, s logsStore) {
	g := s.makeGroup(t, "a")
	s.mustPut(t, g, "s", logs.Stored, "logs/1", 0, 1)
	s.mustPut(t, g, "other", logs.Stored, "logs/2", 0)
	for _, want := range []error{nil, logs.ErrNoStream} {
		if err := s.DeleteStream(t.Context(), g.ID, "s"); !errors.Is(err, want) {
			t.Errorf("DeleteStream = %v, want %v", err, want)
		}
	}
	if err := s.DeleteStream(t.Context(), g.ID+1, "s"); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("DeleteStream of no group = %v, want ErrNoGroup", err)
	}
	wantGarbage(t, s, "logs/1")
	if got := s.group(t, logsScope, "a").StoredBytes; got != 1 {
		t.Errorf("StoredBytes after DeleteStream = %d, want 1", got)
	}
	if got := chunkKeys(t, s, logs.ChunkQuery{Group: g, From: at(-10), To: at(10)}); !slices.Equal(got, []string{"logs/2"}) {
		t.Errorf("chunks = %q, want those of the other stream", got)
	}
}

func chunkKeys(t *testing.T, s logsStore, query logs.ChunkQuery) []string {
	t.Helper()
	query.Group = s.group(t, query.Group.Scope, query.Group.Name)
	if query.Limit == 0 {
		query.Limit = 100
	}
	refs, err := s.Chunks(t.Context(), query)
	if err != nil {
		t.Fatalf("Chunks(%+v): %v", query, err)
	}
	var keys []string
	for _, ref := range refs {
		keys = append(keys, ref.Key)
	}
	return keys
}

func chunkQueries(t *testing.T, s logsStore) {
	g := s.makeGroup(t, "a")
	s.mustPut(t, s.makeGroup(t, "other"), "s1", logs.Stored, "foreign", 0)
	s.mustPut(t, g, "s1", logs.Stored, "long", 0, 100)
	s.mustPut(t, g, "s1", logs.Stored, "early", 1, 2)
	s.mustPut(t, g, "s2", logs.File, "middle", 50)
	s.mustPut(t, g, "t", logs.Stored, "late", 99, 101)
	id := func(name string) int64 {
		stream, err := s.Stream(t.Context(), g.ID, name)
		if err != nil {
			t.Fatal(err)
		}
		return stream.ID
	}
	for _, tt := range []struct {
		name  string
		query logs.ChunkQuery
		want  []string
	}{
		{"all", logs.ChunkQuery{From: at(-5), To: at(500)}, []string{"long", "early", "middle", "late"}},
		{"descending", logs.ChunkQuery{From: at(-5), To: at(500), Descending: true}, []string{"late", "middle", "early", "long"}},
		{"ends are inclusive", logs.ChunkQuery{From: at(2), To: at(50)}, []string{"long", "early", "middle"}},
		{"reaching in", logs.ChunkQuery{From: at(60), To: at(70)}, []string{"long"}},
		{"one stream", logs.ChunkQuery{From: at(-5), To: at(500), Streams: []int64{id("s1")}}, []string{"long", "early"}},
		{"two streams", logs.ChunkQuery{From: at(-5), To: at(500), Streams: []int64{id("s2"), id("t")}}, []string{"middle", "late"}},
		{"prefix", logs.ChunkQuery{From: at(-5), To: at(500), StreamPrefix: "s"}, []string{"long", "early", "middle"}},
		{"nothing", logs.ChunkQuery{From: at(200), To: at(500)}, nil},
	} {
		tt.query.Group = g
		if got := chunkKeys(t, s, tt.query); !slices.Equal(got, tt.want) {
			t.Errorf("%s: Chunks = %q, want %q", tt.name, got, tt.want)
		}
	}
	refs, err := s.Chunks(t.Context(), logs.ChunkQuery{Group: s.group(t, logsScope, "a"), From: at(99), To: at(99), Streams: []int64{id("t")}, Limit: 5})
	want := logs.ChunkRef{Stream: "t", Chunk: logs.Chunk{Place: logs.Stored, Key: "late", First: at(99), Last: at(101),
		Ingested: logsStart.Add(time.Hour), Count: 2, Bytes: 2, End: 2}}
	if err != nil || len(refs) != 1 {
		t.Fatalf("Chunks = %v, %v, want one", refs, err)
	}
	if want.ID = refs[0].ID; refs[0] != want {
		t.Errorf("Chunks = %+v, want %+v", refs[0], want)
	}
}

func chunkPages(t *testing.T, s logsStore) {
	g := s.makeGroup(t, "a")
	for i := range 7 {
		s.mustPut(t, g, "s", logs.Stored, fmt.Sprint("k", i), i/3) // some begin at the same time
	}
	for _, descending := range []bool{false, true} {
		query := logs.ChunkQuery{Group: s.group(t, logsScope, "a"), From: at(0), To: at(9), Descending: descending, Limit: 2}
		var got []string
		for {
			page, err := s.Chunks(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, ref := range page {
				got = append(got, ref.Key)
			}
			query.After = &page[len(page)-1].Chunk
		}
		want := []string{"k0", "k1", "k2", "k3", "k4", "k5", "k6"}
		if descending {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages (descending %t) = %q, want %q", descending, got, want)
		}
	}
}

func chunkOfGoneGroup(t *testing.T, s logsStore) {
	g := s.makeGroup(t, "a")
	if err := s.DeleteGroup(t.Context(), g.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.put(t, g, "s", logs.Stored, "k", 1); !errors.Is(err, logs.ErrNoGroup) {
		t.Errorf("Commit to a group that is gone = %v, want ErrNoGroup", err)
	}
}

// Event IDs are built from chunk IDs, so none may come back after a deletion.
func chunkIDsStayUnique(t *testing.T, s logsStore) {
	seen := map[int64]bool{}
	for range 3 {
		g := s.makeGroup(t, "a")
		id := s.mustPut(t, g, "s", logs.Stored, "k", 1)
		if seen[id] || id <= 0 {
			t.Errorf("Commit gave chunk ID %d, want a new one above 0", id)
		}
		seen[id] = true
		if err := s.DeleteGroup(t.Context(), g.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Forget(t.Context(), []string{"k"}); err != nil {
			t.Fatal(err)
		}
	}
}

func expire(t *testing.T, s logsStore) {
	week := s.makeGroupOf(t, logs.Group{Scope: logsScope, Name: "week", Created: logsStart, RetentionDays: 7}, nil)
	kept := s.makeGroup(t, "for ever")
	s.mustPut(t, kept, "s", logs.Stored, "old but kept", -9*86400)
	s.mustPut(t, week, "s", logs.Stored, "old 1", -8*86400, -7*86400-1)
	s.mustPut(t, week, "s", logs.File, "old file", -8*86400)
	s.mustPut(t, week, "s", logs.Stored, "old 2", -8*86400)
	s.mustPut(t, week, "s", logs.Stored, "reaches into the week", -8*86400, -7*86400)
	s.mustPut(t, week, "s", logs.Stored, "new", 0)
	total := 0
	for _, want := range []int{2, 1, 0} {
		n, err := s.Expire(t.Context(), logsStart, 2)
		if err != nil || n != want {
			t.Errorf("Expire = %d, %v, want %d", n, err, want)
		}
		total += n
	}
	if got, want := chunkKeys(t, s, logs.ChunkQuery{Group: week, From: at(-9 * 86400), To: at(9)}), []string{"reaches into the week", "new"}; !slices.Equal(got, want) {
		t.Errorf("chunks left = %q, want %q", got, want)
	}
	if got := chunkKeys(t, s, logs.ChunkQuery{Group: kept, From: at(-9 * 86400), To: at(9)}); len(got) != 1 {
		t.Errorf("chunks of the group without retention = %q, want one", got)
	}
	wantGarbage(t, s, "old 1", "old 2")
	stream, err := s.Stream(t.Context(), week.ID, "s")
	if g := s.group(t, logsScope, "week"); err != nil || g.StoredBytes != 3 || stream.StoredBytes != 3 {
		t.Errorf("StoredBytes after Expire = %d of the group, %d of the stream, %v, want 3", g.StoredBytes, stream.StoredBytes, err)
	}
}

func knownBlobs(t *testing.T, s logsStore) {
	g, gone := s.makeGroup(t, "a"), s.makeGroup(t, "b")
	s.mustPut(t, g, "s", logs.Stored, "stored", 1)
	s.mustPut(t, g, "s", logs.File, "file", 1)
	s.mustPut(t, gone, "s", logs.Stored, "garbage", 1)
	if err := s.DeleteGroup(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	got, err := s.Known(t.Context(), []string{"stored", "file", "garbage", "orphan"})
	if want := map[string]bool{"stored": true, "garbage": true}; err != nil || !maps.Equal(got, want) {
		t.Errorf("Known = %v, %v, want %v", got, err, want)
	}
	if got, err := s.Known(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("Known(nil) = %v, %v, want none", got, err)
	}
}

func logsConcurrent(t *testing.T, s logsStore) {
	const writers, each = 8, 10
	g := s.makeGroup(t, "a")
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, err := s.put(t, g, fmt.Sprint("s", w%2), logs.Stored, fmt.Sprintf("%d-%d", w, i), w, w+i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := s.group(t, logsScope, "a"); got.StoredBytes != 2*writers*each || got.Span != (each-1)*time.Second {
		t.Errorf("Group has StoredBytes %d, Span %s, want %d, %ds", got.StoredBytes, got.Span, 2*writers*each, each-1)
	}
	streams, err := s.Streams(t.Context(), logs.StreamQuery{GroupID: g.ID, Limit: 10})
	if err != nil || streamNames(streams) != "s0 s1" {
		t.Errorf("Streams = %q, %v, want s0 s1", streamNames(streams), err)
	}
	if got := chunkKeys(t, s, logs.ChunkQuery{Group: g, From: at(-1), To: at(99)}); len(got) != writers*each {
		t.Errorf("there are %d chunks, want %d", len(got), writers*each)
	}
}
