package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// readHeader reads
//
//	AWS4-HMAC-SHA256 Credential=id/scope, SignedHeaders=a;b, Signature=hex
//
// The parts may come in any order, separated by commas, spaces or both.
func readHeader(r *http.Request, header string) (*claim, error) {
	scheme, rest, _ := strings.Cut(header, " ")
	parts := make(map[string]string, 3)
	for _, part := range strings.FieldsFunc(rest, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' }) {
		name, value, ok := strings.Cut(part, "=")
		if _, twice := parts[name]; !ok || twice {
			return nil, refuse(Incomplete,
				"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '%s'.", fingerprint(part))
		}
		parts[name] = value
	}
	date := headerDate(r.Header)
	var missing []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if parts[name] == "" {
			missing = append(missing, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if date == "" {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if missing != nil {
		return nil, refuse(Incomplete, "%s (Hashed with SHA-256 and encoded with Base64) Authorization=%s",
			strings.Join(missing, " "), fingerprint(header))
	}
	return &claim{
		algorithm:     scheme,
		credential:    parts["Credential"],
		signedHeaders: headerNames(parts["SignedHeaders"]),
		signature:     parts["Signature"],
		sessionToken:  r.Header.Get("X-Amz-Security-Token"),
		date:          date,
	}, nil
}

// headerDate is X-Amz-Date or, for clients that set only that, the Date header
// in the same form.
func headerDate(h http.Header) string {
	if date := h.Get("X-Amz-Date"); date != "" {
		return date
	}
	date := h.Get("Date")
	if t, err := http.ParseTime(date); err == nil {
		return t.UTC().Format(stampLayout)
	}
	return date
}

// fingerprint stands for a text that must not be repeated in an answer.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}
