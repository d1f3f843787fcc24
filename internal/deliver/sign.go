package deliver

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// SignatureVersion names the hash that envelopes are signed with.
type SignatureVersion string

// The versions. AWS's default is the first.
const (
	SHA1   SignatureVersion = "1"
	SHA256 SignatureVersion = "2"
)

// Signer signs envelopes as SNS does. Receivers have to trust its certificate:
// AWS's own validators accept certificates from amazonaws.com only.
type Signer struct {
	version     SignatureVersion
	key         *rsa.PrivateKey
	certificate []byte // PEM
	path        string
}

// OpenSigner reads the key and certificate in dir, or makes them on the first
// start. The key is readable by its owner only.
func OpenSigner(dir string, version SignatureVersion) (*Signer, error) {
	if version != SHA1 && version != SHA256 {
		return nil, fmt.Errorf("signature version %q: want 1 or 2", version)
	}
	path := filepath.Join(dir, "sns-signing.pem")
	stored, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if stored, err = newKeyPair(); err == nil {
			err = writeFile(path, stored)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open signing key: %w", err)
	}
	s, err := parseSigner(stored, version)
	if err != nil {
		return nil, fmt.Errorf("read signing key %s: %w", path, err)
	}
	return s, nil
}

func newKeyPair() ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "Tocsin notification signing"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(20, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})...), nil
}

func parseSigner(stored []byte, version SignatureVersion) (*Signer, error) {
	private, rest := pem.Decode(stored)
	certificate, _ := pem.Decode(rest)
	if private == nil || certificate == nil || certificate.Type != "CERTIFICATE" {
		return nil, errors.New("want a private key and a certificate in PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(private.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("want an RSA key, not %T", parsed)
	}
	sum := sha256.Sum256(certificate.Bytes)
	return &Signer{version: version, key: key, certificate: pem.EncodeToMemory(certificate),
		path: "/SimpleNotificationService-" + hex.EncodeToString(sum[:16]) + ".pem"}, nil
}

// Version is the SignatureVersion of a topic's envelopes: what the topic's
// attribute asks for or, if that is empty, the signer's own.
func (s *Signer) Version(wanted string) SignatureVersion {
	return cmp.Or(SignatureVersion(wanted), s.version)
}

// Certificate is what signatures are verified with, in PEM.
func (s *Signer) Certificate() []byte { return s.certificate }

// CertificatePath is where on our API the certificate is served.
func (s *Signer) CertificatePath() string { return s.path }

// Sign returns the signature of a text in Base64.
func (s *Signer) Sign(version SignatureVersion, text string) (string, error) {
	hash, digest := digest(version, text)
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, hash, digest)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return base64.StdEncoding.EncodeToString(signature), nil
}

func digest(version SignatureVersion, text string) (crypto.Hash, []byte) {
	if version == SHA1 { // what AWS's version 1 is
		sum := sha1.Sum([]byte(text))
		return crypto.SHA1, sum[:]
	}
	sum := sha256.Sum256([]byte(text))
	return crypto.SHA256, sum[:]
}
