package topic_test

import (
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func TestMailRetries(t *testing.T) {
	policy := topic.MailRetries()
	var delays []time.Duration
	for retry := 1; ; retry++ {
		delay, again := policy.Delay(retry)
		if !again {
			break
		}
		delays = append(delays, delay)
	}
	if len(delays) != 50 {
		t.Fatalf("MailRetries has %d retries, want 50", len(delays))
	}
	want := func(i int, seconds time.Duration) {
		t.Helper()
		if delays[i] != seconds*time.Second {
			t.Errorf("Delay(%d) = %v, want %d s", i+1, delays[i], seconds)
		}
	}
	want(0, 10)
	want(1, 10)
	want(2, 10) // the growing phase begins at the least
	want(11, 600)
	for i := 3; i < 12; i++ {
		if delays[i] <= delays[i-1] {
			t.Errorf("Delay(%d) = %v, want more than %v", i+1, delays[i], delays[i-1])
		}
	}
	total := time.Duration(0)
	for i, delay := range delays {
		if i >= 12 {
			want(i, 600)
		}
		total += delay
	}
	if total < 6*time.Hour || total > 7*time.Hour {
		t.Errorf("all retries take %v, want between six and seven hours", total)
	}
}

func TestRetryPolicyDelay(t *testing.T) {
	policy := topic.RetryPolicy{NoDelay: 2, MinDelay: 1, Backoff: 1, MaxDelay: 1, Min: time.Second, Max: time.Minute}
	for retry, want := range map[int]struct {
		delay time.Duration
		again bool
	}{-1: {}, 0: {}, 1: {0, true}, 2: {0, true}, 3: {time.Second, true}, 4: {time.Minute, true}, 5: {time.Minute, true}, 6: {}, 1 << 40: {}} {
		if delay, again := policy.Delay(retry); delay != want.delay || again != want.again {
			t.Errorf("Delay(%d) = %v, %v, want %v, %v", retry, delay, again, want.delay, want.again)
		}
	}
	if _, again := (topic.RetryPolicy{}).Delay(1); again {
		t.Error("Delay of the zero policy = again, want none")
	}
}

// Between the least and the most the four functions draw four curves, each
// below the one before it.
func TestGrowth(t *testing.T) {
	var below []time.Duration
	for _, growth := range []topic.Growth{topic.Linear, topic.Arithmetic, topic.Geometric, topic.Exponential} {
		policy := topic.RetryPolicy{Backoff: 10, Min: 5 * time.Second, Max: 260 * time.Second, Growth: growth}
		var delays []time.Duration
		for retry := 1; retry <= 10; retry++ {
			delay, _ := policy.Delay(retry)
			delays = append(delays, delay)
		}
		if delays[0] != policy.Min || delays[9] != policy.Max {
			t.Errorf("%s: delays = %v, want them from %v to %v", growth, delays, policy.Min, policy.Max)
		}
		for i := 1; i < 9; i++ {
			if delays[i] <= delays[i-1] || below != nil && delays[i] >= below[i] {
				t.Errorf("%s: delays = %v, want them to grow and to be below %v", growth, delays, below)
			}
		}
		below = delays
	}
	even := topic.RetryPolicy{Backoff: 3, Min: 10 * time.Second, Max: 20 * time.Second}
	if delay, _ := even.Delay(2); delay != 15*time.Second || even.Total() != 45*time.Second {
		t.Errorf("Delay(2) = %v, Total = %v, want linear growth by default", delay, even.Total())
	}
}
