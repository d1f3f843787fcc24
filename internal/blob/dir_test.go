package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/blob"
)

func open(t *testing.T) (*blob.Dir, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a", "blobs")
	d, err := blob.OpenDir(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, name
}

func keys(t *testing.T, d *blob.Dir, prefix string) []string {
	t.Helper()
	var keys []string
	for key, err := range d.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("List(%q): %v", prefix, err)
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func TestPutGetDelete(t *testing.T) {
	d, _ := open(t)
	ctx := t.Context()
	for _, data := range [][]byte{[]byte("one"), []byte("two, longer"), {}} {
		if err := d.Put(ctx, "logs/2026/x", data); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Get(ctx, "logs/2026/x"); err != nil || !bytes.Equal(got, data) {
			t.Errorf("Get after Put(%q) = %q, %v", data, got, err)
		}
	}
	for range 2 {
		if err := d.Delete(ctx, "logs/2026/x"); err != nil {
			t.Errorf("Delete = %v, want nil, whether it is there or not", err)
		}
	}
	if _, err := d.Get(ctx, "logs/2026/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Get of a deleted blob: %v, want fs.ErrNotExist", err)
	}
}

func TestList(t *testing.T) {
	d, _ := open(t)
	for _, key := range []string{"logs/b/2", "logs/a/1", "logs/a/3", "logsx/4", "5"} {
		if err := d.Put(t.Context(), key, nil); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string][]string{
		"":         {"5", "logs/a/1", "logs/a/3", "logs/b/2", "logsx/4"},
		"logs/":    {"logs/a/1", "logs/a/3", "logs/b/2"},
		"logs/a/":  {"logs/a/1", "logs/a/3"},
		"nothing/": nil,
	} {
		if got := keys(t, d, prefix); !slices.Equal(got, want) {
			t.Errorf("List(%q) = %q, want %q", prefix, got, want)
		}
	}
}

func TestListStops(t *testing.T) {
	d, _ := open(t)
	for i := range 3 {
		if err := d.Put(t.Context(), fmt.Sprint(i), nil); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for range d.List(t.Context(), "") {
		seen++
		break
	}
	if seen != 1 {
		t.Errorf("List yielded %d keys, want 1 before the break", seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range d.List(ctx, "") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("List after cancel: %v, want context.Canceled", err)
		}
	}
}

func TestKeysStayInside(t *testing.T) {
	d, _ := open(t)
	ctx := t.Context()
	for _, key := range []string{"", ".", "..", "../x", "a/../../x", "/etc/passwd", "a//b", "a/"} {
		if err := d.Put(ctx, key, nil); err == nil {
			t.Errorf("Put(%q) = nil, want an error", key)
		}
		if _, err := d.Get(ctx, key); err == nil {
			t.Errorf("Get(%q) = nil, want an error", key)
		}
		if err := d.Delete(ctx, key); err == nil {
			t.Errorf("Delete(%q) = nil, want an error", key)
		}
	}
}

func TestSymlinkOutIsRefused(t *testing.T) {
	d, name := open(t)
	if err := os.Symlink(t.TempDir(), filepath.Join(name, "out")); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(t.Context(), "out/x", []byte("x")); err == nil {
		t.Error("Put below a link that leaves the folder = nil, want an error")
	}
}

// A crash leaves a temporary file: it is no blob, and List shows it to whoever clears up.
func TestLeftOvers(t *testing.T) {
	d, name := open(t)
	if err := d.Put(t.Context(), "logs/a", nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(name, "logs", ".tmp-x"), []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := keys(t, d, "logs/"), []string{"logs/.tmp-x", "logs/a"}; !slices.Equal(got, want) {
		t.Errorf("List = %q, want %q", got, want)
	}
}

func TestConcurrent(t *testing.T) {
	d, _ := open(t)
	var wg sync.WaitGroup
	for writer := range 8 {
		wg.Go(func() {
			data := bytes.Repeat([]byte{byte('a' + writer)}, 1000)
			for i := range 5 {
				if err := d.Put(t.Context(), "same/key", data); err != nil {
					t.Error(err)
				}
				if err := d.Put(t.Context(), fmt.Sprintf("own/%d/%d", writer, i), data); err != nil {
					t.Error(err)
				}
				got, err := d.Get(t.Context(), "same/key")
				if err != nil || len(got) != 1000 || len(bytes.Trim(got, string(got[:1]))) != 0 {
					t.Errorf("Get while others put = %.20q (%d bytes), %v, want one writer's blob whole", got, len(got), err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(keys(t, d, "")); got != 41 {
		t.Errorf("List has %d keys, want 41", got)
	}
}
