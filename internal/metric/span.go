package metric

import "time"

// Span is the windows of a query of the API: they begin at Start and step by
// Period up to, not including, End.
type Span struct {
	Start, End time.Time
	Period     time.Duration
}

// NewSpan is the span that CloudWatch answers a request with. The start is
// rounded down: to the minute, five minutes when older than 15 days, the hour
// when older than 63, and for periods below a minute to a multiple of them.
// Windows whose data are no longer kept at this period are left out, and so is
// the future that nobody can have put data into; that bounds the number of
// windows whatever was asked for.
func NewSpan(start, end time.Time, period time.Duration, now time.Time) Span {
	s := Span{Start: CutTime(start, roundingOf(now.Sub(start), period)), End: end, Period: period}
	if late := now.Add(-Retention(period)).Sub(s.Start); late > 0 {
		s.Start = s.Start.Add((late + period - 1) / period * period)
	}
	if last := now.Add(latest); s.End.After(last) {
		s.End = last
	}
	return s
}

// latest is how far ahead of the clock data may be.
const latest = 2 * time.Hour

func roundingOf(age, period time.Duration) time.Duration {
	switch {
	case period < time.Minute:
		return period
	case age < 15*day:
		return time.Minute
	case age < 63*day:
		return 5 * time.Minute
	}
	return time.Hour
}

// Len is the number of windows.
func (s Span) Len() int {
	if !s.Start.Before(s.End) {
		return 0
	}
	return int((s.End.Sub(s.Start) + s.Period - 1) / s.Period)
}

// Cut puts buckets together into the span's windows; see the function Cut.
func (s Span) Cut(buckets []Bucket) []Bucket { return Cut(buckets, s.Start, s.End, s.Period) }

// ValidPeriod tells whether CloudWatch knows the period: 1, 5, 10, 20 or 30
// seconds, or whole minutes.
func ValidPeriod(period time.Duration) bool {
	switch period {
	case time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second:
		return true
	}
	return period >= time.Minute && period%time.Minute == 0
}

// TooOld tells whether data of this time can no longer be put: two weeks back.
func TooOld(timestamp, now time.Time) bool { return timestamp.Before(now.Add(-14 * day)) }

// TooNew tells whether data of this time cannot be put yet: two hours ahead.
func TooNew(timestamp, now time.Time) bool { return timestamp.After(now.Add(latest)) }
