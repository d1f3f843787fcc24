package deliver

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type signatureVector struct {
	ID               string            `json:"id"`
	Kind             string            `json:"kind"`
	Feature          string            `json:"feature"`
	Message          map[string]string `json:"message"`
	SignatureVersion SignatureVersion  `json:"signature_version"`
	Canonical        string            `json:"canonical"`
	PublicKey        string            `json:"public_key_pem"`
	Signature        string            `json:"signature"`
	Note             string            `json:"note"`
	Source           string            `json:"source"`
	Confidence       string            `json:"confidence"`
}

// TestVectorsSignatures holds what we sign against messages signed elsewhere.
func TestVectorsSignatures(t *testing.T) {
	passed, failed := 0, 0
	for _, v := range signatureVectors(t) {
		fields := []field{}
		for key, value := range v.Message {
			fields = append(fields, field{key, value})
		}
		got := canonical(fields, signedKeys(topic.MessageType(v.Message["Type"])))
		err := v.verify(got)
		if got == v.Canonical && err == nil {
			passed++
			continue
		}
		failed++
		if v.Confidence != "inferred" && v.Confidence != "low" {
			t.Errorf("%s: canonical = %q, signature %v, want %q", v.ID, got, err, v.Canonical)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func (v signatureVector) verify(text string) error {
	block, _ := pem.Decode([]byte(v.PublicKey))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return err
	}
	signature, err := base64.StdEncoding.DecodeString(v.Signature)
	if err != nil {
		return err
	}
	hash, sum := digest(v.SignatureVersion, text)
	return rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), hash, sum, signature)
}

func signatureVectors(t *testing.T) (found []signatureVector) {
	t.Helper()
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var kind struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		if kind.Kind != "signature" {
			continue
		}
		var v signatureVector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		found = append(found, v)
	}
	return found
}
