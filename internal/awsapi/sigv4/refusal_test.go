package sigv4_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/tocsin-dev/tocsin/internal/awsapi/sigv4"
)

var (
	longTerm  = aws.Credentials{AccessKeyID: testID, SecretAccessKey: testSecret}
	temporary = aws.Credentials{AccessKeyID: tokenID, SecretAccessKey: testSecret, SessionToken: testToken}
)

const actionBody = "Action=GetCallerIdentity&Version=2011-06-15"

// signedRequest is an sts request that verifies.
func signedRequest(t testing.TB, credentials aws.Credentials) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:4566/", strings.NewReader(actionBody))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("X-Amz-Target", "Logs_20140328.PutLogEvents")
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, r, hash(actionBody), "sts", "us-east-1", testTime); err != nil {
		t.Fatal(err)
	}
	return arrive(t, r, []byte(actionBody))
}

func edit(header, old, new string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(header, strings.Replace(r.Header.Get(header), old, new, 1)) }
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestVerifyRefusal(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*http.Request)
		body    string
		now     time.Time
		check   sigv4.Check // but for the lookup and the clock
		reason  sigv4.Reason
		message string
		code    string
	}{
		{name: "no signature", reason: sigv4.Missing, change: func(r *http.Request) { r.Header.Del("Authorization") },
			message: "Missing Authentication Token", code: "MissingAuthenticationToken"},
		{name: "bearer token", reason: sigv4.Missing, change: func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer abc")
			r.Header.Del("X-Amz-Target")
		},
			message: "Request is missing Authentication Token", code: "MissingAuthenticationToken"},
		{name: "version 2 header", reason: sigv4.Version2, change: func(r *http.Request) { r.Header.Set("Authorization", "AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=") },
			message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
			code:    "IncompleteSignature"},
		{name: "version 2 query", reason: sigv4.Version2, change: func(r *http.Request) {
			r.Header.Del("Authorization")
			r.RequestURI = "/?AWSAccessKeyId=AKIDEXAMPLE&Signature=x&Expires=1795186425"
		},
			message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
			code:    "IncompleteSignature"},
		{name: "version 2 form", reason: sigv4.Version2, change: func(r *http.Request) { r.Header.Del("Authorization") },
			body:    "AWSAccessKeyId=AKIDEXAMPLE&Action=ListTopics&SignatureVersion=2",
			message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
			code:    "IncompleteSignature"},
		{name: "two signatures", reason: sigv4.WrongScope, change: func(r *http.Request) { r.RequestURI = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" },
			message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
			code:    "SignatureDoesNotMatch"},
		{name: "empty presigned", reason: sigv4.Incomplete, change: func(r *http.Request) { r.Header.Del("Authorization"); r.RequestURI = "/?X-Amz-Algorithm" },
			message: "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. " +
				"AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. " +
				"AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
			code: "IncompleteSignature"},
		{name: "no date and nothing else", reason: sigv4.Incomplete, change: func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256")
			r.Header.Del("X-Amz-Date")
		},
			message: "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
				"Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
				"(Hashed with SHA-256 and encoded with Base64) Authorization=" + fingerprint("AWS4-HMAC-SHA256"),
			code: "IncompleteSignature"},
		{name: "no equal-sign", reason: sigv4.Incomplete, change: edit("Authorization", "Credential=", "Credential "),
			message: "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): " +
				"'" + fingerprint("Credential") + "'.",
			code: "IncompleteSignature"},
		{name: "unreadable date", reason: sigv4.Incomplete, change: edit("X-Amz-Date", "20150830T123600Z", "2015-08-30T12:36:00Z"),
			message: "Date must be in ISO-8601 'basic format'. Got '2015-08-30T12:36:00Z'. See http://en.wikipedia.org/wiki/ISO_8601",
			code:    "IncompleteSignature"},
		{name: "signed too long ago", reason: sigv4.Skewed, now: testTime.Add(15*time.Minute + time.Second),
			message: "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)",
			code:    "SignatureDoesNotMatch"},
		{name: "signed in the future", reason: sigv4.Skewed, now: testTime.Add(-15*time.Minute - time.Second),
			message: "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)",
			code:    "SignatureDoesNotMatch"},
		{name: "host not signed", reason: sigv4.Unsigned, change: edit("Authorization", ";host;", ";"),
			message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
			code:    "SignatureDoesNotMatch"},
		{name: "target not signed", reason: sigv4.Unsigned, change: edit("Authorization", ";x-amz-target", ""),
			message: "There were headers present in the request which were not signed",
			code:    "SignatureDoesNotMatch"},
		{name: "added header", reason: sigv4.Unsigned, change: func(r *http.Request) { r.Header.Set("X-Amz-Anything", "1") },
			message: "There were headers present in the request which were not signed",
			code:    "SignatureDoesNotMatch"},
		{name: "other algorithm", reason: sigv4.Incomplete, change: edit("Authorization", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
			message: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). ",
			code:    "IncompleteSignature"},
		{name: "short credential", reason: sigv4.Incomplete, change: edit("Authorization", "/sts/aws4_request", ""),
			message: "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20150830/us-east-1'",
			code:    "IncompleteSignature"},
		{name: "everything wrong in the scope", reason: sigv4.WrongScope, change: edit("Authorization", "20150830/us-east-1/sts/aws4_request", "20150831/somewhere/sts/aws5_request"),
			check: sigv4.Check{Service: "iam"},
			message: "Credential should be scoped to a valid region, not 'somewhere'. Credential should be scoped to correct service: 'iam'. " +
				"Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. " +
				"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150831' != '20150830', from '20150830T123600Z'.",
			code: "SignatureDoesNotMatch"},
		{name: "other region than wanted", reason: sigv4.WrongScope, check: sigv4.Check{Region: "eu-west-1"},
			message: "Credential should be scoped to a valid region, not 'us-east-1'.",
			code:    "SignatureDoesNotMatch"},
		{name: "unknown key", reason: sigv4.UnknownKey, change: edit("Authorization", testID, "AKIANOBODY"),
			message: "The security token included in the request is invalid.",
			code:    "InvalidClientTokenId"},
		{name: "token of nobody", reason: sigv4.UnknownKey, change: func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") },
			message: "The security token included in the request is invalid.",
			code:    "InvalidClientTokenId"},
		{name: "another body", reason: sigv4.SignatureMismatch, body: strings.Replace(actionBody, "GetCallerIdentity", "DeleteEverything!", 1),
			message: mismatch, code: "SignatureDoesNotMatch"},
		{name: "another header", reason: sigv4.SignatureMismatch, change: edit("X-Amz-Target", "Put", "Get"),
			message: mismatch, code: "SignatureDoesNotMatch"},
		{name: "another host", reason: sigv4.SignatureMismatch, change: func(r *http.Request) { r.Host = "evil.example" },
			message: mismatch, code: "SignatureDoesNotMatch"},
		{name: "another path", reason: sigv4.SignatureMismatch, change: func(r *http.Request) { r.RequestURI = "/x" },
			message: mismatch, code: "SignatureDoesNotMatch"},
		{name: "another query", reason: sigv4.SignatureMismatch, change: func(r *http.Request) { r.RequestURI = "/?Action=DeleteTopic" },
			message: mismatch, code: "SignatureDoesNotMatch"},
		{name: "another method", reason: sigv4.SignatureMismatch, change: func(r *http.Request) { r.Method = http.MethodGet },
			message: mismatch, code: "SignatureDoesNotMatch"},
		{name: "signature in capitals", reason: sigv4.SignatureMismatch, change: func(r *http.Request) {
			head, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			r.Header.Set("Authorization", head+"Signature="+strings.ToUpper(signature))
		}, message: mismatch, code: "SignatureDoesNotMatch"},
	}
	v := new(sigv4.Verifier)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, body, now := signedRequest(t, longTerm), actionBody, testTime
			if _, err := v.Verify(r, []byte(body), sigv4.Check{Lookup: lookup, Now: now}); err != nil {
				t.Fatalf("Verify(unchanged) = %v", err)
			}
			if tt.change != nil {
				tt.change(r)
			}
			if tt.body != "" {
				body = tt.body
			}
			if !tt.now.IsZero() {
				now = tt.now
			}
			tt.check.Lookup, tt.check.Now = lookup, now
			_, err := v.Verify(r, []byte(body), tt.check)
			wantRefusal(t, err, tt.reason, tt.code, tt.message)
		})
	}
}

