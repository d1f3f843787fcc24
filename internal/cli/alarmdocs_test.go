package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// The examples of docs/alarms.md are files and outputs of the script.
func TestAlarmDocsAreReal(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "alarms.md"))
	if err != nil {
		t.Fatal(err)
	}
	script, err := txtar.ParseFile(filepath.Join("testdata", "script", "alarm-simulate.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, file := range script.Files {
		switch file.Name {
		case "alarm.json", "one.csv", "one.text", "once.text", "flapping.text":
			shown++
			if !strings.Contains(string(page), indented(string(file.Data))) {
				t.Errorf("docs/alarms.md does not show %s as it is:\n%s", file.Name, file.Data)
			}
		}
	}
	if shown != 5 {
		t.Errorf("the script has %d of the page's 5 examples", shown)
	}
}

// indented is an output as a code block, without the line of its exit code.
func indented(text string) string {
	lines := strings.Split(strings.TrimSpace(strings.TrimSuffix(text, "exit 0\n")), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	return strings.Join(lines, "\n")
}
