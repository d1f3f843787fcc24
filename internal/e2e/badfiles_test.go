//go:build linux

package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// badFile is something in a trail folder, and what becomes of it.
type badFile struct {
	name    string
	content []byte
	counted int    // records that are taken in all the same
	reason  string // part of a reason that is listed; empty: nothing is
}

// Nothing that lies in a trail folder hurts: what is sound is counted exactly,
// what is not is listed and counted, and memory stays bounded.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	trail := t.TempDir()
	in := serve(t, "--trail", trail, "--notify", "you@example.com")
	putCounter(t, in, "all", `{ $.eventID = * }`)

	want := 0
	for _, f := range badFiles() {
		writeFile(t, trail, f.name, f.content)
		want += f.counted
	}
	putOddities(t, trail)
	half, rest := slow()
	writeFile(t, trail, "slow.json.gz", half)
	for n := range 20 {
		writeFile(t, trail, fmt.Sprintf("zz/good-%02d.json.gz", n), zipped(records(record(fmt.Sprint("good-", n, "-a")), record(fmt.Sprint("good-", n, "-b")))))
		want += 2
	}
	time.AfterFunc(time.Second, func() { appendFile(t, filepath.Join(trail, "slow.json.gz"), rest) })
	want++

	eventually(t, 40*time.Second, "every good record counted", func() bool { return sum(t, in, "all") == want })
	eventually(t, 20*time.Second, "every failure listed", func() bool { return allListed(failures(t, in)) })
	checkFailures(t, failures(t, in))
	listed := 0
	for _, reasons := range failures(t, in) {
		listed += len(reasons)
	}
	if got := counter(t, in, "tocsin_trail_failures_total"); got < float64(listed) {
		t.Errorf("tocsin_trail_failures_total = %v, want at least the %d that are listed", got, listed)
	}
	if got := sum(t, in, "all"); got != want {
		t.Errorf("counted %d records, want %d", got, want)
	}
	mail(t, in, 10*time.Second, "UnauthorizedAPICalls")
	checkReady(t, in)
	checkMemory(t, in)
}

// record is a record with nothing but an ID.
func record(id string) string { return fmt.Sprintf(`{"eventID":%q}`, id) }

func records(list ...string) []byte {
	return []byte(`{"Records":[` + strings.Join(list, ",") + `]}`)
}

func zipped(text []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(text) // a buffer takes everything
	z.Close()     // a buffer takes everything
	return b.Bytes()
}

// badFiles are the files that only need bytes.
func badFiles() []badFile {
	some := make([]string, 2000)
	for i := range some {
		some[i] = record(fmt.Sprintf("never-%d-%x", i, i*i*7919))
	}
	sound := zipped(records(some...))
	damaged, wrongSum := bytes.Clone(sound), bytes.Clone(sound)
	for i := len(damaged) / 2; i < len(damaged)/2+40; i++ {
		damaged[i] ^= 0xa5
	}
	wrongSum[len(wrongSum)-8] ^= 1
	large := fmt.Sprintf(`{"eventID":"never","requestParameters":{"x":"%s"}}`, strings.Repeat("x", 5<<20))
	return []badFile{
		{"truncated.json.gz", sound[:len(sound)/2], 0, "end too early"},
		{"header-only.json.gz", sound[:6], 0, "end too early"},
		{"damaged.json.gz", damaged, 0, ""}, // the reason depends on what the bytes become
		{"checksum.json.gz", wrongSum, 0, "damaged"},
		{"behind.json.gz", append(bytes.Clone(sound), "something that is no gzip member"...), 0, "damaged"},
		{"text.json", []byte("Dear reader,\nthis is not JSON.\n"), 0, "not JSON"},
		{"binary.json", []byte{0, 1, 2, 3, 0xff, 0xfe}, 0, "not JSON"},
		{"html.json.gz", zipped([]byte("<html>AccessDenied</html>")), 0, "not JSON"},
		{"object.json", []byte(`{}`), 0, "has no eventID"},
		{"zero.json", nil, 0, "is empty"},
		{"zero.json.gz", nil, 0, "is empty"},
		{"records-text.json", []byte(`{"Records":"none"}`), 0, "not an array"},
		{"records-null.json", []byte(`{"Records":null}`), 0, "not an array"},
		{"records-object.json", []byte(`{"Records":{"eventID":"never"}}`), 0, "not an array"},
		{"records-mixed.json", records(`1`, `null`, `"x"`, `[]`, `[[{"eventID":"never"}]]`, `true`, record("mixed"), `{}`, `{"eventID":7}`, `{"eventID":""}`, `{"eventID":null}`), 1, "is not an object"},
		{"large.json.gz", zipped(records(record("before"), large, record("after"))), 2, "a log group takes at most"},
		{"deep.json", records(`{"eventID":"never","x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`), 0, "nested too deeply"},
		{"deep-records.json", []byte(strings.Repeat("[", 10_000_000)), 0, "nested too deeply"},
		{"bomb.json.gz", bomb(), 0, "unpacks to more than"},
		{"spaces.json.gz", spaces(), 0, "unpacks to more than"},
		{"types.json", []byte(strings.Join(wrongTypes(), "\n")), len(wrongTypes()), ""},
		{"invalid-utf8.json", records("{\"eventID\":\"utf8\",\"userAgent\":\"\xff\xfe\xc0\"}"), 1, ""},
	}
}

