package trailevent

import (
	"regexp"
	"strings"
)

// Denial is what an errorMessage says about a refusal.
type Denial struct {
	Form            Form
	Principal       string // an ARN
	Action          string // "s3:GetObject", spelled as in the message
	Resource        string // an ARN or "*"; often absent
	Deny            Deny   // empty for an opaque message
	PolicyType      string // the kind of policy that refused, "service control policy"; may be unknown
	Via             string // the kind of policy through which that one came to bear
	PolicyARN       string
	AuthorizationID string // for GetRequestAuthorizationDetails
	Encoded         bool   // an encoded message for DecodeAuthorizationMessage follows
}

// Form says whether a message names the refused call.
type Form string

// The forms of a message.
const (
	User   Form = "user"   // "User: ... is not authorized to perform: ..."
	Opaque Form = "opaque" // anything else
)

// Deny says what refused the call.
type Deny string

// The kinds of refusal. A service control policy may be reported as explicit
// although nothing in it denies the call.
const (
	Implicit       Deny = "implicit" // no policy allows it
	Explicit       Deny = "explicit" // a policy denies it
	UnknownRefusal Deny = "unknown"  // the message does not say
)

// maxMessage bounds what of a message is read, in bytes. CloudTrail's have at
// most 1 KB.
const maxMessage = 4096

// The grammar of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
// after collapsing white space. Policy types are left open for those to come.
const (
	policyType  = `([A-Za-z][A-Za-z -]*?(?:policy|boundary))`
	article     = `(?:an|a|the) `
	actionName  = `([A-Za-z0-9.-]+:[A-Za-z0-9*]+)`
	onResource  = `(?: on (?:resource: )?(?:"([^"]+)"|"?([^"\s]+)"?))?`
	noAllow     = ` because no ` + policyType + ` allows the ` + actionName + ` action`
	explicit    = ` with an explicit deny(?: in ` + article + policyType + `(?: transitively through ` + article + policyType + `)?(?:: (arn:\S+?))?)?`
	sentenceEnd = `(?:\.\s|\.$|\s|$)(.*)$`
)

var (
	userMessage = regexp.MustCompile(`User: (\S+) is not authorized to (?:perform|access)(?: this resource|: ` + actionName + `)` +
		onResource + `(?:(` + noAllow + `)|(` + explicit + `))?` + sentenceEnd)
	authorizationID = regexp.MustCompile(`authorization id: (\S+?)\.?(?:\s|$)|/authorization-details/([^\s/?#]+)`)
)

// ParseDenial reads an errorMessage. It never fails: a message that it cannot
// read is Opaque.
func ParseDenial(message string) Denial {
	message = collapse(message)
	d := Denial{Form: Opaque, Encoded: strings.Contains(message, "Encoded authorization failure message: ")}
	if id := authorizationID.FindStringSubmatch(message); id != nil {
		d.AuthorizationID = first(id[1], id[2])
	}
	m := userMessage.FindStringSubmatch(message)
	if m == nil {
		return d
	}
	d.Form, d.Principal, d.Action, d.Resource = User, m[1], m[2], first(m[3], strings.TrimSuffix(m[4], "."))
	switch noAllow, denied := m[5], m[8]; {
	case noAllow != "":
		d.Deny, d.PolicyType, d.Action = Implicit, m[6], first(d.Action, m[7])
	case denied != "":
		d.Deny, d.PolicyType, d.Via, d.PolicyARN = Explicit, m[9], m[10], m[11]
	default:
		d.Deny = UnknownRefusal
	}
	d.PolicyType, d.Via = singular(d.PolicyType), singular(d.Via)
	return d
}

// collapse makes single spaces of all white space.
func collapse(message string) string {
	return strings.Join(strings.Fields(message[:min(len(message), maxMessage)]), " ")
}

// singular mends the "sessions policy" of some services.
func singular(policyType string) string {
	if policyType == "sessions policy" {
		return "session policy"
	}
	return policyType
}
