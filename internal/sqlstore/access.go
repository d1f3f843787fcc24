package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tocsin-dev/tocsin/internal/access"
)

// Access keeps access keys.
type Access struct{ db *DB }

var _ access.Store = (*Access)(nil)

// Access is the store of package access.
func (db *DB) Access() *Access { return &Access{db} }

const accessKeyColumns = `SELECT id, account, principal, sealed, created_ms FROM access_key `

// PutRootKey makes key the only root key of its account.
func (s *Access) PutRootKey(ctx context.Context, key access.StoredKey) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM access_key WHERE id = $1 OR account = $2 AND principal = $3`,
			key.ID, key.Account, access.PrincipalRoot)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO access_key (id, account, principal, sealed, created_ms) VALUES ($1, $2, $3, $4, $5)`,
			key.ID, key.Account, access.PrincipalRoot, key.Sealed, millis(key.Created))
		return err
	})
}

// Key finds a key by its id.
func (s *Access) Key(ctx context.Context, id string) (access.StoredKey, bool, error) {
	return scanAccessKey(s.db.read.QueryRowContext(ctx, accessKeyColumns+`WHERE id = $1`, id))
}

// RootKey finds the root key of an account.
func (s *Access) RootKey(ctx context.Context, account string) (access.StoredKey, bool, error) {
	return scanAccessKey(s.db.read.QueryRowContext(ctx, accessKeyColumns+`WHERE account = $1 AND principal = $2`, account, access.PrincipalRoot))
}

func scanAccessKey(row *sql.Row) (access.StoredKey, bool, error) {
	var key access.StoredKey
	var created int64
	err := row.Scan(&key.ID, &key.Account, &key.Principal, &key.Sealed, &created)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return access.StoredKey{}, false, nil
	case err != nil:
		return access.StoredKey{}, false, fmt.Errorf("read access key: %w", err)
	}
	key.Created = fromMillis(created)
	return key, true, nil
}
