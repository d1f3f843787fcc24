package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration is a time.Duration that also knows days: 90d, 36h, 1d12h.
type Duration time.Duration

const day = 24 * time.Hour

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	days, rest, ok := strings.Cut(string(text), "d")
	if !ok {
		days, rest = "0", string(text)
	}
	if len(text) == 0 {
		return errors.New("is empty")
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return errors.New("is not a time such as 90d or 36h")
	}
	var more time.Duration
	if rest != "" {
		if more, err = time.ParseDuration(rest); err != nil {
			return errors.New("is not a time such as 90d or 36h")
		}
	}
	*d = Duration(time.Duration(n)*day + more)
	return nil
}

// String is the duration in days where it is whole days.
func (d Duration) String() string {
	if t := time.Duration(d); t%day != 0 || t == 0 {
		return t.String()
	}
	return fmt.Sprintf("%dd", time.Duration(d)/day)
}

// Size is a number of bytes, written 8MiB, 512KiB or 1048576.
type Size int64

// units are the suffixes, the largest first.
func units() []struct {
	suffix string
	bytes  Size
} {
	return []struct {
		suffix string
		bytes  Size
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}
}

// UnmarshalText reads a size.
func (s *Size) UnmarshalText(text []byte) error {
	number, factor := string(text), Size(1)
	for _, unit := range units() {
		if cut, ok := strings.CutSuffix(number, unit.suffix); ok {
			number, factor = strings.TrimSpace(cut), unit.bytes
			break
		}
	}
	n, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return errors.New("is not a size such as 8MiB")
	}
	*s = Size(n) * factor
	return nil
}

// String is the size in the largest unit that it is a whole number of.
func (s Size) String() string {
	for _, unit := range units() {
		if s != 0 && s%unit.bytes == 0 {
			return fmt.Sprintf("%d%s", s/unit.bytes, unit.suffix)
		}
	}
	return strconv.FormatInt(int64(s), 10)
}
