package iampolicy

import (
	"encoding/json"
	"slices"
	"strings"
)

// Principal is who makes a request. The zero value is nobody: an unsigned call.
type Principal struct {
	Account string // twelve digits; empty for services
	ARN     string // of a user, a root user or an assumed-role session
	RoleARN string // of the role behind a session
	UserID  string
	Service string // "cloudwatch.amazonaws.com"; empty for everyone else
	Root    bool   // the account itself: may do everything that is not denied
}

// parsePrincipals reads "*" or an object of kinds.
func parsePrincipals(path string, not bool, raw json.RawMessage) (*Principals, error) {
	if text, err := one(path, raw); err == nil {
		if text != "*" {
			return nil, wrong(path, "Invalid principal in policy")
		}
		return &Principals{Not: not, AWS: []string{"*"}}, nil
	}
	members, err := object(path, raw)
	if err != nil {
		return nil, err
	}
	p := &Principals{Not: not}
	for _, m := range members {
		kinds := map[string]*[]string{"AWS": &p.AWS, "Service": &p.Service, "Federated": &p.Federated, "CanonicalUser": &p.CanonicalUser}
		into, ok := kinds[m.name]
		if !ok {
			return nil, wrong(path+"."+m.name, "Invalid principal in policy")
		}
		if *into, err = some(path+"."+m.name, m.value, one); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(p.AWS, invalidAWS) || len(members) == 0 {
		return nil, wrong(path, "Invalid principal in policy")
	}
	return p, nil
}

// invalidAWS tells what cannot be the name of an AWS principal: names have no
// wildcards. Deleted users are left behind as their AIDA... ids, so those pass.
func invalidAWS(name string) bool {
	switch {
	case name == "*", isAccount(name):
		return false
	case strings.HasPrefix(name, "arn:"):
		return strings.Count(name, ":") < 5 || strings.ContainsAny(name, "*?")
	}
	return len(name) < 16 || strings.ToUpper(name) != name || strings.ContainsAny(name, "*?:/")
}

func isAccount(text string) bool {
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

// how a statement names a caller.
type naming int

const (
	notNamed  naming = iota
	byAccount        // names the caller's account, which may pass the right on
	byName
)

// name tells how the statement names the caller. A caller that is named by
// "*" is named; one whose account is named is allowed by its own policies only.
func (ps *Principals) name(p Principal) naming {
	best := notNamed
	for _, name := range ps.AWS {
		best = max(best, nameAWS(name, p))
	}
	if p.Service != "" && slices.Contains(ps.Service, p.Service) {
		return byName
	}
	return best
}

func nameAWS(name string, p Principal) naming {
	switch {
	case name == "*":
		return byName
	case p.Account == "":
		return notNamed
	case name == p.ARN, name == p.RoleARN, name == p.UserID && name != p.Account:
		return byName
	case name == p.Account, strings.HasPrefix(name, "arn:") && strings.HasSuffix(name, ":iam::"+p.Account+":root"):
		return byAccount
	}
	return notNamed
}

// concerns tells whether the statement is about the caller, and how it names it.
func (s *Statement) concerns(p Principal) naming {
	if s.Principal == nil { // the policy is the caller's own
		return byName
	}
	named := s.Principal.name(p)
	if !s.Principal.Not {
		return named
	}
	// NotPrincipal with an account spares the root user alone.
	if named == byName || named == byAccount && p.Root {
		return notNamed
	}
	return byName
}
