package sigv4

import (
	"fmt"
	"strconv"
	"time"
)

const (
	// MaxSkew is how far the clocks of client and server may be apart.
	MaxSkew = 15 * time.Minute
	// MaxExpires is the longest life of a presigned URL.
	MaxExpires = 7 * 24 * time.Hour
)

// checkTime holds the time of the signature against now.
//
// S3 lets a presigned URL live as long as its X-Amz-Expires says. The other
// services keep to MaxSkew whatever it says; a shorter life is respected.
func (c *claim) checkTime(now time.Time) (err error) {
	if c.time, err = parseStamp(c.date); err != nil {
		return err
	}
	life, err := c.life()
	if err != nil {
		return err
	}
	now = now.UTC().Truncate(time.Second)
	stamp := func(t time.Time) string { return t.Format(stampLayout) }
	if latest := now.Add(MaxSkew); c.time.After(latest) {
		return refuse(Skewed, "Signature not yet current: %s is still later than %s (%s + %s)",
			stamp(c.time), stamp(latest), stamp(now), minutes(MaxSkew))
	}
	if earliest := now.Add(-life); c.time.Before(earliest) {
		return refuse(c.lateReason(), "Signature expired: %s is now earlier than %s (%s - %s)",
			stamp(c.time), stamp(earliest), stamp(now), minutes(life))
	}
	return nil
}

func (c *claim) lateReason() Reason {
	if c.presigned {
		return Expired
	}
	return Skewed
}

// life is how long the signature is good for.
func (c *claim) life() (time.Duration, error) {
	if !c.presigned || c.expires == "" {
		return MaxSkew, nil
	}
	seconds, err := strconv.ParseInt(c.expires, 10, 64)
	switch {
	case err != nil:
		return 0, refuse(Incomplete, "X-Amz-Expires should be a number")
	case seconds < 0:
		return 0, refuse(Incomplete, "X-Amz-Expires must be non-negative")
	case seconds > int64(MaxExpires/time.Second):
		return 0, refuse(Incomplete,
			"X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	life := time.Duration(seconds) * time.Second
	if !c.forS3() {
		life = min(life, MaxSkew)
	}
	return life, nil
}

// minutes is a duration as the texts about clocks write it: "15 min.".
func minutes(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min.", d/time.Minute)
	}
	return fmt.Sprintf("%d sec.", d/time.Second)
}

// parseStamp reads the date of a signature.
func parseStamp(date string) (time.Time, error) {
	t, err := time.Parse(stampLayout, date)
	if err != nil {
		return time.Time{}, refuse(Incomplete,
			"Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", clip(date))
	}
	return t, nil
}
