package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

// RunAccess is what package access asks of its store.
func RunAccess(t *testing.T, open func(testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*testing.T, access.Store){
		"RootKeyRoundTrip":       rootKeyRoundTrip,
		"RootKeyReplaces":        rootKeyReplaces,
		"RootKeyMovesByID":       rootKeyMovesByID,
		"RootKeysOfTwoAccounts":  rootKeysOfTwoAccounts,
		"NoKeyIsNotAnError":      noKeyIsNotAnError,
		"KeyIDsAreCaseSensitive": keyIDsAreCaseSensitive,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Access()) })
	}
}

func rootKey(id, account string) access.StoredKey {
	return access.StoredKey{ID: id, Account: account, Principal: access.PrincipalRoot, Sealed: []byte{0, 1, 255},
		Created: time.UnixMilli(1795182813262).UTC()}
}

func putRootKey(t *testing.T, s access.Store, key access.StoredKey) {
	t.Helper()
	if err := s.PutRootKey(t.Context(), key); err != nil {
		t.Fatalf("PutRootKey(%s): %v", key.ID, err)
	}
}

// wantRoot checks both ways to the key of an account.
func wantRoot(t *testing.T, s access.Store, want access.StoredKey) {
	t.Helper()
	if got, ok, err := s.Key(t.Context(), want.ID); err != nil || !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("Key(%s) = %+v, %t, %v, want %+v", want.ID, got, ok, err, want)
	}
	if got, ok, err := s.RootKey(t.Context(), want.Account); err != nil || !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("RootKey(%s) = %+v, %t, %v, want %+v", want.Account, got, ok, err, want)
	}
}

func wantNoKey(t *testing.T, s access.Store, id string) {
	t.Helper()
	if got, ok, err := s.Key(t.Context(), id); err != nil || ok {
		t.Errorf("Key(%s) = %+v, %t, %v, want none", id, got, ok, err)
	}
}

func rootKeyRoundTrip(t *testing.T, s access.Store) {
	putRootKey(t, s, rootKey("AKIAONE", "111122223333"))
	wantRoot(t, s, rootKey("AKIAONE", "111122223333"))
}

func rootKeyReplaces(t *testing.T, s access.Store) {
	putRootKey(t, s, rootKey("AKIAONE", "111122223333"))
	putRootKey(t, s, rootKey("AKIATWO", "111122223333"))
	wantRoot(t, s, rootKey("AKIATWO", "111122223333"))
	wantNoKey(t, s, "AKIAONE")

	again := rootKey("AKIATWO", "111122223333")
	again.Sealed = []byte("another")
	putRootKey(t, s, again)
	wantRoot(t, s, again)
}

func rootKeyMovesByID(t *testing.T, s access.Store) {
	putRootKey(t, s, rootKey("AKIAONE", "111122223333"))
	putRootKey(t, s, rootKey("AKIAONE", "444455556666"))
	wantRoot(t, s, rootKey("AKIAONE", "444455556666"))
	if got, ok, err := s.RootKey(t.Context(), "111122223333"); err != nil || ok {
		t.Errorf("RootKey(111122223333) = %+v, %t, %v, want none", got, ok, err)
	}
}

func rootKeysOfTwoAccounts(t *testing.T, s access.Store) {
	putRootKey(t, s, rootKey("AKIAONE", "111122223333"))
	putRootKey(t, s, rootKey("AKIATWO", "444455556666"))
	wantRoot(t, s, rootKey("AKIAONE", "111122223333"))
	wantRoot(t, s, rootKey("AKIATWO", "444455556666"))
}

func noKeyIsNotAnError(t *testing.T, s access.Store) {
	wantNoKey(t, s, "AKIANOBODY")
	wantNoKey(t, s, "")
	if got, ok, err := s.RootKey(t.Context(), "111122223333"); err != nil || ok {
		t.Errorf("RootKey(111122223333) = %+v, %t, %v, want none", got, ok, err)
	}
}

func keyIDsAreCaseSensitive(t *testing.T, s access.Store) {
	putRootKey(t, s, rootKey("AKIAONE", "111122223333"))
	wantNoKey(t, s, "akiaone")
}
