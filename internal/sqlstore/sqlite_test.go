package sqlstore_test

import (
	"path/filepath"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/sqlstore/storetest"
)

// openSQLite opens an empty store that is closed when the test ends.
func openSQLite(tb testing.TB) *sqlstore.DB {
	tb.Helper()
	db, err := sqlstore.Open(tb.Context(), filepath.Join(tb.TempDir(), "tocsin.db"))
	if err != nil {
		tb.Fatalf("Open: %v", err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return db
}

func TestSQLiteAccess(t *testing.T)  { storetest.RunAccess(t, openSQLite) }
func TestSQLiteAlarms(t *testing.T)  { storetest.RunAlarms(t, openSQLite) }
func TestSQLiteJournal(t *testing.T) { storetest.RunJournal(t, openSQLite) }
func TestSQLiteLogs(t *testing.T)    { storetest.RunLogs(t, openSQLite) }
func TestSQLiteMetrics(t *testing.T) { storetest.RunMetrics(t, openSQLite) }
func TestSQLiteTopics(t *testing.T)  { storetest.RunTopics(t, openSQLite) }
