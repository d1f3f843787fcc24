package trail

import (
	"bytes"
	"encoding/json"
	"time"
)

// head is what the intake reads of a record on its way over it: the positions
// of two values, 0 if absent. Of equal keys the last counts, as in other
// readers of JSON.
type head struct {
	top                bool // an object that may turn out to be an envelope, {"Records":[...]}
	eventID, eventTime int
}

// note is told each member of the object: where its key and its value begin. It
// returns errEnvelope at the array of records of an envelope.
func (h *head) note(b []byte, key, value int) error {
	switch {
	case isKey(b[key:value], `"eventID"`):
		h.eventID = value
	case isKey(b[key:value], `"eventTime"`):
		h.eventTime = value
	case h.top && isKey(b[key:value], `"Records"`):
		if b[value] != '[' {
			return &syntaxError{value, "Records is not an array"}
		}
		return errEnvelope
	}
	return nil
}

// isKey compares a key, with what follows it up to the value, to a quoted name.
// CloudTrail writes keys without escapes; one that has some is decoded.
func isKey(member []byte, quoted string) bool {
	if len(member) > len(quoted) && string(member[:len(quoted)]) == quoted {
		return true
	}
	if bytes.IndexByte(member, '\\') < 0 {
		return false
	}
	return stringAt(member, 0) == quoted[1:len(quoted)-1]
}

// stringAt decodes the string that begins at the position; "" if there is none.
func stringAt(b []byte, i int) string {
	if i >= len(b) || b[i] != '"' {
		return ""
	}
	end, err := text(b, i)
	if err != nil {
		return ""
	}
	if inner := b[i+1 : end-1]; bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	if json.Unmarshal(b[i:end], &s) != nil {
		return ""
	}
	return s
}

// timeAt decodes the time that begins at the position; zero if there is none.
func timeAt(b []byte, i int) time.Time {
	t, err := time.Parse(time.RFC3339, stringAt(b, i))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
