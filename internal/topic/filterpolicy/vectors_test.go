package filterpolicy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic/filterpolicy"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type vector struct {
	ID         string             `json:"id"`
	Kind       string             `json:"kind"`
	Feature    string             `json:"feature"`
	Scope      filterpolicy.Scope `json:"scope"`
	Policy     json.RawMessage    `json:"policy"`
	Attributes map[string]struct {
		Type, Value string
	} `json:"message_attributes"`
	Body       string `json:"message_body"`
	Match      bool   `json:"expected_match"`
	Code       string `json:"expected_code"`
	Contains   string `json:"expected_message_contains"`
	Note       string `json:"note"`
	Source     string `json:"source"`
	Confidence string `json:"confidence"`
}

func TestVectorsFilterPolicy(t *testing.T) {
	testVectors(t, "filter_policy", func(v vector, policy string) error {
		parsed, err := filterpolicy.Parse(policy, v.Scope)
		if err != nil {
			return err
		}
		attributes := map[string]filterpolicy.Attribute{}
		for name, a := range v.Attributes {
			attributes[name] = filterpolicy.Attribute{Type: a.Type, Value: a.Value}
		}
		if got := parsed.Matches(filterpolicy.NewMessage(attributes, v.Body)); got != v.Match {
			return fmt.Errorf("%s matches = %t, want %t", policy, got, v.Match)
		}
		return nil
	})
}

func TestVectorsFilterPolicyError(t *testing.T) {
	testVectors(t, "filter_policy_error", func(v vector, policy string) error {
		_, err := filterpolicy.Parse(policy, v.Scope)
		if err == nil || !strings.Contains("Invalid parameter: "+err.Error(), v.Contains) || v.Code != "InvalidParameter" {
			return fmt.Errorf("Parse(%s) = %w, want %s: %s", policy, err, v.Code, v.Contains)
		}
		return nil
	})
}

func testVectors(t *testing.T, kind string, check func(v vector, policy string) error) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var is struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(line, &is); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		if is.Kind != kind {
			continue
		}
		var v vector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		var policy bytes.Buffer
		if err := json.Compact(&policy, v.Policy); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		err := check(v, policy.String())
		if err == nil {
			passed++
			continue
		}
		failed++
		if v.Confidence != "inferred" && v.Confidence != "low" {
			t.Errorf("%s: %v", v.ID, err)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}
