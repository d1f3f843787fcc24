package trail_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/trail"
)

// store is a sink in memory that keeps the promises of Sink.
type store struct {
	mu        sync.Mutex
	committed map[trail.Object]bool
	order     []string // names of taken files
	ids       []string
	refs      map[string][]trail.Ref // by path
	raw       map[string]string      // by eventID
	asked     int
	fail      func(d trail.Delivery) error
}

func (s *store) Unseen(_ context.Context, objects []trail.Object) ([]trail.Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return slices.DeleteFunc(slices.Clone(objects), func(o trail.Object) bool { return s.committed[o] }), nil
}

func (s *store) Take(_ context.Context, d trail.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if err := s.fail(d); err != nil {
			return err
		}
	}
	if s.committed == nil {
		s.committed, s.refs, s.raw = map[trail.Object]bool{}, map[string][]trail.Ref{}, map[string]string{}
	}
	if s.committed[d.Object] {
		return nil
	}
	s.committed[d.Object] = true
	s.order = append(s.order, d.Object.ID)
	for _, rec := range d.Records {
		s.ids = append(s.ids, rec.EventID)
		s.raw[rec.EventID] = string(rec.Raw)
		s.refs[d.Path] = append(s.refs[d.Path], rec.Ref())
	}
	return nil
}

