package sigv4

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"

	stampLayout = "20060102T150405Z" // ISO 8601 basic, always UTC
	dateLayout  = "20060102"
)

var regionPattern = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$`)

// Credential is the access key of a signature and the scope it is good for.
type Credential struct {
	AccessKeyID string
	Date        string // of the signing key, 20261120
	Region      string
	Service     string // the signing name: "logs", "monitoring", "sns", ...
}

// Scope is the credential without the key: 20261120/us-east-1/sns/aws4_request.
func (c Credential) Scope() string {
	return c.Date + "/" + c.Region + "/" + c.Service + "/" + terminator
}

// parseCredential reads keyid/date/region/service/term. The key id itself may
// not contain a slash. What the elements say is checked by checkScope.
func parseCredential(text string) (c Credential, term string, err error) {
	parts := strings.Split(strings.TrimRight(text, "/"), "/")
	if len(parts) != 5 {
		return Credential{}, "", refuse(Incomplete,
			"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'", clip(text))
	}
	return Credential{AccessKeyID: parts[0], Date: parts[1], Region: parts[2], Service: parts[3]}, parts[4], nil
}

// checkScope finds everything that is wrong with the scope, in AWS's order.
func checkScope(c Credential, term string, against Check, signed time.Time) error {
	var wrong []string
	if against.Region != "" && c.Region != against.Region || !regionPattern.MatchString(c.Region) {
		wrong = append(wrong, fmt.Sprintf("Credential should be scoped to a valid region, not '%s'.", clip(c.Region)))
	}
	if against.Service != "" && c.Service != against.Service {
		wrong = append(wrong, fmt.Sprintf("Credential should be scoped to correct service: '%s'.", against.Service))
	}
	if term != terminator {
		wrong = append(wrong, fmt.Sprintf("Credential should be scoped with a valid terminator: '%s', not '%s'.", terminator, clip(term)))
	}
	if date := signed.Format(dateLayout); c.Date != date {
		wrong = append(wrong, fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
			clip(c.Date), date, signed.Format(stampLayout)))
	}
	if wrong != nil {
		return refuse(WrongScope, "%s", strings.Join(wrong, " "))
	}
	return nil
}
