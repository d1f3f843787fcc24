package rehearse

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// span writes a time as people say it: 90 s, 15 min, 1 h 30 min, 3 d.
func span(d time.Duration) string {
	if d < 2*time.Minute && d%time.Minute != 0 {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	var parts []string
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / unit.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
			d -= n * unit.size
		}
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// number writes a value without the ".0" of Java's doubles.
func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// times is "once", "twice", "3 times".
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
