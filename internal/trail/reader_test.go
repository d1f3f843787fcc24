package trail_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/tocsin-dev/tocsin/internal/trail"
)

// record is a record of our own, with an id and some ballast.
func record(id string, size int) string {
	r := fmt.Sprintf(`{"eventID":%q,"eventTime":"2026-01-02T03:04:05Z","userAgent":""}`, id)
	return strings.Replace(r, `""`, `"`+strings.Repeat("x", max(0, size-len(r)))+`"`, 1)
}

func zip(texts ...string) string {
	var b bytes.Buffer
	for _, text := range texts {
		w := gzip.NewWriter(&b)
		w.Write([]byte(text))
		w.Close()
	}
	return b.String()
}

type outcome struct {
	ids     []string
	skipped []string
	err     error
}

func readAll(src io.Reader) (o outcome, records []trail.Record) {
	r := trail.NewReader(src)
	for {
		rec, err := r.Next()
		var skipped *trail.RecordError
		switch {
		case err == io.EOF:
			return o, records
		case errors.As(err, &skipped):
			o.skipped = append(o.skipped, skipped.Error())
		case err != nil:
			o.err = err
			return o, records
		default:
			o.ids = append(o.ids, rec.EventID)
			rec.Raw = bytes.Clone(rec.Raw)
			records = append(records, rec)
		}
	}
}

