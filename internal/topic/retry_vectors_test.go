package topic_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic"
	"github.com/tocsin-dev/tocsin/internal/vectors"
)

type retryVector struct {
	ID          string          `json:"id"`
	Kind        string          `json:"kind"`
	Feature     string          `json:"feature"`
	Policy      json.RawMessage `json:"policy"`
	Retries     int             `json:"expected_retries"`
	Delays      []float64       `json:"expected_delays_s"`
	Prefix      []float64       `json:"expected_delays_prefix_s"`
	Suffix      []float64       `json:"expected_delays_suffix_s"`
	PhaseCounts *struct {
		Immediate   int `json:"immediate"`
		PreBackoff  int `json:"pre_backoff"`
		Backoff     int `json:"backoff"`
		PostBackoff int `json:"post_backoff"`
	} `json:"expected_phase_counts"`
	Error      string `json:"expected_error"`
	Note       string `json:"note"`
	Source     string `json:"source"`
	Confidence string `json:"confidence"`
}

// TestVectorsRetries sets the policies of the vectors and holds the delays that come of them against theirs.
func TestVectorsRetries(t *testing.T) {
	passed, failed := 0, 0
	for _, line := range vectors.Lines(t, "alarms.jsonl") {
		var kind struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		if kind.Kind != "retry" {
			continue
		}
		var v retryVector
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("vector %s: %v", line, err)
		}
		err := v.check(t)
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

func (v retryVector) check(t *testing.T) error {
	s, _ := newService(t)
	sub := hook(t, s, "t", nil)
	policy := `{"healthyRetryPolicy":` + string(v.Policy) + `}`
	err := s.SetSubscriptionAttribute(t.Context(), root, parse(t, sub.ARN), "DeliveryPolicy", policy)
	if v.Error != "" {
		if !topic.IsKind(err, topic.Invalid) || v.Error != "InvalidParameter" {
			return fmt.Errorf("SetSubscriptionAttribute(%s) = %v, want %s", policy, err, v.Error)
		}
		return nil
	}
	if err != nil {
		return err
	}
	sub.Attributes = map[string]string{"DeliveryPolicy": policy}
	retries := topic.Delivery{Subscription: sub}.HTTPPolicy().Retries
	var delays []float64
	for retry := 1; ; retry++ {
		delay, again := retries.Delay(retry)
		if !again {
			break
		}
		delays = append(delays, delay.Seconds())
	}
	n := len(delays)
	switch c := v.PhaseCounts; {
	case n != v.Retries, v.Delays != nil && !slices.Equal(delays, v.Delays),
		n < len(v.Prefix) || !slices.Equal(delays[:len(v.Prefix)], v.Prefix), n < len(v.Suffix) || !slices.Equal(delays[n-len(v.Suffix):], v.Suffix):
		return fmt.Errorf("delays = %v, want %d: %v %v...%v", delays, v.Retries, v.Delays, v.Prefix, v.Suffix)
	case c != nil && (retries.NoDelay != c.Immediate || retries.MinDelay != c.PreBackoff || retries.Backoff != c.Backoff || retries.MaxDelay != c.PostBackoff):
		return fmt.Errorf("phases = %+v, want %+v", retries, *c)
	}
	return nil
}
