package deliver

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func TestSignerIsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	first, err := OpenSigner(dir, SHA256)
	if err != nil {
		t.Fatalf("OpenSigner: %v", err)
	}
	again, err := OpenSigner(dir, SHA1)
	if err != nil || !bytes.Equal(first.Certificate(), again.Certificate()) || first.CertificatePath() != again.CertificatePath() {
		t.Errorf("OpenSigner again = %v, %v, want the same certificate", again, err)
	}
	info, err := os.Stat(filepath.Join(dir, "sns-signing.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the key = %v, %v, want 0600", info.Mode(), err)
	}
	if bytes.Contains(first.Certificate(), []byte("PRIVATE")) {
		t.Error("Certificate holds the private key")
	}
	if _, err := OpenSigner(dir, "3"); err == nil {
		t.Error("OpenSigner(version 3) = nil, want an error")
	}
}

func TestEnvelopesVerify(t *testing.T) {
	for _, version := range []SignatureVersion{SHA1, SHA256} {
		signer, err := OpenSigner(t.TempDir(), version)
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewComposer(Options{PublicURL: "http://127.0.0.1:4566", Signer: signer})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []topic.Message{
			{ID: "1", TopicARN: "arn:aws:sns:us-east-1:111122223333:t", Subject: "s", Body: "b <&>"},
			{ID: "2", TopicARN: "arn:aws:sns:us-east-1:111122223333:t", Body: "no subject"},
			{ID: "3", TopicARN: "arn:aws:sns:us-east-1:111122223333:t", Type: topic.SubscriptionConfirmation, Token: "2336412f37"},
		} {
			text, err := c.envelope(topic.Delivery{Message: m})
			if err != nil {
				t.Fatalf("envelope: %v", err)
			}
			verify(t, text, signer)
		}
	}
}

// verify checks an envelope as a receiver does, by the keys the guide lists.
func verify(t *testing.T, text string, signer *Signer) {
	t.Helper()
	var envelope map[string]string
	if err := json.Unmarshal([]byte(text), &envelope); err != nil {
		t.Fatalf("Unmarshal(%s): %v", text, err)
	}
	keys := []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	if envelope["Type"] != "Notification" {
		keys = []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
	}
	signed := ""
	for _, key := range keys {
		if value, ok := envelope[key]; ok {
			signed += key + "\n" + value + "\n"
		}
	}
	block, _ := pem.Decode(signer.Certificate())
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(envelope["Signature"])
	if err != nil {
		t.Fatal(err)
	}
	hash, sum := digest(SignatureVersion(envelope["SignatureVersion"]), signed)
	if err := rsa.VerifyPKCS1v15(certificate.PublicKey.(*rsa.PublicKey), hash, sum, signature); err != nil {
		t.Errorf("signature of %s: %v", text, err)
	}
	if !strings.HasSuffix(envelope["SigningCertURL"], signer.CertificatePath()) {
		t.Errorf("SigningCertURL = %s, want it to end in %s", envelope["SigningCertURL"], signer.CertificatePath())
	}
}
