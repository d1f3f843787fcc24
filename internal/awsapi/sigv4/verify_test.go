package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/awsapi/sigv4"
)

const (
	testID     = "AKIDEXAMPLE"
	testSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	tokenID    = "ASIAEXAMPLE"
	testToken  = "AQoDYXdzEPT//////////wEXAMPLE"
)

var testTime = time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)

// lookup knows one long-term key and one with a session token.
func lookup(_ context.Context, id string) (sigv4.Key, bool, error) {
	switch id {
	case testID:
		return sigv4.Key{Secret: testSecret}, true, nil
	case tokenID:
		return sigv4.Key{Secret: testSecret, SessionToken: testToken}, true, nil
	case "AKIDBROKEN":
		return sigv4.Key{}, false, errors.New("disk on fire")
	}
	return sigv4.Key{}, false, nil
}

// receive is a request as a server gets it.
func receive(t testing.TB, raw string) (*http.Request, []byte) {
	t.Helper()
	head, body, _ := strings.Cut(raw, "\n\n")
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n")))
	if err != nil {
		t.Fatalf("ReadRequest(%q): %v", raw, err)
	}
	return r, []byte(body)
}

// arrive sends a client's request through the wire format to the server's side.
func arrive(t testing.TB, client *http.Request, body []byte) *http.Request {
	t.Helper()
	var wire bytes.Buffer
	client.Body = io.NopCloser(bytes.NewReader(body))
	if err := client.Write(&wire); err != nil {
		t.Fatalf("write request: %v", err)
	}
	r, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatalf("read request: %v", err)
	}
	return r
}

// TestVerifyPublished has requests of AWS's published signature test suite and
// of its documentation, each with the signature that AWS prints.
func TestVerifyPublished(t *testing.T) {
	const (
		scope   = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
		vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
	)
	tests := []struct{ name, request, headers, signed, signature string }{
		{"get-vanilla", "GET /", "", "host;x-amz-date", vanilla},
		{"get-relative-relative", "GET /example1/example2/../..", "", "host;x-amz-date", vanilla},
		{"get-slash-dot-slash", "GET /./", "", "host;x-amz-date", vanilla},
		{"get-slashes", "GET //example//", "", "host;x-amz-date", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
		{"get-unreserved", "GET /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", "host;x-amz-date",
			"07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{"get-utf8", "GET /ሴ", "", "host;x-amz-date", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
		{"get-vanilla-query-order-key-case", "GET /?Param2=value2&Param1=value1", "", "host;x-amz-date",
			"b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{"get-vanilla-query-order-value", "GET /?Param1=value2&Param1=value1", "", "host;x-amz-date",
			"5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
		{"get-vanilla-empty-query-key", "GET /?Param1=value1", "", "host;x-amz-date",
			"a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
		{"get-header-key-duplicate", "GET /", "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1\n", "host;my-header1;x-amz-date",
			"c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
		{"get-header-value-order", "GET /", "My-Header1:value4\nMy-Header1:value1\nMy-Header1:value3\nMy-Header1:value2\n", "host;my-header1;x-amz-date",
			"08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
		{"get-header-value-trim", "GET /", "My-Header1: value1\nMy-Header2: \"a   b   c\"\n", "host;my-header1;my-header2;x-amz-date",
			"acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
		{"post-vanilla", "POST /", "", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"post-vanilla-query", "POST /?Param1=value1", "", "host;x-amz-date",
			"28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
		{"post-header-key-sort", "POST /", "My-Header1:value1\n", "host;my-header1;x-amz-date",
			"c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
		{"post-header-value-case", "POST /", "My-Header1:VALUE1\n", "host;my-header1;x-amz-date",
			"cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
	}
	v := new(sigv4.Verifier)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, body := receive(t, tt.request+" HTTP/1.1\nHost:example.amazonaws.com\n"+tt.headers+"X-Amz-Date:20150830T123600Z\n"+
				"Authorization: AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders="+tt.signed+", Signature="+tt.signature)
			got, err := v.Verify(r, body, sigv4.Check{Lookup: lookup, Now: testTime, Region: "us-east-1", Service: "service"})
			if err != nil {
				t.Fatalf("Verify(%s) = %v\n%s", tt.name, err, canonical(err))
			}
			if got.AccessKeyID != testID || got.Region != "us-east-1" || got.Service != "service" || !got.Time.Equal(testTime) {
				t.Errorf("Verify(%s) = %+v, want the scope of the request", tt.name, got)
			}
		})
	}
}

func canonical(err error) string {
	if refusal, ok := errors.AsType[*sigv4.Error](err); ok {
		return refusal.CanonicalRequest
	}
	return ""
}

// TestVerifyS3Published has the examples of S3's documentation, which has a
// secret and a time of its own.
func TestVerifyS3Published(t *testing.T) {
	v := new(sigv4.Verifier)
	lookup := func(context.Context, string) (sigv4.Key, bool, error) {
		return sigv4.Key{Secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, true, nil
	}
	now := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	tests := []struct{ name, raw string }{
		{"get object", `GET /test.txt HTTP/1.1
Host: examplebucket.s3.amazonaws.com
Range: bytes=0-9
x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
x-amz-date: 20130524T000000Z
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`},
		{"put object", `PUT /test$file.text HTTP/1.1
Host: examplebucket.s3.amazonaws.com
Date: Fri, 24 May 2013 00:00:00 GMT
x-amz-date: 20130524T000000Z
x-amz-storage-class: REDUCED_REDUNDANCY
x-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd

Welcome to Amazon S3.`},
		{"get lifecycle", `GET /?lifecycle HTTP/1.1
Host: examplebucket.s3.amazonaws.com
x-amz-date: 20130524T000000Z
x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543`},
		{"presigned get", `GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1
Host: examplebucket.s3.amazonaws.com`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, body := receive(t, tt.raw)
			if _, err := v.Verify(r, body, sigv4.Check{Lookup: lookup, Now: now, Service: "s3"}); err != nil {
				t.Fatalf("Verify(%s) = %v\n%s", tt.name, err, canonical(err))
			}
		})
	}
	t.Run("presigned get after its life", func(t *testing.T) {
		r, body := receive(t, tests[3].raw)
		_, err := v.Verify(r, body, sigv4.Check{Lookup: lookup, Now: now.Add(86401 * time.Second)})
		wantRefusal(t, err, sigv4.Expired, "SignatureDoesNotMatch",
			"Signature expired: 20130524T000000Z is now earlier than 20130524T000001Z (20130525T000001Z - 1440 min.)")
	})
	t.Run("another body", func(t *testing.T) {
		r, _ := receive(t, tests[1].raw)
		_, err := v.Verify(r, []byte("Welcome to Amazon SNS."), sigv4.Check{Lookup: lookup, Now: now})
		wantRefusal(t, err, sigv4.PayloadMismatch, "XAmzContentSHA256Mismatch",
			"The provided 'x-amz-content-sha256' header does not match what was computed.")
	})
}

func wantRefusal(t *testing.T, err error, reason sigv4.Reason, code, message string) {
	t.Helper()
	refusal, ok := errors.AsType[*sigv4.Error](err)
	if !ok {
		t.Fatalf("Verify() = %v, want a refusal with %s", err, code)
	}
	if refusal.Reason != reason || refusal.Code() != code || refusal.Message != message {
		t.Errorf("Verify() refused with\n%d %s %q, want\n%d %s %q", refusal.Reason, refusal.Code(), refusal.Message, reason, code, message)
	}
}
