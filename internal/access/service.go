package access

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Store remembers access keys.
type Store interface {
	// PutRootKey makes key the only root key of its account. A key of the same
	// id is replaced, whoever it stood for.
	PutRootKey(ctx context.Context, key StoredKey) error
	// Key finds a key by its id; false if there is none.
	Key(ctx context.Context, id string) (StoredKey, bool, error)
	// RootKey finds the root key of an account; false if there is none.
	RootKey(ctx context.Context, account string) (StoredKey, bool, error)
}

// Service knows the access keys.
type Service struct {
	store Store
	seal  *Seal
	now   func() time.Time
}

// New returns the service over a store whose secrets are sealed with seal.
// A nil now is time.Now.
func New(store Store, seal *Seal, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: store, seal: seal, now: now}
}

// Lookup finds an access key and whom it stands for; false if there is none.
func (s *Service) Lookup(ctx context.Context, accessKeyID string) (Key, bool, error) {
	stored, ok, err := s.store.Key(ctx, accessKeyID)
	if err != nil || !ok {
		return Key{}, false, err
	}
	secret, err := s.seal.open(stored.ID, stored.Sealed)
	if err != nil {
		return Key{}, false, err
	}
	return Key{Secret: secret, Caller: root(stored.Account, stored.ID)}, true, nil
}

// root is the caller that an account's root key stands for.
func root(account, keyID string) Caller {
	name := arn.ARN{Partition: "aws", Service: "iam", Account: account, Resource: "root"}
	return Caller{Account: account, ARN: name.String(), UserID: account, AccessKeyID: keyID, Root: true}
}

// Root says how the root key of an account came to be.
type Root struct {
	Account     string
	AccessKeyID string
	Secret      string // only of a key made just now: the one time to show it
	Origin      Origin
}

// Origin is how a root key came to be.
type Origin int

// The origins.
const (
	Kept    Origin = iota // it was there already
	Created               // made just now
	Given                 // taken from the operator just now, in place of any other
)

// EnsureRoot sees to it that the account has a root key. If id and secret are
// given, that is the key; else one is made unless there is one already. It
// fails early if the stored key does not open.
func (s *Service) EnsureRoot(ctx context.Context, account, id, secret string) (Root, error) {
	stored, ok, err := s.store.RootKey(ctx, account)
	if err != nil {
		return Root{}, fmt.Errorf("root key of %s: %w", account, err)
	}
	switch {
	case id != "" || secret != "":
		return s.takeRoot(ctx, account, id, secret)
	case !ok:
		return s.createRoot(ctx, account)
	}
	if _, err := s.seal.open(stored.ID, stored.Sealed); err != nil {
		return Root{}, fmt.Errorf("root key of %s: %w", account, err)
	}
	return Root{Account: account, AccessKeyID: stored.ID, Origin: Kept}, nil
}

func (s *Service) createRoot(ctx context.Context, account string) (Root, error) {
	made := Root{Account: account, AccessKeyID: newKeyID(), Secret: newSecret(), Origin: Created}
	return made, s.putRoot(ctx, account, made.AccessKeyID, made.Secret)
}

// takeRoot stores the operator's key, unless it is the one that is there. A
// stored key that does not open is replaced: this is the way back in for those
// who lost the key file.
func (s *Service) takeRoot(ctx context.Context, account, id, secret string) (Root, error) {
	if err := checkGiven(id, secret); err != nil {
		return Root{}, err
	}
	have, ok, err := s.Lookup(ctx, id)
	if err == nil && ok && have.Secret == secret && have.Caller == root(account, id) {
		return Root{Account: account, AccessKeyID: id, Origin: Kept}, nil
	}
	return Root{Account: account, AccessKeyID: id, Origin: Given}, s.putRoot(ctx, account, id, secret)
}

func (s *Service) putRoot(ctx context.Context, account, id, secret string) error {
	err := s.store.PutRootKey(ctx, StoredKey{
		ID: id, Account: account, Principal: PrincipalRoot, Sealed: s.seal.seal(id, secret), Created: s.now(),
	})
	if err != nil {
		return fmt.Errorf("put root key of %s: %w", account, err)
	}
	return nil
}
