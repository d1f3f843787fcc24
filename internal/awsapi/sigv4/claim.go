package sigv4

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"
)

// claim is what a request says of its own signature.
type claim struct {
	Credential
	algorithm     string
	signedHeaders []string // lower case, sorted
	signature     string
	sessionToken  string
	date          string // as sent
	time          time.Time
	presigned     bool
	expires       string // X-Amz-Expires as sent; presigned only
	credential    string // as sent
}

// forS3 tells that the scope is S3's, whose rules differ.
func (c *claim) forS3() bool { return strings.HasSuffix(c.credential, "/s3/"+terminator) }

// unsignedParameter is the query parameter that the signature leaves out.
func (c *claim) unsignedParameter() string {
	if c.presigned {
		return "X-Amz-Signature"
	}
	return ""
}

// readClaim finds the signature in the header or in the query.
func readClaim(r *http.Request, body []byte) (*claim, error) {
	_, rawQuery := target(r)
	query := splitQuery(rawQuery)
	headers := r.Header.Values("Authorization")
	presigned := slices.ContainsFunc(query, func(p parameter) bool { return p.name == "X-Amz-Algorithm" })
	switch {
	case len(headers) > 0 && presigned:
		return nil, refuse(WrongScope, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
	case presigned:
		return readQuery(query)
	case len(headers) == 1 && strings.HasPrefix(headers[0], "AWS4-"):
		return readHeader(r, headers[0])
	case usesVersion2(r, headers, query, body):
		return nil, refuse(Version2, "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
	}
	if r.Header.Get("X-Amz-Target") != "" { // JSON services word it differently
		return nil, refuse(Missing, "Missing Authentication Token")
	}
	return nil, refuse(Missing, "Request is missing Authentication Token")
}

// usesVersion2 tells the retired signature forms: the header "AWS id:signature"
// and the parameter AWSAccessKeyId, in the query or in a form.
func usesVersion2(r *http.Request, headers []string, query []parameter, body []byte) bool {
	if len(headers) > 0 {
		return strings.HasPrefix(headers[0], "AWS ") || strings.HasPrefix(headers[0], "AWS3")
	}
	if slices.ContainsFunc(query, func(p parameter) bool { return p.name == "AWSAccessKeyId" }) {
		return true
	}
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") &&
		bytes.Contains(body, []byte("AWSAccessKeyId="))
}

// check holds the claim against the clock, the headers of r and the scope wanted.
func (c *claim) check(r *http.Request, against Check) error {
	if err := c.checkTime(against.Now); err != nil {
		return err
	}
	if err := c.checkSignedHeaders(r); err != nil {
		return err
	}
	if c.algorithm != algorithm {
		return refuse(Incomplete, "Unsupported AWS 'algorithm': '%s' (only %s for now). ", clip(c.algorithm), algorithm)
	}
	credential, term, err := parseCredential(c.credential)
	if err != nil {
		return err
	}
	c.Credential = credential
	return checkScope(credential, term, against, c.time)
}

// checkSignedHeaders insists on the host and on every x-amz-* header that the
// request has: a header that decides what a request means must not be open to
// change on its way. Two are exempt because they decide nothing by themselves:
// the session token is compared with the key's own, and the payload hash of
// services other than S3 is computed here.
func (c *claim) checkSignedHeaders(r *http.Request) error {
	if !slices.Contains(c.signedHeaders, "host") && !slices.Contains(c.signedHeaders, ":authority") {
		return refuse(Unsigned, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name := range r.Header {
		name = strings.ToLower(name)
		exempt := name == "x-amz-security-token" || name == "x-amz-content-sha256" && !c.forS3()
		if strings.HasPrefix(name, "x-amz-") && !exempt && !slices.Contains(c.signedHeaders, name) {
			return refuse(Unsigned, "There were headers present in the request which were not signed")
		}
	}
	return nil
}

// headerNames takes a SignedHeaders list apart.
func headerNames(list string) []string {
	names := strings.Split(strings.ToLower(list), ";")
	slices.Sort(names)
	return slices.Compact(names)
}
