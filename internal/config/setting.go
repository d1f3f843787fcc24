package config

import (
	"encoding"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
)

// setting is a field of a Config.
type setting struct {
	key    string
	flag   string // empty: none
	secret string // "url": the password in it; "all"; empty: none
	value  reflect.Value
}

// settings are the fields in their order.
func (c *Config) settings() []setting {
	v := reflect.ValueOf(c).Elem()
	var all []setting
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag; tag.Get("key") != "" {
			all = append(all, setting{key: tag.Get("key"), flag: tag.Get("name"), secret: tag.Get("secret"), value: v.Field(i)})
		}
	}
	return all
}

func (s setting) isList() bool { return s.value.Kind() == reflect.Slice }

// set reads the texts of a value into its field.
func (c *Config) set(s setting, source string, texts []string) error {
	if s.isList() {
		s.value.Set(reflect.ValueOf(texts))
	} else if err := s.parse(texts[0]); err != nil {
		return &Error{Key: s.key, Value: s.redact(texts[0]), Source: source, Reason: err.Error()}
	}
	c.from[s.key] = source
	return nil
}

func (s setting) parse(text string) error {
	if u, ok := s.value.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	if s.value.Kind() == reflect.Bool {
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("is neither true nor false")
		}
		s.value.SetBool(b)
		return nil
	}
	s.value.SetString(text)
	return nil
}

// hidden stands for a secret.
const hidden = "xxxxx"

// redact hides what is secret in a text for the setting.
func (s setting) redact(text string) string {
	switch {
	case text == "" || s.secret == "":
		return text
	case s.secret == "url":
		return redactURL(text)
	}
	return hidden
}

// redactURL hides the password, and all of a text that is more than scheme,
// user and host: an unescaped password may be anywhere in it.
func redactURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return hidden
	}
	return u.Redacted()
}

// Redacted is the configuration with its secrets hidden, for showing.
func (c Config) Redacted() Config {
	for _, s := range c.settings() {
		if s.secret != "" {
			s.value.SetString(s.redact(s.value.String()))
		}
	}
	return c
}

// Setting is a setting as it can be shown: secrets are hidden.
type Setting struct {
	Key    string
	Value  any    // string, bool, []string, Duration or Size
	Source string // "default", "--api", "TOCSIN_API", "tocsin.yaml:3"
}

// Settings are all settings, in the order of the struct.
func (c Config) Settings() []Setting {
	c = c.Redacted()
	var all []Setting
	for _, s := range c.settings() {
		all = append(all, Setting{Key: s.key, Value: s.value.Interface(), Source: c.source(s.key)})
	}
	return all
}

func (c *Config) source(key string) string {
	if source, ok := c.from[key]; ok {
		return source
	}
	return "default"
}
