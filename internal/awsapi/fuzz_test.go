package awsapi_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
)

// FuzzHandler sends anything anywhere: no answer is a 5xx, and every answer has a request id.
func FuzzHandler(f *testing.F) {
	h := handler(f, awsapi.Options{Services: everyEcho(&echo{}), MaxBody: 1 << 16})
	f.Add("POST", "/", "", "Logs_20140328.CreateLogGroup", "application/x-amz-json-1.1", authorization("logs"), "", `{"logGroupName":"g"}`)
	f.Add("POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", "", "", "application/cbor", authorization("monitoring"), "gzip", "\x1f\x8b")
	f.Add("POST", "/", "", "", "application/x-www-form-urlencoded", authorization("sns"), "", "Action=Publish&Version=2010-03-31&Message=m")
	f.Add("GET", "/", "Action=ConfirmSubscription&Version=2010-03-31&X-Amz-Credential=a/b/c/sns/d", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, method, path, query, target, contentType, auth, encoding, body string) {
		if !token(method) {
			return // net/http refuses it before us
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Method, r.URL = method, &url.URL{Path: path, RawQuery: query}
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Authorization", auth)
		r.Header.Set("Content-Encoding", encoding)
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		if answer.Code >= 500 {
			t.Errorf("status = %d %s, want less than 500", answer.Code, answer.Body)
		}
		if answer.Header().Get("X-Amzn-Requestid") == "" {
			t.Error("the answer has no request id")
		}
	})
}

func token(method string) bool {
	return method != "" && !strings.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'Z' })
}
