package metric

import "slices"

// Units are CloudWatch's units, in the order in which GetMetricData prefers
// them when data of several were found and none was asked for. The order is
// AWS's own, as its error texts list it.
func Units() []string {
	return []string{
		"Megabits", "Terabits", "Gigabits", "Count", "Bytes", "Gigabytes", "Gigabytes/Second", "Kilobytes", "Kilobits/Second",
		"Terabytes", "Terabits/Second", "Bytes/Second", "Percent", "Megabytes", "Megabits/Second", "Milliseconds", "Microseconds",
		"Kilobytes/Second", "Gigabits/Second", "Megabytes/Second", "Bits", "Bits/Second", "Count/Second", "Seconds", "Kilobits",
		"Terabytes/Second", NoUnit,
	}
}

// Preferred is the unit that comes first in Units. Units that AWS does not
// know come last, by name; without buckets it is NoUnit.
func Preferred(units map[string][]Bucket) string {
	for _, unit := range Units() {
		if len(units[unit]) > 0 {
			return unit
		}
	}
	names := UnitNames(units)
	if len(names) == 0 {
		return NoUnit
	}
	return names[0]
}

// UnitNames are the units that there are buckets of, by name.
func UnitNames(units map[string][]Bucket) []string {
	var names []string
	for unit := range units {
		names = append(names, unit)
	}
	slices.Sort(names)
	return names
}
