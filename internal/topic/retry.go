package topic

import (
	"math"
	"time"
)

// RetryPolicy is when a failed delivery is tried again: four phases of retries
// after the first try, in this order.
type RetryPolicy struct {
	NoDelay  int // retries at once
	MinDelay int // retries Min apart
	Backoff  int // retries whose distance grows from Min to Max
	MaxDelay int // retries Max apart
	Min, Max time.Duration
}

// MailRetries is AWS's policy for SMTP: 50 retries over six hours.
// (SNS developer guide, "Amazon SNS message delivery retries".)
func MailRetries() RetryPolicy {
	return RetryPolicy{NoDelay: 0, MinDelay: 2, Backoff: 10, MaxDelay: 38, Min: 10 * time.Second, Max: 600 * time.Second}
}

// Delay is how long to wait before the given retry, counted from one; false
// when there are no more. The growing phase is exponential.
func (p RetryPolicy) Delay(retry int) (time.Duration, bool) {
	i := retry - 1
	switch {
	case i < 0:
		return 0, false
	case i < p.NoDelay:
		return 0, true
	case i < p.NoDelay+p.MinDelay:
		return p.Min, true
	case i < p.NoDelay+p.MinDelay+p.Backoff:
		return p.backoff(i - p.NoDelay - p.MinDelay), true
	case i < p.NoDelay+p.MinDelay+p.Backoff+p.MaxDelay:
		return p.Max, true
	}
	return 0, false
}

// backoff is Min for the first retry of its phase and Max for the last.
func (p RetryPolicy) backoff(i int) time.Duration {
	if p.Backoff < 2 || p.Min <= 0 {
		return p.Max
	}
	growth := math.Pow(float64(p.Max)/float64(p.Min), float64(i)/float64(p.Backoff-1))
	return time.Duration(float64(p.Min) * growth).Round(time.Millisecond)
}
