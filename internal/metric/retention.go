package metric

import "time"

// Tier is a resolution that data are kept at, and for how long. Data that grow
// too old for a tier are rolled up into the next one.
type Tier struct {
	Resolution time.Duration
	Keep       time.Duration
}

const day = 24 * time.Hour

// Tiers are CloudWatch's, finest first.
func Tiers() []Tier {
	return []Tier{
		{time.Second, 3 * time.Hour},
		{time.Minute, 15 * day},
		{5 * time.Minute, 63 * day},
		{time.Hour, 455 * day},
	}
}

// Retention is how long data stay readable with a period.
func Retention(period time.Duration) time.Duration {
	var keep time.Duration
	for _, tier := range Tiers() {
		if period >= tier.Resolution {
			keep = tier.Keep
		}
	}
	return keep
}

// Available tells whether data of this age are still readable with this period.
func Available(age, period time.Duration) bool { return age <= Retention(period) }

// Active is how long a metric without new data stays listed.
const Active = 14 * day
