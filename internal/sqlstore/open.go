// Package sqlstore is all of Tocsin's SQL. One database handle serves the
// stores that the stations declare; each station has its file here and its own
// migration. Statements stay in the subset that SQLite and PostgreSQL share:
// $N parameters, upserts, RETURNING, times bound from Go as integer
// milliseconds, JSON opaque.
package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"runtime"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the "sqlite" database/sql driver
)

//go:embed migrations
var migrations embed.FS

// DB is an open store. SQLite allows one writer at a time: writes go through
// one connection, reads through a pool that sees the last commit (WAL).
type DB struct {
	write, read *sql.DB
	unwritable  atomic.Bool // a write has failed for want of room or the like
}

// Open opens the SQLite file at path, creating it if needed, and brings its
// schema up to date. Close it after use.
func Open(ctx context.Context, path string) (*DB, error) {
	db := &DB{}
	for _, handle := range []struct {
		to    **sql.DB
		conns int
		mode  string
	}{{&db.write, 1, "immediate"}, {&db.read, max(4, runtime.NumCPU()), "deferred"}} {
		opened, err := sql.Open("sqlite", dsn(path, handle.mode))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
		}
		opened.SetMaxOpenConns(handle.conns)
		opened.SetMaxIdleConns(handle.conns)
		*handle.to = opened
	}
	if err := db.migrate(ctx, "sqlite"); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return db, nil
}

func dsn(path, txlock string) string {
	q := url.Values{"_txlock": {txlock}}
	for _, pragma := range []string{"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(10000)", "cache_size(-8000)"} {
		q.Add("_pragma", pragma)
	}
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: q.Encode()}).String()
}

// Close closes the handles; it may be called twice.
func (db *DB) Close() error {
	var errs []error
	for _, handle := range []*sql.DB{db.read, db.write} {
		if handle != nil {
			errs = append(errs, handle.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping says whether the store answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	if err := db.read.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// migrate applies the numbered files of migrations/<dialect> that the database
// has not seen, each in a transaction, in the order of their names.
func (db *DB) migrate(ctx context.Context, dialect string) error {
	const table = `CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, applied_ms BIGINT NOT NULL)`
	if _, err := db.write.ExecContext(ctx, table); err != nil {
		return fmt.Errorf("create schema_migration: %w", err)
	}
	names, err := fs.Glob(migrations, "migrations/"+dialect+"/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	for _, name := range names {
		if err := db.apply(ctx, name); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

func (db *DB) apply(ctx context.Context, name string) error {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	short := name[strings.LastIndex(name, "/")+1:]
	return db.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO schema_migration (name, applied_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
			short, time.Now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, string(script))
		return err
	})
}

// inTx runs fn in a write transaction: committed when fn returns nil, rolled
// back otherwise.
func (db *DB) inTx(ctx context.Context, fn func(*sql.Tx) error) (err error) {
	defer func() { db.noteWrite(err) }()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