func TestReaderForms(t *testing.T) {
	a, b := record("a", 0), record("b", 0)
	tests := []struct{ name, text string }{
		{"envelope", `{"Records":[` + a + `,` + b + `]}`},
		{"spaced envelope", "\n {\t\"Records\" : [ " + a + "\r\n, " + b + " ] } \n"},
		{"envelope with more members", `{"x":{"Records":[1]},"Records":[` + a + `],"y":[{}],"Records":[` + b + `],"z":1}`},
		{"envelope with an escaped key", `{"\u0052ecords":[` + a + `,` + b + `]}`},
		{"array", `[` + a + `,` + b + `]`},
		{"lines", a + "\n" + b + "\n"},
		{"lines ending in CR LF", a + "\r\n" + b},
		{"lines of envelopes", `{"Records":[` + a + `]}` + "\n" + `{"Records":[]}{"Records":[` + b + `]}`},
		{"byte order mark", "\xef\xbb\xbf[" + a + "," + b + "]"},
		{"gzip", zip(`{"Records":[` + a + `,` + b + `]}`)},
		{"gzip with byte order mark", zip("\xef\xbb\xbf" + a + b)},
		{"gzip members", zip(`{"Records":[`+a, `,`, b+`]}`)},
		{"gzip members that are files", zip(`{"Records":[`+a+`]}`, `{"Records":[`+b+`]}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, src := range []io.Reader{strings.NewReader(tt.text), iotest.OneByteReader(strings.NewReader(tt.text))} {
				got, records := readAll(src)
				if got.err != nil || strings.Join(got.ids, ",") != "a,b" || got.skipped != nil {
					t.Fatalf("records of %s = %+v, want a and b", tt.text, got)
				}
				if string(records[1].Raw) != b || records[1].Index != 1 {
					t.Errorf("record 1 = %d %s, want %s", records[1].Index, records[1].Raw, b)
				}
				if want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC); !records[0].EventTime.Equal(want) {
					t.Errorf("EventTime = %v, want %v", records[0].EventTime, want)
				}
			}
		})
	}
}

func TestReaderSingleRecord(t *testing.T) {
	text := `{"requestParameters":{"Records":[1,2],"eventID":"inner"},"eventID":"first","eventID":"\u0061","eventTime":5}`
	got, records := readAll(strings.NewReader(text))
	if got.err != nil || len(records) != 1 || string(records[0].Raw) != text {
		t.Fatalf("records = %+v, want the whole text", got)
	}
	if records[0].EventID != "a" || !records[0].EventTime.IsZero() {
		t.Errorf("EventID, EventTime = %q, %v, want a and zero", records[0].EventID, records[0].EventTime)
	}
}

func TestReaderLeavesOutRecords(t *testing.T) {
	good := record("good", 0)
	tests := []struct{ name, element, reason string }{
		{"number", `12`, "is not an object"},
		{"null", `null`, "is not an object"},
		{"string", `"{\"eventID\":\"x\"}"`, "is not an object"},
		{"array", `[{"eventID":"x"}]`, "is not an object"},
		{"no eventID", `{"eventName":"x","a":{"eventID":"x"}}`, "has no eventID"},
		{"empty object", `{ }`, "has no eventID"},
		{"eventID of another type", `{"eventID":7}`, "no string"},
		{"empty eventID", `{"eventID":""}`, "empty"},
		{"one byte too large", record("x", trail.MaxRecord+1), "has 262145 bytes"},
		{"too large for the window", record("x", 5_000_000), "has 5000000 bytes"},
		{"too large and full of traps", `{"a":"` + strings.Repeat(`\"}]`, 500_000) + `","b":[[{}]]}`, "has 2000019 bytes"},
		{"endless array", `[` + strings.Repeat(`{},`, 500_000) + `{}]`, "has 1500004 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, records := readAll(strings.NewReader(`{"Records":[` + good + `,` + tt.element + ` , ` + good + `],"x":1}`))
			if got.err != nil || len(got.ids) != 2 || len(got.skipped) != 1 {
				t.Fatalf("got %+v, want two records and one left out", got)
			}
			if !strings.HasPrefix(got.skipped[0], "record 1 (at byte ") || !strings.Contains(got.skipped[0], tt.reason) {
				t.Errorf("left out: %s, want record 1, %s", got.skipped[0], tt.reason)
			}
			if records[1].Index != 2 {
				t.Errorf("Index = %d, want 2", records[1].Index)
			}
		})
	}
	t.Run("largest", func(t *testing.T) {
		got, _ := readAll(strings.NewReader("[" + record("x", trail.MaxRecord) + "]"))
		if got.err != nil || len(got.ids) != 1 {
			t.Errorf("got %+v, want one record", got)
		}
	})
}

func TestReaderRefusesFiles(t *testing.T) {
	a := record("a", 0)
	tests := []struct {
		name, text, reason string
		truncated          bool
	}{
		{"empty", "", "is empty", true},
		{"nothing but space", " \n", "is empty", true},
		{"text", "hello", "'h' where a CloudTrail log should be", false},
		{"HTML", "<!doctype html>", "'<'", false},
		{"top-level string", `"x"`, "not JSON", false},
		{"UTF-16", "\xff\xfe{\x00", "not JSON", false},
		{"Records of another type", `{"Records":{}}`, "Records is not an array", false},
		{"no comma", `[` + a + a + `]`, "a comma or ]", false},
		{"trailing comma", `[` + a + `,]`, "a value", false},
		{"trailing comma in a record", `[{"eventID":"a",}]`, "a key", false},
		{"unquoted key", `{eventID:1}`, "a key", false},
		{"wrong bracket", `[{"eventID":"a"]]`, "a comma or }", false},
		{"line feed in a string", "{\"eventID\":\"a\n\"}", "a character of a string", false},
		{"wrong escape", `{"eventID":"\x41"}`, "an escape", false},
		{"wrong number", `[{"eventID":"a","b":01}]`, "a comma or }", false},
		{"wrong literal", `[{"eventID":"a","b":nul}]`, "null", false},
		{"nested too deeply", strings.Repeat("[", 100_000), "nested too deeply", false},
		{"rest behind an envelope", `{"Records":[]}]`, "a CloudTrail log", false},
		{"rest behind gzip", zip(a) + "and some rest", "gzip", false},
		{"too much beside Records", `{"Records":[],"x":"` + strings.Repeat("x", 2_000_000) + `"}`, "beside its Records", false},
		{"cut gzip", zip(`{"Records":[` + a + `]}`)[:40], "too early", true},
		{"cut text", `{"Records":[` + a, "ends within a value", true},
		{"cut large record", `[{"eventID":"` + strings.Repeat("x", 1_000_000), "ends within a value", true},
		{"damaged gzip", flip(zip(`{"Records":[` + a + `]}`)), "damaged", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := readAll(strings.NewReader(tt.text))
			var fault *trail.FileError
			if !errors.As(got.err, &fault) {
				t.Fatalf("error = %v, want a FileError", got.err)
			}
			if !strings.Contains(fault.Error(), tt.reason) || fault.Truncated != tt.truncated {
				t.Errorf("error = %v (truncated %v), want %s (truncated %v)", fault, fault.Truncated, tt.reason, tt.truncated)
			}
		})
	}
}

// flip damages the checksum at the end of a gzip file.
func flip(s string) string {
	b := []byte(s)
	b[len(b)-8] ^= 1
	return string(b)
}

// However a file is cut, the reader says that it is truncated.
func TestReaderCutAnywhere(t *testing.T) {
	text := `{"Records":[` + record("a", 0) + `,{"eventID":"b","n":[-1.5e+3,true,null,"\u00e9\n"]}],"x":{"y":0}}`
	for _, whole := range []string{text, zip(text)} {
		for n := range len(whole) {
			got, _ := readAll(strings.NewReader(whole[:n]))
			var fault *trail.FileError
			if !errors.As(got.err, &fault) || !fault.Truncated && n != 1 {
				t.Fatalf("cut at %d of %d: error = %v, want a truncated file", n, len(whole), got.err)
			}
		}
	}
}

func TestReaderPassesReadErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, text := range []string{"[", zip("[") + "\x1f\x8b"} {
		got, _ := readAll(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
		if !errors.Is(got.err, broken) {
			t.Errorf("error = %v, want %v", got.err, broken)
		}
	}
}

// zeros is an endless text of one kind.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestReaderMemory(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, `{"Records":[{"eventID":"bomb","x":"`)
	io.CopyN(w, zeros{}, 64<<20)
	io.WriteString(w, `"},`+record("a", 0)+`]}`)
	w.Close()
	allocated := testing.AllocsPerRun(1, func() {
		got, _ := readAll(bytes.NewReader(b.Bytes()))
		if got.err != nil || len(got.ids) != 1 || len(got.skipped) != 1 {
			t.Errorf("got %+v, want one record and one left out", got)
		}
	})
	if allocated > 1000 {
		t.Errorf("%v allocations, want few", allocated)
	}
}

func FuzzReader(f *testing.F) {
	a, b := record("a", 0), record("b", 0)
	for _, seed := range []string{
		`{"Records":[` + a + `,` + b + `]}`, "[" + a + "]", a + "\n" + b, "\xef\xbb\xbf" + a, zip("[" + a + "]"),
		`{"x":-0.5e1,"Records":[1,"\u12ab",[],{}],"y":null}`, "", "{", "[1,]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, records := readAll(bytes.NewReader(text))
		again, _ := readAll(iotest.HalfReader(bytes.NewReader(text)))
		if fmt.Sprint(got.ids, got.skipped, got.err) != fmt.Sprint(again.ids, again.skipped, again.err) {
			t.Fatalf("read in pieces = %v, in one = %v", again, got)
		}
		for _, rec := range records {
			var head struct{ EventID string }
			if err := json.Unmarshal(rec.Raw, &head); err != nil {
				t.Fatalf("record %s is not JSON: %v", rec.Raw, err)
			}
		}
		if bytes.HasPrefix(text, []byte("\x1f\x8b")) || bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			return
		}
		d := json.NewDecoder(bytes.NewReader(text))
		var v any
		var err error
		for err == nil {
			err = d.Decode(&v)
		}
		if got.err == nil && err != io.EOF {
			t.Fatalf("accepted %q, encoding/json says %v", text, err)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	paths, _ := filepath.Glob("../../examples/trail/AWSLogs/*/CloudTrail/*/*/*/*/*.json.gz")
	var text bytes.Buffer
	for _, path := range paths {
		packed, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		unzipped, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(&text, unzipped)
	}
	if text.Len() == 0 {
		b.Fatal("no example trail")
	}
	plain := strings.Repeat(text.String(), 50<<20/text.Len())
	for _, form := range []struct{ name, text string }{{"plain", plain}, {"gzip", zip(plain)}} {
		b.Run(form.name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			records := 0
			for b.Loop() {
				r := trail.NewReader(strings.NewReader(form.text))
				for {
					if _, err := r.Next(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
					records++
				}
			}
			b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
