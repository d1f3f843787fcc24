package sqlstore_test

import (
	"path/filepath"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/sqlstore/storetest"
)

func TestSQLiteAlarms(t *testing.T) {
	storetest.RunAlarms(t, func(t testing.TB) *sqlstore.DB {
		db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
		return db
	})
}