const mismatch = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

func TestVerifyKeepsTheEdgeOfTheClock(t *testing.T) {
	v := new(sigv4.Verifier)
	for _, skew := range []time.Duration{-sigv4.MaxSkew, 0, sigv4.MaxSkew, sigv4.MaxSkew + 999*time.Millisecond} {
		if _, err := v.Verify(signedRequest(t, longTerm), []byte(actionBody), sigv4.Check{Lookup: lookup, Now: testTime.Add(skew)}); err != nil {
			t.Errorf("Verify(skew %s) = %v, want none", skew, err)
		}
	}
}

func TestVerifySessionToken(t *testing.T) {
	v := new(sigv4.Verifier)
	if got, err := v.Verify(signedRequest(t, temporary), []byte(actionBody), sigv4.Check{Lookup: lookup, Now: testTime}); err != nil || got.AccessKeyID != tokenID {
		t.Fatalf("Verify(temporary key) = %+v, %v", got, err)
	}
	without := temporary
	without.SessionToken = ""
	_, err := v.Verify(signedRequest(t, without), []byte(actionBody), sigv4.Check{Lookup: lookup, Now: testTime})
	wantRefusal(t, err, sigv4.UnknownKey, "InvalidClientTokenId", "The security token included in the request is invalid.")
}

