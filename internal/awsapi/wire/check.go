package wire

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// violation is one broken constraint: "Value '..' at 'path' failed to satisfy constraint: rule".
type violation struct {
	value any // nil for an absent member
	shape *Shape
	path  string
	rule  string
}

func (v violation) String() string {
	value := "null"
	if v.value != nil {
		value = "'" + clipText(text(v.shape, v.value)) + "'"
	}
	return fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, v.path, v.rule)
}

// check holds a conformed input against the constraints of its shape. The error
// is a *ValidationError that tells the violations in the order of the model.
func check(s *Shape, v any) error {
	var c checker
	c.value(s, v, nil)
	if c.count == 0 {
		return nil
	}
	lines := make([]string, len(c.found))
	for i, v := range c.found {
		lines[i] = v.String()
	}
	noun := "errors"
	if c.count == 1 {
		noun = "error"
	}
	return &ValidationError{Message: fmt.Sprintf("%d validation %s detected: %s", c.count, noun, strings.Join(lines, "; "))}
}

// checker counts violations and keeps the first of them.
type checker struct {
	count int
	found []violation
}

func (c *checker) add(s *Shape, v any, path *step, rule string) {
	c.count++
	if len(c.found) < maxListed {
		c.found = append(c.found, violation{value: v, shape: s, path: path.String(), rule: rule})
	}
}

func (c *checker) value(s *Shape, v any, path *step) {
	for _, rule := range broken(s, v) {
		c.add(s, v, path, rule)
	}
	switch s.Kind {
	case Structure:
		c.structure(s, v.(record), path)
	case List:
		c.list(s, v.([]any), path)
	case Map:
		c.mapping(s, v.(map[string]any), path)
	}
}

func (c *checker) structure(s *Shape, v record, path *step) {
	for i := range s.Members {
		m := &s.Members[i]
		if v[i] != nil {
			c.value(m.shape, v[i], &step{path, m.Name, 0})
		} else if m.Required {
			c.add(m.shape, nil, &step{path, m.Name, 0}, "Member must not be null")
		}
	}
}

// list names the element at fault by place, or the whole list when elements are scalars, as AWS does.
func (c *checker) list(s *Shape, v []any, path *step) {
	element := s.Element.shape
	if element.scalar() {
		if !slices.ContainsFunc(v, func(e any) bool { return e == nil || len(broken(element, e)) > 0 }) {
			return
		}
		c.add(s, v, path, "Member must satisfy constraint: ["+strings.Join(element.rules(), ", ")+"]")
		return
	}
	for i, e := range v {
		c.element(element, e, &step{path, "", i + 1})
	}
}

func (c *checker) mapping(s *Shape, v map[string]any, path *step) {
	keys, values := true, true
	for _, key := range slices.Sorted(maps.Keys(v)) {
		keys = keys && len(broken(s.Key.shape, key)) == 0
		if !s.Value.shape.scalar() {
			c.element(s.Value.shape, v[key], &step{path, key, inMap})
			continue
		}
		values = values && v[key] != nil && len(broken(s.Value.shape, v[key])) == 0
	}
	if !keys {
		c.add(s, v, path, "Map keys must satisfy constraint: ["+strings.Join(s.Key.shape.rules(), ", ")+"]")
	}
	if !values {
		c.add(s, v, path, "Map value must satisfy constraint: ["+strings.Join(s.Value.shape.rules(), ", ")+"]")
	}
}

func (c *checker) element(s *Shape, v any, path *step) {
	if v == nil {
		c.add(s, nil, path, "Member must not be null")
		return
	}
	c.value(s, v, path)
}

// step is the last step of a path: a member, the element of a list (its number,
// from 1) or of a map. Paths are only written out for what is wrong.
type step struct {
	up    *step
	name  string
	index int
}

// inMap is the index of elements of maps.
const inMap = -1

// String is 'metrics.1.member.metricStat'. AWS lowers the first letter of a member, and only that one.
func (p *step) String() string {
	if p == nil {
		return ""
	}
	name := lowerFirst(p.name)
	switch {
	case p.index == inMap:
		name = p.name + ".member"
	case p.index > 0:
		name = strconv.Itoa(p.index) + ".member"
	}
	if p.up == nil {
		return name
	}
	return p.up.String() + "." + name
}

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func (s *Shape) scalar() bool { return s.Kind != Structure && s.Kind != List && s.Kind != Map }

// broken are the shape's own rules that the value breaks.
func broken(s *Shape, v any) []string {
	var rules []string
	if s.Enum != nil && !slices.Contains(s.Enum, v.(string)) {
		rules = append(rules, s.enumRule())
	}
	if s.matcher != nil && !s.matcher.MatchString(v.(string)) {
		rules = append(rules, s.patternRule())
	}
	if s.Max == nil && s.Min == nil {
		return rules
	}
	size := measure(v)
	if s.Max != nil && size > float64(*s.Max) {
		rules = append(rules, s.boundRule("less", *s.Max))
	}
	if s.Min != nil && !(size >= float64(*s.Min)) {
		rules = append(rules, s.boundRule("greater", *s.Min))
	}
	return rules
}

// rules are all of the shape's rules, for elements whose list is at fault.
func (s *Shape) rules() []string {
	var rules []string
	if s.Max != nil {
		rules = append(rules, s.boundRule("less", *s.Max))
	}
	if s.Min != nil {
		rules = append(rules, s.boundRule("greater", *s.Min))
	}
	if s.matcher != nil {
		rules = append(rules, s.patternRule())
	}
	if s.Enum != nil {
		rules = append(rules, s.enumRule())
	}
	if rules == nil {
		rules = append(rules, "Member must not be null")
	}
	return rules
}

func (s *Shape) enumRule() string {
	return "Member must satisfy enum value set: [" + strings.Join(s.Enum, ", ") + "]"
}

func (s *Shape) patternRule() string {
	return "Member must satisfy regular expression pattern: " + s.Pattern
}

func (s *Shape) boundRule(side string, bound int64) string {
	noun := "length"
	switch s.Kind {
	case Integer, Long, Float, Double:
		noun = "value"
	}
	return fmt.Sprintf("Member must have %s %s than or equal to %d", noun, side, bound)
}

// measure is what the bounds of a shape are about: characters, bytes, elements or the number itself.
func measure(v any) float64 {
	switch v := v.(type) {
	case string:
		return float64(utf8.RuneCountInString(v))
	case []byte:
		return float64(len(v))
	case []any:
		return float64(len(v))
	case map[string]any:
		return float64(len(v))
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}
