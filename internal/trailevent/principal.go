package trailevent

import "strings"

// Principal is who made a call, for grouping and for showing.
type Principal struct {
	// Key is what calls of the same principal have in common: the role or
	// user, not the session.
	Key     string
	Kind    string // "IAM user", "assumed role", ...; never empty
	Name    string // of the user, role or service; never empty
	Session string // of an assumed role or federated user
	Account string // that the principal belongs to; may be empty
	ARN     string // as recorded; may be empty
}

// unknownName stands for a principal that the record does not name.
const unknownName = "unknown"

// Principal reads who made the call.
func (e Event) Principal() Principal {
	id := e.UserIdentity
	p := Principal{Kind: kind(id), ARN: id.ARN, Account: id.AccountID}
	switch id.Type {
	case "AssumedRole":
		p.Key, p.Name, p.Session = assumedRole(id)
	case "FederatedUser":
		p.Key, p.Name, p.Session = id.ARN, id.SessionContext.SessionIssuer.UserName, resourceName(id.ARN)
	case "IAMUser", "Root":
		p.Key, p.Name = id.ARN, first(id.UserName, resourceName(id.ARN))
	case "AWSService":
		p.Key, p.Name = id.InvokedBy, id.InvokedBy
	case "AWSAccount":
		p.Name = first(id.AccountID, id.PrincipalID)
		if id.AccountID != "" {
			p.Key = "account:" + id.AccountID
		}
	case "IdentityCenterUser":
		p.Key, p.Name = id.OnBehalfOf.UserID, first(id.UserName, id.OnBehalfOf.UserID)
	default:
		p.Name = first(id.UserName, resourceName(id.ARN), id.InvokedBy)
	}
	p.Key = first(p.Key, id.PrincipalID, unknownName)
	p.Name = first(p.Name, id.PrincipalID, unknownName)
	return p
}

// assumedRole reads the role's ARN and name and the session's name. The
// session's own ARN, arn:aws:sts::<account>:assumed-role/<role>/<session>, lacks
// the role's path, so the issuer's is better if it is there.
func assumedRole(id Identity) (key, name, session string) {
	issuer := id.SessionContext.SessionIssuer
	resource := resourceOf(id.ARN)
	if rest, ok := strings.CutPrefix(resource, "assumed-role/"); ok {
		name, session, _ = strings.Cut(rest, "/")
		key = strings.Replace(strings.TrimSuffix(id.ARN, resource), ":sts:", ":iam:", 1) + "role/" + name
	}
	if session == "" {
		_, session, _ = strings.Cut(id.PrincipalID, ":")
	}
	return first(issuer.ARN, key), first(issuer.UserName, name, resourceName(issuer.ARN)), session
}

func kind(id Identity) string {
	switch id.Type {
	case "Root":
		return "root user"
	case "IAMUser":
		return "IAM user"
	case "AssumedRole":
		return "assumed role"
	case "Role":
		return "role"
	case "FederatedUser":
		return "federated user"
	case "Directory":
		return "directory user"
	case "AWSAccount":
		if id.AccountID == "anonymous" || strings.HasPrefix(strings.ToUpper(id.PrincipalID), "ANONYMOUS") {
			return "anonymous caller"
		}
		return "other AWS account"
	case "AWSService":
		return "AWS service"
	case "SAMLUser":
		return "SAML user"
	case "WebIdentityUser":
		return "web identity user"
	case "IdentityCenterUser":
		return "IAM Identity Center user"
	}
	return "unknown principal"
}

// resourceOf is the last of an ARN's six elements.
func resourceOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[5]
}

// resourceName is a resource's name without type and path.
func resourceName(arn string) string {
	resource := resourceOf(arn)
	return resource[strings.LastIndexByte(resource, '/')+1:]
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
