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
	Growth   Growth // of the Backoff phase; linear by default
}

// Growth is how the distance of retries grows from the least to the most, in
// AWS's words (backoffFunction).
type Growth string

// AWS only draws the four, each below the one before it: the steps from retry
// to retry are equal; are longer by the same each time; have the same ratio to
// the distance before; double.
const (
	Linear      Growth = "linear"
	Arithmetic  Growth = "arithmetic"
	Geometric   Growth = "geometric"
	Exponential Growth = "exponential"
)

// MailRetries is AWS's policy for SMTP: 50 retries over six hours.
// (SNS developer guide, "Amazon SNS message delivery retries".)
func MailRetries() RetryPolicy {
	return RetryPolicy{NoDelay: 0, MinDelay: 2, Backoff: 10, MaxDelay: 38, Min: 10 * time.Second, Max: 600 * time.Second, Growth: Exponential}
}

// SQSRetries is AWS's policy for queues and functions: 100,015 tries over 23 days.
func SQSRetries() RetryPolicy {
	return RetryPolicy{NoDelay: 3, MinDelay: 2, Backoff: 10, MaxDelay: 100_000, Min: time.Second, Max: 20 * time.Second, Growth: Exponential}
}

// Delay is how long to wait before the given retry, counted from one; false
// when there are no more.
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

// Total is how long all retries take, without the tries themselves.
func (p RetryPolicy) Total() (total time.Duration) {
	for retry := 1; ; retry++ {
		delay, again := p.Delay(retry)
		if !again {
			return total
		}
		total += delay
	}
}

// backoff is Min for the first retry of its phase and Max for the last.
func (p RetryPolicy) backoff(i int) time.Duration {
	if p.Backoff < 2 {
		return p.Max
	}
	least, most := float64(p.Min), float64(p.Max)
	return time.Duration(p.Growth.between(least, most, float64(i), float64(p.Backoff-1))).Round(time.Millisecond)
}

// between is least at step 0, most at the last step.
func (g Growth) between(least, most, step, last float64) float64 {
	switch g {
	case Arithmetic:
		return least + (most-least)*step*(step+1)/(last*(last+1))
	case Geometric:
		if least <= 0 {
			return most
		}
		return least * math.Pow(most/least, step/last)
	case Exponential:
		return least + (most-least)*(math.Exp2(step)-1)/(math.Exp2(last)-1)
	}
	return least + (most-least)*step/last
}
