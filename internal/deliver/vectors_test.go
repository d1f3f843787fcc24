package deliver_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type vector struct {
	ID         string          `json:"id"`
	Kind       string          `json:"kind"`
	Feature    string          `json:"feature"`
	Alarm      json.RawMessage `json:"alarm"`
	InOrder    []string        `json:"expected_lines_in_order"`
	Contains   []string        `json:"expected_lines_contains"`
	Note       string          `json:"note"`
	Source     string          `json:"source"`
	Confidence string          `json:"confidence"`
}

// TestVectorsFooter holds mails against the recorded footer of SNS; the other
// bodies of mails are the alarm's to write.
func TestVectorsFooter(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var kind struct {
			Kind  string `json:"kind"`
			Alarm struct {
				Note string `json:"note"`
			} `json:"alarm"`
		}
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		if kind.Kind != "email_body" || !strings.Contains(kind.Alarm.Note, "footer") {
			continue
		}
		var v vector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		d := delivery()
		d.Subscription.Endpoint = "reader@example.com"
		c := composer(t, deliver.Options{PublicURL: "https://sns.us-east-1.amazonaws.com", SupportURL: "https://aws.amazon.com/support"})
		text := parsed(t, saved(t, c, d)).text
		fill := strings.NewReplacer("{SubscriptionArn}", d.Subscription.ARN, "{email}", d.Subscription.Endpoint)
		want := fill.Replace("\n" + strings.Join(v.InOrder, "\n") + "\n")
		if strings.Contains(text, want) && containsAll(text, v.Contains, fill) {
			passed++
			continue
		}
		failed++
		if v.Confidence != "inferred" && v.Confidence != "low" {
			t.Errorf("%s: text = %q, want in it %q and lines %q", v.ID, text, want, v.Contains)
		}
	}
	t.Logf("vectors: %d passed, %d failed", passed, failed)
}

func containsAll(text string, lines []string, fill *strings.Replacer) bool {
	for _, line := range lines {
		if !strings.Contains(text, fill.Replace(line)) {
			return false
		}
	}
	return true
}
