package deliver_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

func TestFolderOverwritesItself(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	var announced []deliver.Saved
	folder, err := deliver.NewFolder(dir, composer(t, deliver.Options{}), func(s deliver.Saved) { announced = append(announced, s) })
	if err != nil {
		t.Fatal(err)
	}
	first, other := delivery(), delivery()
	other.Subscription.ARN = topicARN + ":00000000-0000-4000-8000-000000000000"
	again := first
	again.Attempt = 2 // after a crash
	for _, d := range []topic.Delivery{first, other, again} {
		if err := folder.Send(t.Context(), d); err != nil {
			t.Fatalf("Send: %v", err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Fatalf("folder holds %v, %v, want two mails and nothing else", entries, err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode of %s = %v, %v, want 0600", entry.Name(), info.Mode(), err)
		}
	}
	if len(announced) != 3 || announced[0].Path != filepath.Join(dir, deliver.FileName(first)) || announced[0].Mail.Subject != first.Message.Subject {
		t.Errorf("announced %+v, want each mail", announced)
	}
}

func TestFolderNamesAreSafe(t *testing.T) {
	d := delivery()
	d.Message.ID = "../../etc/passwd"
	if name := deliver.FileName(d); filepath.Base(name) != name {
		t.Errorf("FileName(ID %q) = %q, want a plain name", d.Message.ID, name)
	}
}

func TestFolderReportsFailure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	folder, err := deliver.NewFolder(dir, composer(t, deliver.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := folder.Send(t.Context(), delivery()); err == nil {
		t.Error("Send into a missing folder = nil, want an error")
	}
}

// A file can be searched as it is; only lines that no mail may have are encoded.
func TestFolderWritesPlainText(t *testing.T) {
	d := delivery()
	d.Message.ByProtocol = nil
	d.Message.Body = "Token=abc größer\n"
	if file := string(saved(t, composer(t, deliver.Options{}), d)); !strings.Contains(file, "Token=abc größer") {
		t.Errorf("file =\n%s\nwant the text as it is", file)
	}
	d.Message.Body = strings.Repeat("x", 2000)
	file := saved(t, composer(t, deliver.Options{}), d)
	for line := range strings.Lines(string(file)) {
		if len(line) > 1000 {
			t.Errorf("line of %d characters, want at most 998 and a line end", len(line))
		}
	}
	if m := parsed(t, file); !strings.Contains(m.text, d.Message.Body) {
		t.Errorf("text = %q, want the long line whole", m.text)
	}
}
