// Command generate writes the example trail beside it: a small day in the life
// of an invented account, as CloudTrail would deliver it. The same program
// writes the same records every time.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:generate go run . ..

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write writes the trail below dir.
func write(dir string) error {
	for _, f := range trail() {
		text, err := f.text()
		if err != nil {
			return err
		}
		path := filepath.Join(dir, filepath.FromSlash(f.key()))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		packed, err := pack(strings.TrimSuffix(filepath.Base(path), ".gz"), text)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, packed, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// text is the file's content before it is compressed.
func (f file) text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(struct{ Records []record }{f.records})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// key is the name that CloudTrail gives such a file in its bucket.
func (f file) key() string {
	const bucket = "AWSLogs/%[1]s/CloudTrail/%[2]s/%[3]s/%[1]s_CloudTrail_%[2]s_%[4]s_%[5]s.json.gz"
	return fmt.Sprintf(bucket, account, f.region, f.delivered.Format("2006/01/02"), f.delivered.Format("20060102T1504Z"), f.random)
}

// pack compresses like CloudTrail, with the file's name in the header.
func pack(name string, text []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, 6)
	if err != nil {
		return nil, err
	}
	w.Name = name
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
