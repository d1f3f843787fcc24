package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Seal encrypts secrets at rest with AES-256-GCM. Signatures are verified with
// the secret itself, so a hash would not do.
type Seal struct{ aead cipher.AEAD }

// OpenSeal reads the key file at path, or makes one that only its owner can
// read. Whoever loses the file loses the secrets.
func OpenSeal(path string) (*Seal, error) {
	key, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = createKeyFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return &Seal{aead}, nil
}

const keyBytes = 32

func readKeyFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("does not hold %d bytes in base64", keyBytes)
	}
	return key, os.Chmod(path, 0o600)
}

// createKeyFile writes the file whole or not at all.
func createKeyFile(path string) (key []byte, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	key = make([]byte, keyBytes)
	rand.Read(key) // never fails
	_, err = file.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	return key, os.Rename(file.Name(), path)
}

// seal encrypts a secret so that it opens only under the same name.
func (s *Seal) seal(name, secret string) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce) // never fails
	return s.aead.Seal(nonce, nonce, []byte(secret), []byte(name))
}

func (s *Seal) open(name string, sealed []byte) (string, error) {
	size := s.aead.NonceSize()
	if len(sealed) < size {
		return "", fmt.Errorf("secret of %s is damaged", name)
	}
	secret, err := s.aead.Open(nil, sealed[:size], sealed[size:], []byte(name))
	if err != nil {
		return "", fmt.Errorf("secret of %s does not open: the key file is not the one it was sealed with", name)
	}
	return string(secret), nil
}