func (s *store) got() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.ids, " ")
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func reasons(f *trail.Folder) string {
	var lines []string
	for _, failure := range f.Failures() {
		lines = append(lines, failure.Object+": "+failure.Reason)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestScanTakesLogFiles(t *testing.T) {
	dir := t.TempDir()
	const day = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/"
	write(t, dir, day+"111122223333_CloudTrail_us-east-1_20260102T0005Z_b.json.gz", zip(`{"Records":[`+record("2", 0)+`]}`))
	write(t, dir, day+"111122223333_CloudTrail_us-east-1_20260102T0000Z_a.json.gz", `{"Records":[`+record("1", 0)+`]}`)
	write(t, dir, "flat.json", zip(record("3", 0)))
	write(t, dir, "lines.ndjson", record("4", 0)+"\n"+record("5", 0))
	for _, name := range []string{
		"README.md", "copy.json.tmp", "copy.json.gz.part", "copy.json.gz.6eF32a1B", ".hidden.json", ".git/x.json",
		"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/x.json.gz", "AWSLogs/111122223333/CloudTrail-Insight/x.json.gz",
		"AWSLogs/111122223333/CloudTrail-Unheard-Of/x.json.gz", "111122223333_CloudTrail-Digest_us-east-1_x.json.gz",
	} {
		write(t, dir, name, record("unwanted", 0))
	}
	outside := t.TempDir()
	write(t, outside, "x.json", record("outside", 0))
	for link, target := range map[string]string{"link.json": outside + "/x.json", "linkdir": outside, "inside.json": "flat.json"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	s := &store{}
	f := &trail.Folder{Dir: dir, Sink: s}
	for range 3 {
		if err := f.Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s.got() != "1 2 3 4 5" {
		t.Errorf("taken in: %s, want 1 2 3 4 5", s.got())
	}
	if s.asked != 1 {
		t.Errorf("the store was asked %d times, want once", s.asked)
	}
	if n := strings.Count(reasons(f), "symbolic link is not followed"); n != 3 || len(f.Failures()) != 3 {
		t.Errorf("failures:\n%s\nwant three links", reasons(f))
	}
	for path, refs := range s.refs {
		slices.Reverse(refs)
		records, err := trail.ReadRecords(path, append(refs, refs[0]))
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range records {
			id := strings.Split(string(raw), `"`)[3]
			if string(raw) != s.raw[id] {
				t.Errorf("ReadRecords(%s) = %s, want %s", path, raw, s.raw[id])
			}
		}
	}
}

func TestScanAfterRestart(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", record("a", 0))
	s := &store{}
	for range 2 {
		if err := (&trail.Folder{Dir: dir, Sink: s}).Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "a.json", record("a", 0)+record("b", 0))
	if err := (&trail.Folder{Dir: dir, Sink: s}).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.got() != "a a b" {
		t.Errorf("taken in: %s, want a once, and both records of the replaced file", s.got())
	}
}

func TestScanListsFailures(t *testing.T) {
	dir := t.TempDir()
	good := record("good", 0)
	write(t, dir, "0-text.json", "hello")
	write(t, dir, "1-cut.json.gz", zip("[" + good + "]")[:30])
	write(t, dir, "2-records.json", `[1,`+record("huge", 300_000)+`,{},`+good+`]`)
	write(t, dir, "3-many.json", `[`+strings.Repeat(`{},`, 100)+record("last", 0)+`]`)
	write(t, dir, "4-empty.json", "")
	write(t, dir, "5-endless.json", `[`+strings.Repeat(`1,`, 200_000)+record("endless", 0)+`]`)
	s := &store{}
	m := &meter{}
	f := &trail.Folder{Dir: dir, Sink: s, Meter: m}
	for range 2 {
		if err := f.Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s.got() != "good last" {
		t.Errorf("taken in: %s, want good last", s.got())
	}
	got := reasons(f)
	for _, want := range []string{
		"0-text.json: not JSON: 'h' where a CloudTrail log should be (at byte 0)",
		"1-cut.json.gz: gzip data end too early",
		"2-records.json: record 0 (at byte 1) is not an object",
		"2-records.json: record 1 (at byte 3) has 300000 bytes; a log group takes at most 262144",
		"2-records.json: record 2 (at byte 300004) has no eventID: not a CloudTrail record",
		"3-many.json: 80 more records could not be taken in",
		"4-empty.json: is empty",
		"5-endless.json: is hardly a CloudTrail log",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("failures:\n%s\nwant %s", got, want)
		}
	}
	if m.files != 2 || m.records != 2 || m.failed != len(f.Failures()) {
		t.Errorf("counted %+v, want 2 files, 2 records, %d failures", *m, len(f.Failures()))
	}
	write(t, dir, "1-cut.json.gz", zip("["+record("mended", 0)+"]"))
	if err := f.Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.got() != "good last mended" || strings.Contains(reasons(f), "1-cut") {
		t.Errorf("taken in: %s, failures:\n%s\nwant the mended file taken in", s.got(), reasons(f))
	}
}

type meter struct {
	files, records, failed int
	bytes                  int64
}

func (m *meter) FileTaken(records int, bytes int64) {
	m.files++
	m.records += records
	m.bytes += bytes
}
func (m *meter) Failed() { m.failed++ }

func TestScanUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		// Permissions do not bind root: a folder that is a file, and a file
		// that vanishes, are in the other tests.
		t.Log("running as root: only the missing folder is tested")
	} else {
		dir := t.TempDir()
		write(t, dir, "a/locked.json", record("a", 0))
		write(t, dir, "b/x.json", record("b", 0))
		write(t, dir, "c.json", record("c", 0))
		os.Chmod(filepath.Join(dir, "a/locked.json"), 0)
		os.Chmod(filepath.Join(dir, "b"), 0)
		s := &store{}
		f := &trail.Folder{Dir: dir, Sink: s}
		for range 2 {
			if err := f.Scan(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if s.got() != "c" || len(f.Failures()) != 2 {
			t.Errorf("taken in: %s, failures:\n%s\nwant c and two failures", s.got(), reasons(f))
		}
		os.Chmod(filepath.Join(dir, "a/locked.json"), 0o644)
		os.Chmod(filepath.Join(dir, "b"), 0o755)
		if err := f.Scan(t.Context()); err != nil || s.got() != "c a b" {
			t.Errorf("taken in: %s (%v), want c a b", s.got(), err)
		}
		if len(f.Failures()) != 0 {
			t.Errorf("failures:\n%s\nwant none", reasons(f))
		}
	}
	dir := filepath.Join(t.TempDir(), "missing")
	f := &trail.Folder{Dir: dir, Sink: &store{}}
	for range 2 {
		if err := f.Scan(t.Context()); err != nil || len(f.Failures()) != 1 {
			t.Errorf("Scan of a missing folder = %v, failures %v, want nil and one failure", err, f.Failures())
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := f.Scan(t.Context()); err != nil || len(f.Failures()) != 0 {
		t.Errorf("Scan of the folder that came = %v, failures %v, want none", err, f.Failures())
	}
}

// A file larger than a delivery arrives in parts, and after a failure in
// between only the missing ones are counted.
func TestScanLargeFile(t *testing.T) {
	dir := t.TempDir()
	var lines strings.Builder
	const count = 25_000
	for i := range count {
		lines.WriteString(record(fmt.Sprint(i), 0) + "\n")
	}
	lines.WriteString("{}")
	write(t, dir, "large.json.gz", zip(lines.String()))
	s := &store{}
	broken := errors.New("disk full")
	s.fail = func(d trail.Delivery) error {
		if strings.HasSuffix(d.Object.Version, "#2") {
			return broken
		}
		return nil
	}
	f := &trail.Folder{Dir: dir, Sink: s}
	if err := f.Scan(t.Context()); !errors.Is(err, broken) {
		t.Fatalf("Scan = %v, want %v", err, broken)
	}
	s.fail = nil
	if err := f.Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.ids) != count || len(s.raw) != count {
		t.Errorf("taken in %d records, %d different, want %d", len(s.ids), len(s.raw), count)
	}
	if len(f.Failures()) != 1 {
		t.Errorf("failures:\n%s\nwant one", reasons(f))
	}
	// A fault behind the first parts is found before any of them is delivered.
	write(t, dir, "large.json.gz", zip(lines.String()+"x"))
	s.ids = nil
	if err := f.Scan(t.Context()); err != nil || len(s.ids) != 0 {
		t.Errorf("Scan of a damaged file = %v, %d records taken in, want nil and none", err, len(s.ids))
	}
}

func TestScanStopsBetweenFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", record("a", 0))
	write(t, dir, "b.json", record("b", 0))
	ctx, cancel := context.WithCancel(t.Context())
	s := &store{fail: func(trail.Delivery) error { cancel(); return nil }}
	if err := (&trail.Folder{Dir: dir, Sink: s}).Scan(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Scan = %v, want %v", err, context.Canceled)
	}
	if s.got() != "a" {
		t.Errorf("taken in: %s, want a", s.got())
	}
}

// run starts f and waits until what s has satisfies want.
func run(t *testing.T, f *trail.Folder) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run = %v, want %v", err, context.Canceled)
		}
	})
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}