// wrongTypes are records, of refused calls, in which each field in turn is of any type but its own.
func wrongTypes() []string {
	fields := []string{"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
		"userAgent", "errorMessage", "requestParameters", "responseElements", "resources", "readOnly", "recipientAccountId"}
	values := []string{`7`, `-1e400`, `true`, `null`, `[]`, `[[]]`, `{}`, `{"type":[],"arn":{},"sessionContext":7}`, `"x"`, `"<b>\u0000\ud800"`}
	var list []string
	for _, field := range fields {
		for n, value := range values {
			list = append(list, fmt.Sprintf(`{"eventID":"types-%s-%d","errorCode":"AccessDenied","%s":%s}`, field, n, field, value))
		}
	}
	return list
}

const bombPiece = 16 << 20

// bomb is one record of 3 GB in 3 MB: members of a gzip file, which unpack to one text.
func bomb() []byte {
	piece := zipped(bytes.Repeat([]byte("a"), bombPiece))
	return append(zipped([]byte(`{"Records":[{"eventID":"`)), bytes.Repeat(piece, 3_000_000_000/bombPiece)...)
}

// spaces is a file of 3 GB of nothing.
func spaces() []byte {
	return bytes.Repeat(zipped(bytes.Repeat([]byte(" "), bombPiece)), 3_000_000_000/bombPiece)
}

// putOddities puts in what is no file, or does not stay.
func putOddities(t *testing.T, trail string) {
	t.Helper()
	writeFile(t, trail, "removed.json", records(`7`))
	for _, err := range []error{
		os.Remove(filepath.Join(trail, "removed.json")),
		os.Mkdir(filepath.Join(trail, "folder.json.gz"), 0o700),
		os.Symlink("nowhere.json", filepath.Join(trail, "dangling.json")),
		os.Symlink(".", filepath.Join(trail, "loop.json")),
		os.Symlink("/dev/zero", filepath.Join(trail, "endless.json")),
		syscall.Mkfifo(filepath.Join(trail, "pipe.json"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// slow is a file in two halves, as a copy under way is seen.
func slow() (half, rest []byte) {
	whole := zipped(records(record("slow")))
	return whole[:len(whole)/2], whole[len(whole)/2:]
}

// unlisted are the files that must not be among the failures.
var unlisted = []string{"folder.json.gz", "slow.json.gz", "types.json", "invalid-utf8.json"}

var oddities = map[string]string{
	"dangling.json": "symbolic link", "loop.json": "symbolic link", "endless.json": "symbolic link", "pipe.json": "not a regular file",
}

func allListed(listed map[string][]string) bool {
	for _, f := range badFiles() {
		if f.counted == 0 && len(listed[f.name]) == 0 {
			return false
		}
	}
	return len(listed["pipe.json"]) > 0
}

func checkFailures(t *testing.T, listed map[string][]string) {
	t.Helper()
	for _, f := range badFiles() {
		if reasons := strings.Join(listed[f.name], "; "); f.reason != "" && !strings.Contains(reasons, f.reason) {
			t.Errorf("failures of %s = %q, want one with %q", f.name, reasons, f.reason)
		}
	}
	for name, want := range oddities {
		if reasons := strings.Join(listed[name], "; "); !strings.Contains(reasons, want) {
			t.Errorf("failures of %s = %q, want one with %q", name, reasons, want)
		}
	}
	for _, name := range unlisted {
		if len(listed[name]) > 0 {
			t.Errorf("failures of %s = %q, want none", name, listed[name])
		}
	}
}

// writeFile writes a file below dir, as one that is moved into place does.
func writeFile(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".tmp", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		t.Fatal(err)
	}
}

func appendFile(t *testing.T, path string, content []byte) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Error(err)
		return
	}
	defer file.Close()
	if _, err := file.Write(content); err != nil {
		t.Error(err)
	}
}
