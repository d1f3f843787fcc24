package sigv4

import (
	"slices"
	"strings"
)

// readQuery reads the parameters of a presigned URL.
func readQuery(query []parameter) (*claim, error) {
	required := []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"}
	ours := append([]string{"X-Amz-Expires", "X-Amz-Security-Token"}, required...)
	values := make(map[string]string)
	for _, p := range query {
		if _, twice := values[p.name]; twice && slices.Contains(ours, p.name) {
			return nil, refuse(Incomplete, "AWS query-string parameters must include '%s' only once. Re-examine the query-string parameters.", p.name)
		}
		values[p.name] = p.value
	}
	var missing []string
	for _, name := range required {
		if values[name] == "" {
			missing = append(missing, "AWS query-string parameters must include '"+name+"'.")
		}
	}
	if missing != nil {
		return nil, refuse(Incomplete, "%s Re-examine the query-string parameters.", strings.Join(missing, " "))
	}
	return &claim{
		algorithm:     values["X-Amz-Algorithm"],
		credential:    values["X-Amz-Credential"],
		signedHeaders: headerNames(values["X-Amz-SignedHeaders"]),
		signature:     values["X-Amz-Signature"],
		sessionToken:  values["X-Amz-Security-Token"],
		date:          values["X-Amz-Date"],
		presigned:     true,
		expires:       values["X-Amz-Expires"],
	}, nil
}
