package topic_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

func ptr(s string) *string { return &s }

func attribute(name, dataType, text string) map[string]topic.RawAttribute {
	return map[string]topic.RawAttribute{name: {DataType: &dataType, StringValue: &text}}
}

func binary(dataType, text string) map[string]topic.RawAttribute {
	return map[string]topic.RawAttribute{"attr1": {DataType: &dataType, BinaryValue: []byte(text)}}
}

// The texts are those recorded from AWS by LocalStack's snapshot tests.
func TestPublicationCheck(t *testing.T) {
	const prefixes = "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
	const emptyString = "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'."
	for name, test := range map[string]struct {
		p    topic.Publication
		want string
	}{
		"plain":                   {topic.Publication{Message: "m"}, ""},
		"empty subject":           {topic.Publication{Message: "m", Subject: ptr("")}, "Invalid parameter: Subject"},
		"long subject":            {topic.Publication{Message: "m", Subject: ptr(strings.Repeat("ü", 101))}, "Invalid parameter: Subject"},
		"longest subject":         {topic.Publication{Message: "m", Subject: ptr(strings.Repeat("ü", 100))}, ""},
		"subject of two lines":    {topic.Publication{Message: "m", Subject: ptr("a\nBcc: x@example.com")}, "Invalid parameter: Subject"},
		"subject with separator":  {topic.Publication{Message: "m", Subject: ptr("a\u2028b")}, "Invalid parameter: Subject"},
		"subject not UTF-8":       {topic.Publication{Message: "m", Subject: ptr("a\xff")}, "Invalid parameter: Subject"},
		"empty message":           {topic.Publication{}, "Invalid parameter: Empty message"},
		"longest message":         {topic.Publication{Message: strings.Repeat("a", 262144)}, ""},
		"too long":                {topic.Publication{Message: strings.Repeat("a", 262145)}, "Invalid parameter: Message too long"},
		"longest with attributes": {topic.Publication{Message: strings.Repeat("a", 262144-12), Attributes: attribute("attr1", "Number", "1")}, ""},
		"too long by attributes":  {topic.Publication{Message: strings.Repeat("a", 262144-11), Attributes: attribute("attr1", "Number", "1")}, "Invalid parameter: Message too long"},
		"no default":              {topic.Publication{Message: `{"sqs":"m"}`, Structure: "json"}, "Invalid parameter: Message Structure - No default entry in JSON message body"},
		"default not a string":    {topic.Publication{Message: `{"default":{"object":"test"}}`, Structure: "json"}, "Invalid parameter: Message Structure - No default entry in JSON message body"},
		"default null":            {topic.Publication{Message: `{"default":null}`, Structure: "json"}, "Invalid parameter: Message Structure - No default entry in JSON message body"},
		"not JSON":                {topic.Publication{Message: `{"default": "x"} }`, Structure: "json"}, "Invalid parameter: Message Structure - JSON message body failed to parse"},
		"not an object":           {topic.Publication{Message: `["default"]`, Structure: "json"}, "Invalid parameter: Message Structure - JSON message body failed to parse"},
		"other structure":         {topic.Publication{Message: "m", Structure: "xml"}, "Invalid parameter: MessageStructure"},
		"empty value":             {topic.Publication{Message: "m", Attributes: attribute("attr1", "String", "")}, emptyString},
		"no value":                {topic.Publication{Message: "m", Attributes: map[string]topic.RawAttribute{"attr1": {DataType: ptr("String")}}}, emptyString},
		"empty binary":            {topic.Publication{Message: "m", Attributes: binary("Binary", "")}, "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'Binary'."},
		"binary for String":       {topic.Publication{Message: "m", Attributes: binary("String", "1")}, "The message attribute 'attr1' with type 'String' must use field 'String'."},
		"no number":               {topic.Publication{Message: "m", Attributes: attribute("attr1", "Number", "1,5")}, "Could not cast message attribute 'attr1' value to number."},
		"binary for Number":       {topic.Publication{Message: "m", Attributes: binary("Number", "1")}, "The message attribute 'attr1' with type 'Number' must use field 'String'."},
		"text for Binary":         {topic.Publication{Message: "m", Attributes: attribute("attr1", "Binary", "1")}, "The message attribute 'attr1' with type 'Binary' must use field 'Binary'."},
		"other type":              {topic.Publication{Message: "m", Attributes: attribute("attr1", "InvalidType", "1")}, prefixes},
		"prefix and dot":          {topic.Publication{Message: "m", Attributes: attribute("attr1", "String.", "1")}, prefixes},
		"prefix without dot":      {topic.Publication{Message: "m", Attributes: attribute("attr1", "Stringprefixed", "1")}, prefixes},
		"prefixed":                {topic.Publication{Message: "m", Attributes: attribute("attr1", "String.prefixed", "1")}, ""},
		"prefixed oddly":          {topic.Publication{Message: "m", Attributes: attribute("attr1", "String.  prefixed.", "1")}, ""},
		"long name":               {topic.Publication{Message: "m", Attributes: attribute(strings.Repeat("a", 257), "String", "1")}, "Length of message attribute name must be less than 256 bytes."},
		"bad name": {topic.Publication{Message: "m", Attributes: attribute("a^*?", "String", "1")},
			"Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."},
		"name begins with dot": {topic.Publication{Message: "m", Attributes: attribute(".abc", "String", "1")}, "Invalid message attribute name starting with character '.' was found."},
		"name ends with dot":   {topic.Publication{Message: "m", Attributes: attribute("abc.", "String", "1")}, "Invalid message attribute name ending with character '.' was found."},
		"two dots":             {topic.Publication{Message: "m", Attributes: attribute("a..bc", "String", "1")}, "Message attribute name can not have successive '.' character."},
	} {
		_, err := test.p.Check()
		wantText(t, name+": Check", err, test.want)
	}
}

