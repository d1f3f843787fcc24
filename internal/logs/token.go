package logs

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// direction is which way a GetLogEvents token reads on from its position.
type direction string

const (
	forward  direction = "f"
	backward direction = "b"
)

// eventsToken is a GetLogEvents token in the form that AWS's have.
func eventsToken(d direction, p Position) string { return string(d) + "/" + p.String() + "/s" }

func parseEventsToken(token string) (direction, Position, error) {
	parts := strings.Split(token, "/")
	if len(parts) != 3 || parts[2] != "s" {
		return "", Position{}, ErrBadToken
	}
	d := direction(parts[0])
	p, err := ParseEventID(parts[1])
	if err != nil || d != forward && d != backward {
		return "", Position{}, ErrBadToken
	}
	return d, p, nil
}

// PageToken makes an opaque nextToken of the place where a page ended. The
// kind keeps the token of one operation from being taken by another.
func PageToken(kind, place string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + "\x00" + place))
}

// ParsePageToken is the reverse of PageToken; the error is ErrBadToken.
func ParsePageToken(kind, token string) (place string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadToken, err)
	}
	place, ok := strings.CutPrefix(string(text), kind+"\x00")
	if !ok {
		return "", ErrBadToken
	}
	return place, nil
}
