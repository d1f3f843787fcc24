package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	for _, s := range services {
		files, err := generate("..", s)
		if err != nil {
			t.Fatalf("generate(%s): %v", s.name, err)
		}
		for path, want := range files {
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not what the generator makes of its model: run go generate ./internal/awsapi/shapes/...", path)
			}
		}
	}
}

func TestGoPattern(t *testing.T) {
	for pattern, want := range map[string]string{
		`[\w+=,.@-]*`:      `[\w+=,.@-]*`,
		`[\u0020-\u00FF]+`: `[\x{0020}-\x{00FF}]+`,
	} {
		if got, err := goPattern(pattern); got != want || err != nil {
			t.Errorf("goPattern(%s) = %s, %v, want %s", pattern, got, err, want)
		}
	}
	if _, err := goPattern(`^(?!x).*$`); err == nil || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("goPattern of a lookahead = %v, want an error that asks for a rewritten pattern", err)
	}
}
