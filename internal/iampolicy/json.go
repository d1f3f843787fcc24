package iampolicy

import (
	"bytes"
	"encoding/json"
)

type member struct {
	name  string
	value json.RawMessage
}

// object reads the members of a JSON object in their order. A name that stands
// twice is an error, for readers disagree about which one counts.
func object(path string, raw json.RawMessage) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, wrong(path, syntaxErrors)
	}
	var members []member
	seen := map[string]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		m := member{}
		m.name, _ = name.(string)
		if err != nil || seen[m.name] || decoder.Decode(&m.value) != nil {
			return nil, wrong(path, syntaxErrors)
		}
		seen[m.name] = true
		members = append(members, m)
	}
	return members, nil
}

// one reads a string.
func one(path string, raw json.RawMessage) (string, error) {
	var text *string
	if err := json.Unmarshal(raw, &text); err != nil || text == nil {
		return "", wrong(path, syntaxErrors)
	}
	return *text, nil
}

// some reads a value or a list of values; the result is never nil.
func some(path string, raw json.RawMessage, read func(string, json.RawMessage) (string, error)) ([]string, error) {
	list := []json.RawMessage{raw}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, wrong(path, syntaxErrors)
		}
	}
	texts := make([]string, len(list))
	for i, raw := range list {
		text, err := read(path, raw)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return texts, nil
}

// scalar reads a string, or a number or boolean as JSON writes it: the values of
// conditions may be any of these.
func scalar(path string, raw json.RawMessage) (string, error) {
	raw = bytes.TrimSpace(raw)
	switch raw[0] {
	case '"':
		return one(path, raw)
	case '{', '[', 'n':
		return "", wrong(path, syntaxErrors)
	}
	return string(raw), nil
}
