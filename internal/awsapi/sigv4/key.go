package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// maxKeys bounds the cache. A key lives for a day, a region and a service, so
// this is some dozens of busy clients.
const maxKeys = 512

// keyCache remembers signing keys. Only keys that have verified a signature
// get in, so strangers cannot fill it. When it is full it starts afresh: that
// costs four hashes per key and needs no bookkeeping.
type keyCache struct {
	mu   sync.Mutex
	keys map[keyID][]byte
}

// keyID has the secret, so that a replaced secret never finds the old key.
type keyID struct {
	Credential
	secret string
}

func (k *keyCache) get(c Credential, secret string) ([]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[keyID{c, secret}]
	return key, ok
}

func (k *keyCache) put(c Credential, secret string, key []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= maxKeys {
		k.keys = make(map[keyID][]byte)
	}
	k.keys[keyID{c, secret}] = key
}

// deriveKey makes the signing key of a scope.
func deriveKey(secret string, c Credential) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{c.Date, c.Region, c.Service, terminator} {
		key = mac(key, part)
	}
	return key
}

// sign is the signature as requests carry it, in lower-case hexadecimal.
func sign(key []byte, text string) string { return hex.EncodeToString(mac(key, text)) }

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hexHash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
