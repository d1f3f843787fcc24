package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// FuzzScanner holds the scanner against encoding/json: what is JSON, and what its strings say.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		``, ` null `, `nul`, `nulll`, `true`, `-0`, `01`, `1.`, `.5`, `1e+5`, `1e`, `-`, `"a`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`, `"\ud83d\u0041"`, `"\udc00\ud83d\ud83d\ude00"`,
		`"\u12"`, `"\x"`, "\"\xff\xfe\"", "\"\x01\"", `[]`, `[,]`, `[1,]`, `[1 2]`, `{"a":1,"b":[{}]}`, `{"a"}`, `{"a":}`, `{a:1}`, `{"a":1,}`, `[[[]`, `[}`, "[1]\n\t\r ]",
		"\u2028", strings.Repeat("[", 64) + strings.Repeat("]", 64),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := wire.NewScanner(text)
		s.Skip()
		if err, valid := s.Err(), json.Valid(text); (err == nil) != valid && (err == nil || !strings.Contains(err.Error(), "deeper")) {
			t.Errorf("Scanner(%q) = %v, encoding/json says valid is %v", text, err, valid)
		}
		var want string
		if len(text) == 0 || text[0] != '"' || json.Unmarshal(text, &want) != nil {
			return
		}
		s = wire.NewScanner(text)
		if got := s.String(); got != want || s.Err() != nil {
			t.Errorf("String(%q) = %q, %v, want %q", text, got, s.Err(), want)
		}
		s = wire.NewScanner(text)
		if got := s.Text(); got.In(s.Texts()) != want || s.Err() != nil {
			t.Errorf("Text(%q) = %q, %v, want %q", text, got.In(s.Texts()), s.Err(), want)
		}
	})
}

func TestScannerDepth(t *testing.T) {
	for depth, ok := range map[int]bool{64: true, 65: false} {
		s := wire.NewScanner([]byte(strings.Repeat("[", depth) + strings.Repeat("]", depth)))
		if s.Skip(); (s.Err() == nil) != ok {
			t.Errorf("Scanner of %d lists = %v, want no error: %v", depth, s.Err(), ok)
		}
	}
}