func TestPublicationStructure(t *testing.T) {
	m, err := topic.Publication{Message: `{"default":"a","email":"e","default":"b","sms":7}`, Structure: "json"}.Check()
	if err != nil || m.Body != "b" || !reflect.DeepEqual(m.ByProtocol, map[string]string{"email": "e"}) {
		t.Errorf("Check = %q, %v, %v, want b and the email text", m.Body, m.ByProtocol, err)
	}
	if got := fmt.Sprint(m.TextFor("email"), m.TextFor("http")); got != "eb" {
		t.Errorf("TextFor(email), TextFor(http) = %s, want e and b", got)
	}
}

func TestPublishBatchChecks(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	entry := func(id, message string) topic.BatchEntry {
		return topic.BatchEntry{ID: id, Publication: topic.Publication{Message: message}}
	}
	eleven := make([]topic.BatchEntry, 11)
	half := strings.Repeat("a", topic.MaxMessage/2)
	long := strings.Repeat("a", 81)
	for what, test := range map[string]struct {
		entries []topic.BatchEntry
		kind    topic.Kind
		want    string
	}{
		"none":        {nil, topic.BatchEmpty, "The batch request doesn't contain any entries."},
		"eleven":      {eleven, topic.BatchTooMany, "The batch request contains more entries than permissible."},
		"same id":     {[]topic.BatchEntry{entry("1", "m"), entry("1", "m")}, topic.BatchIDTwice, "Two or more batch entries in the request have the same Id."},
		"id with dot": {[]topic.BatchEntry{entry("message.id", "m")}, topic.BatchIDInvalid, "The Id of a batch entry in the batch request contains an impermissible character: message.id"},
		"long id":     {[]topic.BatchEntry{entry(long, "m")}, topic.BatchIDInvalid, "The Id of a batch entry in the batch request is too long: " + long},
		"too long":    {[]topic.BatchEntry{entry("1", half), entry("2", half+"b")}, topic.BatchTooLong, "The length of all the messages put together is more than the limit."},
		"one is bad":  {[]topic.BatchEntry{entry("1", "m"), entry("2", "")}, topic.Invalid, "Invalid parameter: Empty message"},
	} {
		_, err := s.PublishBatch(t.Context(), root, name, test.entries)
		wantText(t, what+": PublishBatch", err, test.want)
		if !topic.IsKind(err, test.kind) {
			t.Errorf("%s: PublishBatch = %v, want kind %d", what, err, test.kind)
		}
	}
	ids, err := s.PublishBatch(t.Context(), root, name, []topic.BatchEntry{entry(strings.Repeat("a", 80), half), entry("valid-message_123", half)})
	if err != nil || len(ids) != 2 || ids[0] == ids[1] {
		t.Errorf("PublishBatch = %v, %v, want two message IDs", ids, err)
	}
}

func FuzzPublicationCheck(f *testing.F) {
	f.Add(`{"default":"x","email":"y"}`, "subject", "a.b", "String", "v")
	f.Add(`{"default":{}}`, "s\n", "..", "Binary", "")
	f.Fuzz(func(t *testing.T, message, subject, name, dataType, value string) {
		m, err := topic.Publication{Message: message, Subject: &subject, Structure: "json", Attributes: attribute(name, dataType, value)}.Check()
		if err != nil {
			if err.Error() == "" {
				t.Errorf("Check(%q) refuses without a text", message)
			}
			return
		}
		if strings.ContainsAny(m.Subject, "\r\n\x00") {
			t.Errorf("Check(subject %q) = %q, want no line breaks", subject, m.Subject)
		}
	})
}
