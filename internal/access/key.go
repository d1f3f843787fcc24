package access

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"regexp"
	"time"
)

// Key is an access key with its secret in the open. It lives in memory only.
type Key struct {
	Secret       string
	SessionToken string // of temporary credentials; empty for long-term keys
	Caller       Caller // whom the key stands for
}

// StoredKey is an access key at rest.
type StoredKey struct {
	ID        string
	Account   string
	Principal string // PrincipalRoot
	Sealed    []byte // the secret, encrypted for this ID
	Created   time.Time
}

// PrincipalRoot is the Principal of an account's root key.
const PrincipalRoot = "root"

// newKeyID makes a name as AWS's long-term keys have: AKIA and 16 characters.
func newKeyID() string {
	random := make([]byte, 10)
	rand.Read(random) // never fails
	return "AKIA" + base32.StdEncoding.EncodeToString(random)
}

// newSecret makes 40 characters from 240 random bits.
func newSecret() string {
	random := make([]byte, 30)
	rand.Read(random) // never fails
	return base64.StdEncoding.EncodeToString(random)
}

var keyIDPattern = regexp.MustCompile(`^\w{1,128}$`)

// checkGiven holds a key of the operator's choice against what a signature can
// carry. Short ones are accepted: many test set-ups use test and test.
func checkGiven(id, secret string) error {
	switch {
	case id == "" || secret == "":
		return errors.New("a root access key needs both its id and its secret")
	case !keyIDPattern.MatchString(id):
		return errors.New("a root access key id has 1 to 128 letters, digits and underscores")
	case len(secret) > 128:
		return errors.New("a root secret access key has at most 128 characters")
	}
	return nil
}