// TestVerifyDateHeader signs with Date only, as some old clients do.
func TestVerifyDateHeader(t *testing.T) {
	r, body := receive(t, "GET / HTTP/1.1\nHost: example.amazonaws.com\nDate: Sun, 30 Aug 2015 12:36:00 GMT\n"+
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,SignedHeaders=date;host,Signature=0")
	_, err := new(sigv4.Verifier).Verify(r, body, sigv4.Check{Lookup: lookup, Now: testTime})
	wantRefusal(t, err, sigv4.SignatureMismatch, "SignatureDoesNotMatch", mismatch)
	if !strings.Contains(canonical(err), "date:Sun, 30 Aug 2015 12:36:00 GMT\n") {
		t.Errorf("canonical request has no date line:\n%s", canonical(err))
	}
}

func TestVerifyLookupFailure(t *testing.T) {
	r := signedRequest(t, aws.Credentials{AccessKeyID: "AKIDBROKEN", SecretAccessKey: testSecret})
	_, err := new(sigv4.Verifier).Verify(r, []byte(actionBody), sigv4.Check{Lookup: lookup, Now: testTime})
	if err == nil || !strings.Contains(err.Error(), "look up access key AKIDBROKEN: disk on fire") {
		t.Errorf("Verify() = %v, want the lookup's error", err)
	}
}

func TestVerifyS3Payload(t *testing.T) {
	body := []byte("hello")
	tests := []struct{ name, declared, code string }{
		{"hash", hash("hello"), ""},
		{"unsigned", "UNSIGNED-PAYLOAD", ""},
		{"chunks", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "NotImplemented"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPut, "http://b.s3.example/a%20b/../c//d", bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Amz-Content-Sha256", tt.declared)
			signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
			if err := signer.SignHTTP(t.Context(), longTerm, r, tt.declared, "s3", "us-east-1", testTime); err != nil {
				t.Fatal(err)
			}
			_, err = new(sigv4.Verifier).Verify(arrive(t, r, body), body, sigv4.Check{Lookup: lookup, Now: testTime})
			if tt.code != "" {
				wantRefusal(t, err, sigv4.Streaming, tt.code, "A header you provided implies functionality that is not implemented")
			} else if err != nil {
				t.Errorf("Verify() = %v\n%s", err, canonical(err))
			}
		})
	}
}
