package access_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

const account = "111122223333"

// start opens the service over a data folder, as serve does.
func start(t *testing.T, dir string) *access.Service {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(dir, "tocsin.db"))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	seal, err := access.OpenSeal(filepath.Join(dir, "secret.key"))
	if err != nil {
		t.Fatalf("OpenSeal: %v", err)
	}
	return access.New(db.Access(), seal, nil)
}

func ensure(t *testing.T, s *access.Service, id, secret string) access.Root {
	t.Helper()
	got, err := s.EnsureRoot(t.Context(), account, id, secret)
	if err != nil {
		t.Fatalf("EnsureRoot(%q): %v", id, err)
	}
	return got
}

func wantKey(t *testing.T, s *access.Service, id, secret string) {
	t.Helper()
	want := access.Key{Secret: secret, Caller: access.Caller{Account: account, ARN: "arn:aws:iam::111122223333:root", UserID: account, AccessKeyID: id, Root: true}}
	if got, ok, err := s.Lookup(t.Context(), id); err != nil || !ok || got != want {
		t.Errorf("Lookup(%s) = %+v, %t, %v, want %+v", id, got, ok, err, want)
	}
}

func TestFirstStartCreatesARootKey(t *testing.T) {
	dir := t.TempDir()
	first := ensure(t, start(t, dir), "", "")
	if first.Origin != access.Created || !regexp.MustCompile(`^AKIA[A-Z2-7]{16}$`).MatchString(first.AccessKeyID) || len(first.Secret) != 40 {
		t.Fatalf("EnsureRoot() = %+v, want a new key of AWS's shape", first)
	}
	second := start(t, dir)
	if got, want := ensure(t, second, "", ""), (access.Root{Account: account, AccessKeyID: first.AccessKeyID, Origin: access.Kept}); got != want {
		t.Errorf("EnsureRoot() again = %+v, want %+v", got, want)
	}
	wantKey(t, second, first.AccessKeyID, first.Secret)
}

func TestGivenKeyReplaces(t *testing.T) {
	s := start(t, t.TempDir())
	created := ensure(t, s, "", "")
	for _, step := range []struct {
		id, secret string
		want       access.Origin
	}{
		{"test", "test", access.Given},
		{"test", "test", access.Kept},
		{"test", "other", access.Given},
		{"AKIAIOSFODNN7EXAMPLE", "other", access.Given},
	} {
		got := ensure(t, s, step.id, step.secret)
		if want := (access.Root{Account: account, AccessKeyID: step.id, Origin: step.want}); got != want {
			t.Errorf("EnsureRoot(%s, %s) = %+v, want %+v", step.id, step.secret, got, want)
		}
		wantKey(t, s, step.id, step.secret)
	}
	for _, gone := range []string{created.AccessKeyID, "test", "nobody"} {
		if got, ok, err := s.Lookup(t.Context(), gone); ok || err != nil {
			t.Errorf("Lookup(%s) = %+v, %t, %v, want none", gone, got, ok, err)
		}
	}
	if got := ensure(t, s, "", ""); got.Origin != access.Kept || got.AccessKeyID != "AKIAIOSFODNN7EXAMPLE" {
		t.Errorf("EnsureRoot() = %+v, want the last key given", got)
	}
}

func TestEnsureRootRefuses(t *testing.T) {
	s := start(t, t.TempDir())
	for _, tt := range []struct{ id, secret, want string }{
		{"test", "", "a root access key needs both its id and its secret"},
		{"", "test", "a root access key needs both its id and its secret"},
		{"a/b", "test", "a root access key id has 1 to 128 letters, digits and underscores"},
		{"test", strings.Repeat("x", 129), "a root secret access key has at most 128 characters"},
	} {
		if _, err := s.EnsureRoot(t.Context(), account, tt.id, tt.secret); err == nil || err.Error() != tt.want {
			t.Errorf("EnsureRoot(%q, %q) = %v, want %s", tt.id, tt.secret, err, tt.want)
		}
	}
}

func TestSecretsAreSealed(t *testing.T) {
	dir := t.TempDir()
	made := ensure(t, start(t, dir), "", "")
	for _, name := range []string{"tocsin.db", "tocsin.db-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), made.Secret) {
			t.Errorf("%s has the secret in the open", name)
		}
	}
	key := filepath.Join(dir, "secret.key")
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("Stat(secret.key) = %v, %v, want mode 0600", info.Mode(), err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	const want = "does not open: the key file is not the one it was sealed with"
	other := start(t, dir)
	if _, err := other.EnsureRoot(t.Context(), account, "", ""); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("EnsureRoot() with another key file = %v, want %s", err, want)
	}
	if _, _, err := other.Lookup(t.Context(), made.AccessKeyID); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Lookup() with another key file = %v, want %s", err, want)
	}
	if got := ensure(t, other, made.AccessKeyID, "new"); got.Origin != access.Given {
		t.Errorf("EnsureRoot(given) = %+v, want the way back in", got)
	}
}

func TestOpenSealRefusesADamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	for _, text := range []string{"", "c2hvcnQ=\n", "not base64"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := access.OpenSeal(path); err == nil || !strings.Contains(err.Error(), "does not hold 32 bytes in base64") {
			t.Errorf("OpenSeal(%q) = %v, want a damaged file", text, err)
		}
	}
	if _, err := access.OpenSeal(filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
		t.Error("OpenSeal(no folder) = nil, want an error")
	}
}
