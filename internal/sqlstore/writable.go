package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Writable says why nothing can be written now: the disk is full, or fails. It
// only tries when the last write has failed.
func (db *DB) Writable(ctx context.Context) error {
	if !db.unwritable.Load() {
		return nil
	}
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE schema_migration SET applied_ms = applied_ms`)
		return err
	})
	if err != nil {
		return fmt.Errorf("store cannot be written to: %w", err)
	}
	return nil
}

// noteWrite remembers what became of a write.
func (db *DB) noteWrite(err error) {
	switch {
	case err == nil:
		db.unwritable.Store(false)
	case isDiskFailure(err):
		db.unwritable.Store(true)
	}
}

// isDiskFailure tells what is the disk's fault from what is the statement's.
func isDiskFailure(err error) bool {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return false
	}
	switch failure.Code() & 0xff { // without the extension
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}
