package sigv4_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/tocsin-dev/tocsin/internal/awsapi/sigv4"
)

func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// random builds odd requests from a fixed seed.
type random struct{ *rand.Rand }

func (r random) text(alphabet string, most int) string {
	runes := []rune(alphabet)
	var b strings.Builder
	for range r.IntN(most + 1) {
		b.WriteRune(runes[r.IntN(len(runes))])
	}
	return b.String()
}

const odd = "abcXYZ019-._~ !\"#$%&'()*+,/:;<=>?@[]^`{|}é世\t"

// path has no empty, "." or ".." segment: the SDK's signer leaves those as
// they are, AWS takes them out (see TestVerifyPublished).
func (r random) path() string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString("/" + url.PathEscape("p"+strings.ReplaceAll(r.text(odd, 8), "/", "")))
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

func (r random) query() string {
	values := url.Values{}
	for range r.IntN(6) {
		values.Add(r.text(odd, 3)+"k", r.text(odd, 6))
	}
	return values.Encode()
}

func (r random) request(t *testing.T) (*http.Request, string) {
	body := r.text(odd, 30)
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}
	request, err := http.NewRequest(methods[r.IntN(len(methods))], "http://"+r.text("abc.", 4)+"host:4566"+r.path()+"?"+r.query(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for range r.IntN(4) {
		// The wire trims values and knows no control characters.
		name := "X-" + strconv.Itoa(r.IntN(3))
		if r.IntN(2) == 0 {
			name = "X-Amz-" + name
		}
		request.Header.Add(name, r.text("ab \",;=:", 10))
	}
	return request, body
}

// TestVerifyWhatTheSDKSigns signs random requests with AWS's own signer.
func TestVerifyWhatTheSDKSigns(t *testing.T) {
	rng := random{rand.New(rand.NewPCG(4, 20261120))}
	v := new(sigv4.Verifier)
	for i := range 2000 {
		client, body := rng.request(t)
		if err := v4.NewSigner().SignHTTP(t.Context(), longTerm, client, hash(body), "logs", "eu-central-1", testTime); err != nil {
			t.Fatal(err)
		}
		server := arrive(t, client, []byte(body))
		if _, err := v.Verify(server, []byte(body), sigv4.Check{Lookup: lookup, Now: testTime, Service: "logs", Region: "eu-central-1"}); err != nil {
			t.Fatalf("request %d, %s %s: Verify() = %v\n%s", i, server.Method, server.RequestURI, err, canonical(err))
		}
	}
}

func TestVerifyWhatTheSDKPresigns(t *testing.T) {
	rng := random{rand.New(rand.NewPCG(5, 20261120))}
	v := new(sigv4.Verifier)
	for i := range 1000 {
		client, body := rng.request(t)
		signed, header, err := v4.NewSigner().PresignHTTP(t.Context(), temporary, client, hash(body), "sts", "us-east-1", testTime)
		if err != nil {
			t.Fatal(err)
		}
		if client.URL, err = url.Parse(signed); err != nil {
			t.Fatal(err)
		}
		client.Header = header
		server := arrive(t, client, []byte(body))
		got, err := v.Verify(server, []byte(body), sigv4.Check{Lookup: lookup, Now: testTime})
		if err != nil || !got.Presigned {
			t.Fatalf("request %d, %s %s: Verify() = %+v, %v\n%s", i, server.Method, server.RequestURI, got, err, canonical(err))
		}
	}
}

// TestVerifyInProcess hands a client's request over without a wire.
func TestVerifyInProcess(t *testing.T) {
	rng := random{rand.New(rand.NewPCG(6, 20261120))}
	v := new(sigv4.Verifier)
	for i := range 200 {
		client, body := rng.request(t)
		if err := v4.NewSigner().SignHTTP(t.Context(), longTerm, client, hash(body), "sns", "us-east-1", testTime); err != nil {
			t.Fatal(err)
		}
		client.Host = ""
		if _, err := v.Verify(client, []byte(body), sigv4.Check{Lookup: lookup, Now: testTime}); err != nil {
			t.Fatalf("request %d, %s: Verify() = %v\n%s", i, client.URL, err, canonical(err))
		}
	}
}

func TestVerifyPresignedLife(t *testing.T) {
	tests := []struct {
		expires string
		age     time.Duration
		message string // none: verifies
	}{
		{"60", 60 * time.Second, ""},
		{"60", 61 * time.Second, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123701Z - 1 min.)"},
		{"90", 91 * time.Second, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123731Z - 90 sec.)"},
		{"3600", 15 * time.Minute, ""},
		{"3600", 16 * time.Minute, "Signature expired: 20150830T123600Z is now earlier than 20150830T123700Z (20150830T125200Z - 15 min.)"},
		{"", 16 * time.Minute, "Signature expired: 20150830T123600Z is now earlier than 20150830T123700Z (20150830T125200Z - 15 min.)"},
		{"soon", 0, "X-Amz-Expires should be a number"},
		{"-1", 0, "X-Amz-Expires must be non-negative"},
		{"604801", 0, "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%q after %s", tt.expires, tt.age), func(t *testing.T) {
			client, err := http.NewRequest(http.MethodGet, "http://localhost:4566/?Action=GetCallerIdentity&X-Amz-Expires="+tt.expires, nil)
			if err != nil {
				t.Fatal(err)
			}
			signed, _, err := v4.NewSigner().PresignHTTP(t.Context(), longTerm, client, hash(""), "sts", "us-east-1", testTime)
			if err != nil {
				t.Fatal(err)
			}
			if client.URL, err = url.Parse(signed); err != nil {
				t.Fatal(err)
			}
			_, err = new(sigv4.Verifier).Verify(arrive(t, client, nil), nil, sigv4.Check{Lookup: lookup, Now: testTime.Add(tt.age)})
			var got string
			if refusal, ok := err.(*sigv4.Error); ok {
				got = refusal.Message
			} else if err != nil {
				t.Fatal(err)
			}
			if got != tt.message {
				t.Errorf("Verify() = %q, want %q", got, tt.message)
			}
		})
	}
}

// BenchmarkVerify is a request of a client that has called before.
func BenchmarkVerify(b *testing.B) {
	v := new(sigv4.Verifier)
	r := signedRequest(b, longTerm)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(r, []byte(actionBody), sigv4.Check{Lookup: lookup, Now: testTime}); err != nil {
			b.Fatal(err)
		}
	}
}
