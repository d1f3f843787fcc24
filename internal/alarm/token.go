package alarm

import (
	"encoding/base64"
	"errors"
	"strings"
)

// ErrInvalidToken says that a paging token was not given by this station, or
// for another operation.
var ErrInvalidToken = errors.New("invalid paging token")

// What a token continues.
const (
	alarmToken   = "alarms1 "
	historyToken = "history1 "
)

// sealToken makes a token of a place. Clients are to hand it back unread.
func sealToken(kind, place string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + place))
}

// openToken is the place of a token; of no token, it is empty.
func openToken(kind, token string) (string, error) {
	if token == "" {
		return "", nil
	}
	data, err := base64.RawURLEncoding.DecodeString(token)
	place, ok := strings.CutPrefix(string(data), kind)
	if err != nil || !ok || place == "" {
		return "", ErrInvalidToken
	}
	return place, nil
}
