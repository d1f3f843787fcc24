package trailevent_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/trailevent"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

const messageVectors = "access_denied_messages.json"

type messageCase struct {
	Name, Note, Source, Confidence, Message string
	Expect                                  struct {
		Form, Principal, Action, Resource, Deny, PolicyType, Via, PolicyARN, AuthorizationID string
		Encoded                                                                              bool
	}
}

func messageCases(t testing.TB, text []byte) []json.RawMessage {
	t.Helper()
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatalf("read %s: %v", messageVectors, err)
	}
	return file.Cases
}

func TestVectorsAccessDeniedMessages(t *testing.T) {
	passed, failed := 0, 0
	defer func() { t.Logf("vectors: %d passed, %d failed", passed, failed) }()
	text := vectors.File(t, messageVectors)
	if text == nil {
		return
	}
	for _, raw := range messageCases(t, text) {
		var c messageCase
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&c); err != nil {
			failed++
			t.Errorf("read case %s: %v", raw, err)
			continue
		}
		got := trailevent.ParseDenial(c.Message)
		x := c.Expect
		want := trailevent.Denial{
			Form: trailevent.Form(x.Form), Principal: x.Principal, Action: x.Action, Resource: x.Resource, Deny: trailevent.Deny(x.Deny),
			PolicyType: x.PolicyType, Via: x.Via, PolicyARN: x.PolicyARN, AuthorizationID: x.AuthorizationID, Encoded: x.Encoded,
		}
		if got == want {
			passed++
			continue
		}
		failed++
		if c.Confidence != "inferred" && c.Confidence != "low" {
			t.Errorf("ParseDenial(%q) =\n%+v, want\n%+v", c.Message, got, want)
		}
	}
}

func TestParseDenial(t *testing.T) {
	tests := []struct {
		name, message string
		want          trailevent.Denial
	}{
		{
			"white space", "User:\n arn:aws:iam::1:user/x  is not authorized to\tperform: s3:GetObject on resource: \"arn:aws:s3:::b/a key\" with an explicit deny",
			trailevent.Denial{Form: "user", Principal: "arn:aws:iam::1:user/x", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/a key", Deny: "explicit"},
		},
		{
			"sentence with a tail", "User: u is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b. Encoded authorization failure message: x",
			trailevent.Denial{Form: "user", Principal: "u", Action: "s3:GetObject", Resource: "arn:aws:s3:::b", Deny: "unknown", Encoded: true},
		},
		{
			"access this resource", "User: u is not authorized to access this resource",
			trailevent.Denial{Form: "user", Principal: "u", Deny: "unknown"},
		},
		{
			"policy type to come", "User: u is not authorized to perform: a:B because no future-tense boundary allows the a:B action",
			trailevent.Denial{Form: "user", Principal: "u", Action: "a:B", Deny: "implicit", PolicyType: "future-tense boundary"},
		},
		{"nothing", "", trailevent.Denial{Form: "opaque"}},
		{"only a beginning", "User: u is not authorized to perform: ", trailevent.Denial{Form: "opaque"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := trailevent.ParseDenial(tt.message); got != tt.want {
				t.Errorf("ParseDenial(%q) =\n%+v, want\n%+v", tt.message, got, tt.want)
			}
		})
	}
}

func FuzzParseDenial(f *testing.F) {
	if text := vectors.File(f, messageVectors); text != nil {
		for _, raw := range messageCases(f, text) {
			var c messageCase
			if err := json.Unmarshal(raw, &c); err != nil {
				f.Fatal(err)
			}
			f.Add(c.Message)
		}
	}
	f.Fuzz(func(t *testing.T, message string) {
		d := trailevent.ParseDenial(message)
		if d.Form == trailevent.User && (d.Principal == "" || d.Deny == "") {
			t.Errorf("ParseDenial(%q) = %+v, want a principal and a kind of refusal", message, d)
		}
		if d.Form == trailevent.Opaque && d.Principal+d.Action+d.Resource+string(d.Deny) != "" {
			t.Errorf("ParseDenial(%q) = %+v, want nothing of an opaque message", message, d)
		}
	})
}
