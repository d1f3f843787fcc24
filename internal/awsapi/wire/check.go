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
		value = "'" + text(v.shape, v.value) + "'"
	}
	return fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, v.path, v.rule)
}

// check holds a conformed input against the constraints of its shape. The error
// is a *ValidationError that tells the violations in the order of the model.
func check(s *Shape, v any) error {
	var c checker
	c.value(s, v, "")
	if len(c.found) == 0 {
		return nil
	}
	lines := make([]string, 0, min(len(c.found), maxListed))
	for _, v := range c.found[:min(len(c.found), maxListed)] {
		lines = append(lines, v.String())
	}
	noun := "errors"
	if len(c.found) == 1 {
		noun = "error"
	}
	return &ValidationError{Message: fmt.Sprintf("%d validation %s detected: %s", len(c.found), noun, strings.Join(lines, "; "))}
}

type checker struct{ found []violation }

func (c *checker) add(s *Shape, v any, path, rule string) {
	c.found = append(c.found, violation{value: v, shape: s, path: path, rule: rule})
}

func (c *checker) value(s *Shape, v any, path string) {
	for _, rule := range broken(s, v) {
		c.add(s, v, path, rule)
	}
	switch s.Kind {
	case Structure:
		c.structure(s, v.(map[string]any), path)
	case List:
		c.list(s, v.([]any), path)
	case Map:
		c.mapping(s, v.(map[string]any), path)
	}
}

func (c *checker) structure(s *Shape, v map[string]any, path string) {
	for i := range s.Members {
		m := &s.Members[i]
		value, present := v[m.Name]
		if present {
			c.value(m.shape, value, join(path, m.Name))
		} else if m.Required {
			c.add(m.shape, nil, join(path, m.Name), "Member must not be null")
		}
	}
}

// list names the element at fault by place, or the whole list when elements are scalars, as AWS does.
func (c *checker) list(s *Shape, v []any, path string) {
	element := s.Element.shape
	if element.scalar() {
		if !slices.ContainsFunc(v, func(e any) bool { return e == nil || len(broken(element, e)) > 0 }) {
			return
		}
		c.add(s, v, path, "Member must satisfy constraint: ["+strings.Join(element.rules(), ", ")+"]")
		return
	}
	for i, e := range v {
		c.element(element, e, path+"."+strconv.Itoa(i+1)+".member")
	}
}

func (c *checker) mapping(s *Shape, v map[string]any, path string) {
	keys, values := true, true
	for _, key := range slices.Sorted(maps.Keys(v)) {
		keys = keys && len(broken(s.Key.shape, key)) == 0
		if !s.Value.shape.scalar() {
			c.element(s.Value.shape, v[key], path+"."+key+".member")
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

func (c *checker) element(s *Shape, v any, path string) {
	if v == nil {
		c.add(s, nil, path, "Member must not be null")
		return
	}
	c.value(s, v, path)
}

// join adds a member to a path. AWS lowers the first letter, and only that one.
func join(path, member string) string {
	name := lowerFirst(member)
	if path == "" {
		return name
	}
	return path + "." + name
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

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
	return append(rules, "Member must not be null")
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