func TestRunTakesWhatArrives(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "later", "trail")
	s := &store{}
	f := &trail.Folder{Dir: dir, Sink: s, Rescan: time.Hour}
	run(t, f)
	eventually(t, "missing folder is listed", func() bool { return len(f.Failures()) == 1 })
	write(t, dir, "a.json", record("a", 0))
	eventually(t, "folder that appears", func() bool { return s.got() == "a" })
	write(t, dir, "2026/01/02/b.json.gz", zip(record("b", 0)))
	eventually(t, "file in a new folder", func() bool { return s.got() == "a b" })

	write(t, dir, "c.json.tmp", record("c", 0))
	if err := os.Rename(filepath.Join(dir, "c.json.tmp"), filepath.Join(dir, "c.json")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "file renamed into place", func() bool { return s.got() == "a b c" })
}

// A file that is written in pieces is taken in once, and is no failure.
func TestRunSlowWriter(t *testing.T) {
	dir := t.TempDir()
	s := &store{}
	f := &trail.Folder{Dir: dir, Sink: s, Rescan: time.Hour}
	run(t, f)
	write(t, dir, "first.json", record("first", 0))
	eventually(t, "first file", func() bool { return s.got() == "first" })
	file, err := os.Create(filepath.Join(dir, "slow.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text := zip(`{"Records":[` + record("slow", 0) + `]}`)
	for i := range len(text) {
		if _, err := file.WriteString(text[i : i+1]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	eventually(t, "slowly written file", func() bool { return s.got() == "first slow" })
	if len(f.Failures()) != 0 {
		t.Errorf("failures:\n%s\nwant none", reasons(f))
	}
	write(t, dir, "cut.json", "[")
	eventually(t, "file that stays truncated", func() bool { return strings.Contains(reasons(f), "cut.json: ends within a value") })
}

func TestRunStoreErrors(t *testing.T) {
	dir := t.TempDir()
	for i := range 5 {
		write(t, dir, fmt.Sprintf("%d.json", i), record(fmt.Sprint(i), 0))
	}
	tries := 0
	s := &store{fail: func(d trail.Delivery) error {
		if tries++; tries%2 == 0 {
			return errors.New("database is locked")
		}
		return nil
	}}
	run(t, &trail.Folder{Dir: dir, Sink: s, Rescan: time.Hour})
	eventually(t, "all files in spite of errors", func() bool { return s.got() == "0 1 2 3 4" })
}

// counter is a sink that only counts.
type counter struct{ records int }

func (c *counter) Unseen(_ context.Context, objects []trail.Object) ([]trail.Object, error) {
	return objects, nil
}

func (c *counter) Take(_ context.Context, d trail.Delivery) error {
	c.records += len(d.Records)
	return nil
}

// BenchmarkScan takes in small files, as CloudTrail delivers most of them.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	text := []byte(zip(`{"Records":[` + strings.Repeat(record("a", 1500)+",", 59) + record("a", 1500) + `]}`))
	const files = 500
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.json.gz", i)), text, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	c := &counter{}
	for b.Loop() {
		if err := (&trail.Folder{Dir: dir, Sink: c}).Scan(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(c.records)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(c.records/60)/b.Elapsed().Seconds(), "files/s")
}
