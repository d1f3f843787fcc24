package topic

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxMessage is the most bytes that a message and its attributes may have, and
// all those of a batch together.
const MaxMessage = 262144

// Publication is what a caller of Publish hands in, unchecked.
type Publication struct {
	Message    string
	Subject    *string
	Structure  string // "json", or empty
	Attributes map[string]RawAttribute
}

// RawAttribute is a message attribute as it came; nil is what was not given.
type RawAttribute struct {
	DataType, StringValue *string
	BinaryValue           []byte
}

// Check turns a publication into a message without ID, topic and time, or says
// in AWS's words what is wrong with it.
func (p Publication) Check() (Message, error) {
	if p.Subject != nil {
		if err := checkSubject(*p.Subject); err != nil {
			return Message{}, err
		}
	}
	if p.Message == "" {
		return Message{}, invalid("Empty message")
	}
	if p.size() > MaxMessage {
		return Message{}, invalid("Message too long")
	}
	m := Message{Type: Notification, Body: p.Message}
	if p.Subject != nil {
		m.Subject = *p.Subject
	}
	var err error
	if m.Attributes, err = checkAttributes(p.Attributes); err != nil {
		return Message{}, err
	}
	switch p.Structure {
	case "":
	case "json":
		if m.Body, m.ByProtocol, err = parseStructure(p.Message); err != nil {
			return Message{}, err
		}
	default:
		return Message{}, invalid("MessageStructure")
	}
	return m, nil
}

func checkSubject(subject string) error {
	if n := utf8.RuneCountInString(subject); n == 0 || n > 100 || !utf8.ValidString(subject) || hasControl(subject) {
		return invalid("Subject")
	}
	return nil
}

// size counts as AWS does: the message, and names, types and values of attributes.
func (p Publication) size() int {
	size := len(p.Message)
	for name, attribute := range p.Attributes {
		size += len(name) + len(text(attribute.DataType)) + len(text(attribute.StringValue)) + len(attribute.BinaryValue)
	}
	return size
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// parseStructure reads a MessageStructure=json message. Of a key that is there
// twice the last counts; values that are not strings are passed over.
func parseStructure(message string) (body string, byProtocol map[string]string, err error) {
	var texts map[string]json.RawMessage
	if err := json.Unmarshal([]byte(message), &texts); err != nil {
		return "", nil, invalid("Message Structure - JSON message body failed to parse")
	}
	byProtocol = map[string]string{}
	for protocol, raw := range texts {
		var value *string
		if json.Unmarshal(raw, &value) == nil && value != nil {
			byProtocol[protocol] = *value
		}
	}
	body, ok := byProtocol["default"]
	if !ok {
		return "", nil, invalid("Message Structure - No default entry in JSON message body")
	}
	delete(byProtocol, "default")
	return body, byProtocol, nil
}

func checkAttributes(raw map[string]RawAttribute) (map[string]Attribute, error) {
	checked := map[string]Attribute{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if err := checkAttributeName(name); err != nil {
			return nil, err
		}
		attribute, err := raw[name].check(name)
		if err != nil {
			return nil, err
		}
		checked[name] = attribute
	}
	return checked, nil
}

var unfitForName = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

func checkAttributeName(name string) error {
	switch {
	case name == "":
		return invalidValue("The message attribute name must not be empty.")
	case len(name) > 256:
		return invalidValue("Length of message attribute name must be less than 256 bytes.")
	case unfitForName.MatchString(name):
		unfit, _ := utf8.DecodeRuneInString(unfitForName.FindString(name))
		return invalidValue("Invalid non-alphanumeric character '#x%X' was found in the message attribute name. "+
			"Can only include alphanumeric characters, hyphens, underscores, or dots.", unfit)
	case strings.HasPrefix(name, "."):
		return invalidValue("Invalid message attribute name starting with character '.' was found.")
	case strings.HasSuffix(name, "."):
		return invalidValue("Invalid message attribute name ending with character '.' was found.")
	case strings.Contains(name, ".."):
		return invalidValue("Message attribute name can not have successive '.' character.")
	}
	return nil
}

func invalidValue(format string, args ...any) *Error {
	return &Error{InvalidValue, fmt.Sprintf(format, args...)}
}

var dataType = regexp.MustCompile(`\A(Binary|Number|String)(\..+)?\z`)

func (a RawAttribute) check(name string) (Attribute, error) {
	parts := dataType.FindStringSubmatch(text(a.DataType))
	if parts == nil {
		return Attribute{}, invalidValue("The message attribute '%s' has an invalid message attribute type, "+
			"the set of supported type prefixes is Binary, Number, and String.", name)
	}
	kind, field, value := *a.DataType, "String", text(a.StringValue)
	other := len(a.BinaryValue) > 0
	if parts[1] == "Binary" {
		field, value, other = "Binary", base64.StdEncoding.EncodeToString(a.BinaryValue), text(a.StringValue) != ""
	}
	switch {
	case other:
		return Attribute{}, invalidValue("The message attribute '%s' with type '%s' must use field '%s'.", name, kind, field)
	case value == "":
		return Attribute{}, invalidValue("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, kind)
	case parts[1] == "Number" && !isNumber(value):
		return Attribute{}, invalidValue("Could not cast message attribute '%s' value to number.", name)
	}
	return Attribute{Type: kind, Value: value}, nil
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && !strings.ContainsAny(text, "xXnN_")
}
