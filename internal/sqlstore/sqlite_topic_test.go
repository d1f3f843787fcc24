package sqlstore_test

import (
	"path/filepath"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/sqlstore/storetest"
)

func TestTopics(t *testing.T) {
	storetest.RunTopics(t, func(tb testing.TB) *sqlstore.DB {
		tb.Helper()
		db, err := sqlstore.Open(tb.Context(), filepath.Join(tb.TempDir(), "tocsin.db"))
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() {
			if err := db.Close(); err != nil {
				tb.Error(err)
			}
		})
		return db
	})
}
