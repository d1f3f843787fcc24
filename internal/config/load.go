package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Sources are where values come from; those further down yield to those further up.
type Sources struct {
	// Flags are the values of the command line, of which those count whose
	// names Given knows.
	Flags Config
	Given func(name string) bool

	Getenv func(name string) string // nil: no environment; an empty value is none
	File   string                   // path of a YAML file; empty: none
}

// Load is the configuration that the sources add up to, checked. All that is
// wrong is in the error, each as an *Error.
func Load(from Sources) (Config, error) {
	c := Default()
	c.from = map[string]string{}
	if from.File != "" {
		text, err := os.ReadFile(from.File)
		if err != nil {
			return c, fmt.Errorf("configuration file: %w", err)
		}
		if err := c.readFile(from.File, text); err != nil {
			return c, err
		}
	}
	if err := c.readEnvironment(from.Getenv); err != nil {
		return c, err
	}
	c.takeFlags(from)
	return c, c.validate()
}

// EnvName is the environment's name of a setting: TOCSIN_MAX_BODY.
func EnvName(key string) string {
	return "TOCSIN_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

func (c *Config) readEnvironment(getenv func(string) string) error {
	if getenv == nil {
		return nil
	}
	var errs []error
	for _, s := range c.settings() {
		name := EnvName(s.key)
		text := getenv(name)
		if text == "" {
			continue
		}
		values := []string{text}
		if s.isList() {
			values = strings.Split(text, ",")
		}
		errs = append(errs, c.set(s, name, values))
	}
	return errors.Join(errs...)
}

func (c *Config) takeFlags(from Sources) {
	if from.Given == nil {
		return
	}
	flags := from.Flags.settings()
	for i, s := range c.settings() {
		if s.flag != "" && from.Given(s.flag) {
			s.value.Set(flags[i].value)
			c.from[s.key] = "--" + s.flag
		}
	}
}
