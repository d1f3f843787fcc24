package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// moment is a time as AWS's clients print it: a text, or seconds since 1970.
type moment time.Time

func (m *moment) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
	}
	at, err := parseTime(text)
	*m = moment(at)
	return err
}

// UnmarshalText reads a flag.
func (m *moment) UnmarshalText(text []byte) error {
	at, err := parseTime(string(text))
	*m = moment(at)
	return err
}

// parseTime reads RFC 3339, the same with a space and without a zone (UTC), and
// seconds since 1970.
func parseTime(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02 15:04"} {
		if at, err := time.Parse(layout, text); err == nil {
			return inCalendar(at.UTC(), text)
		}
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(seconds) > 1e15 {
		return time.Time{}, fmt.Errorf("%q is not a time such as 2026-03-02T10:03:00Z", text)
	}
	return inCalendar(time.UnixMilli(int64(math.Round(seconds*1000))).UTC(), text)
}

// inCalendar refuses milliseconds that were given for seconds.
func inCalendar(at time.Time, text string) (time.Time, error) {
	if at.Year() < 1970 || at.Year() > 2200 {
		return time.Time{}, fmt.Errorf("%s is not a time between 1970 and 2200; numbers are seconds", text)
	}
	return at, nil
}
