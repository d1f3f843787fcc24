package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Writable says why nothing can be written now: the disk is full, or fails. It
// only tries when a write has failed since it last found all well.
func (db *DB) Writable(ctx context.Context) error {
	if !db.unwritable.Load() {
		return nil
	}
	if err := db.tryWriting(ctx); err != nil {
		return fmt.Errorf("store cannot be written to: %w", err)
	}
	db.unwritable.Store(false)
	return nil
}

// tryWriting writes more than what small writes may find room for where failed
// ones have left some.
func (db *DB) tryWriting(ctx context.Context) error {
	row := strings.Repeat("-", 256<<10)
	clear := func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM schema_migration WHERE name = $1`, row)
		return err
	}
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		if err := clear(tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO schema_migration (name, applied_ms) VALUES ($1, 0)`, row)
		return err
	})
	if err != nil {
		return err
	}
	return db.inTx(ctx, clear)
}

// noteWrite remembers a write that failed for the disk's sake.
func (db *DB) noteWrite(err error) {
	if isDiskFailure(err) {
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
