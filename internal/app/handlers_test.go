package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestByAddress(t *testing.T) {
	handler := byAddress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for host, want := range map[string]int{
		"127.0.0.1:4567": http.StatusNoContent, "[::1]:4567": http.StatusNoContent, "localhost:4567": http.StatusNoContent, "192.0.2.1": http.StatusNoContent,
		"rebound.example.com:4567": http.StatusMisdirectedRequest, "localhost.example.com": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest,
	} {
		request := httptest.NewRequest(http.MethodPost, "/-/dead-letters", nil)
		request.Host = host
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != want {
			t.Errorf("POST by the host %q = %d, want %d", host, answer.Code, want)
		}
	}
}
