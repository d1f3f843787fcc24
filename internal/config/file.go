package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readFile reads the settings of a YAML file: one mapping, no key unknown.
func (c *Config) readFile(path string, text []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil // nothing in it
	} else if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: more than one document", path)
	}
	top := document.Content[0]
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return nil
	}
	if top.Kind != yaml.MappingNode {
		return fmt.Errorf("%s: is not a list of settings such as \"account: '123456789012'\"", path)
	}
	return c.readMapping(filepath.Base(path), top)
}

func (c *Config) readMapping(file string, top *yaml.Node) error {
	known := c.settings()
	seen := map[string]bool{}
	var errs []error
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		source := fmt.Sprintf("%s:%d", file, key.Line)
		at := slices.IndexFunc(known, func(s setting) bool { return s.key == key.Value })
		switch {
		case at < 0:
			errs = append(errs, &Error{Key: key.Value, Source: source, Reason: "is not a setting" + suggest(key.Value, known)})
		case seen[key.Value]:
			errs = append(errs, &Error{Key: key.Value, Source: source, Reason: "is set twice"})
		default:
			seen[key.Value] = true
			errs = append(errs, c.readValue(known[at], source, value))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) readValue(s setting, source string, value *yaml.Node) error {
	texts, err := scalars(s, value)
	if err != nil {
		return &Error{Key: s.key, Source: source, Reason: err.Error()}
	}
	return c.set(s, source, texts)
}

// scalars are the texts of a value as they stand in the file, so that an
// account of zeros keeps them.
func scalars(s setting, value *yaml.Node) ([]string, error) {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	items := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode && s.isList() {
		items = value.Content
	}
	texts := []string{}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode {
			return nil, errors.New("does not take a list or a mapping")
		}
		if item.Tag == "!!null" {
			return nil, errors.New("has no value")
		}
		texts = append(texts, item.Value)
	}
	return texts, nil
}

// suggest names the setting that a misspelt one may be meant to be.
func suggest(key string, known []setting) string {
	plain := func(name string) string {
		return strings.TrimSuffix(strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name)), "s")
	}
	for _, s := range known {
		if plain(s.key) == plain(key) {
			return ": did you mean " + s.key + "?"
		}
	}
	return ""
}
