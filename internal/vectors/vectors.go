// Package vectors finds the test vectors that suites named TestVectors... run
// on: in the folder named by TOCSIN_VECTORS, or else in testdata/vectors of the
// module.
package vectors

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Path is where a file of vectors lies. It is not ok when TOCSIN_VECTORS names
// a folder that does not have the file: the suite then has nothing to run. The
// module's own folder must have it.
func Path(tb testing.TB, name string) (path string, ok bool) {
	tb.Helper()
	dir := os.Getenv("TOCSIN_VECTORS")
	own := dir == ""
	if own {
		dir = filepath.Join(moduleRoot(tb), "testdata", "vectors")
	}
	path = filepath.Join(dir, name)
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !own {
		return "", false
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path, true
}

// File is the content of a file of vectors, nil where Path is not ok.
func File(tb testing.TB, name string) []byte {
	tb.Helper()
	path, ok := Path(tb, name)
	if !ok {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

// Lines are the lines of a file of vectors that are not blank.
func Lines(tb testing.TB, name string) [][]byte {
	tb.Helper()
	var lines [][]byte
	for line := range bytes.Lines(File(tb, name)) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// moduleRoot is the folder of go.mod: tests run in the folder of their package.
func moduleRoot(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("no go.mod above the working directory")
		}
		dir = parent
	}
}
