package sigv4_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/sigv4"
)

// FuzzVerify feeds any header, request target and body to the readers: nothing
// panics, nothing verifies without the secret, and every refusal has an answer.
func FuzzVerify(f *testing.F) {
	const header = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"
	f.Add(header, "/", "20150830T123600Z", "")
	f.Add("AWS4-HMAC-SHA256 Credential=,,=,", "http://host?a=%zz&+=+", "20150830T123600Z", "x")
	f.Add("AWS AKIA:x", "*", "", "AWSAccessKeyId=")
	f.Add(strings.Replace(header, "/sts/", "/s3/", 1), "/%2e/..//%", "20150830T123600Z", "")
	f.Add("", "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20150830T123600Z"+
		"&X-Amz-Expires=9223372036854775807&X-Amz-SignedHeaders=host&X-Amz-Signature=0", "", "")
	v := new(sigv4.Verifier)
	f.Fuzz(func(t *testing.T, authorization, uri, date, body string) {
		r := &http.Request{Method: http.MethodPost, Host: "example", URL: &url.URL{}, RequestURI: uri, Header: http.Header{}}
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		if date != "" {
			r.Header.Set("X-Amz-Date", date)
		}
		_, err := v.Verify(r, []byte(body), sigv4.Check{Lookup: lookup, Now: testTime})
		refusal, ok := err.(*sigv4.Error)
		if !ok {
			t.Fatalf("Verify(%q, %q) = %v, want a refusal", authorization, uri, err)
		}
		if refusal.Code() == "" || refusal.Message == "" {
			t.Errorf("refusal %+v has no code or no message", refusal)
		}
	})
}
