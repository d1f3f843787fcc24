package iampolicy

import "time"

// Request is what somebody wants to do.
type Request struct {
	Principal Principal
	Action    string // "sns:Publish"
	Resource  string // an ARN, or "*" for actions without one
	Account   string // that the resource belongs to
	Context   Context
	Time      time.Time
}

// Policies are those that bear on a request. Both may be empty.
type Policies struct {
	Identity []*Document // the caller's
	Resource []*Document // the resource's
}

// Outcome is the answer to a request.
type Outcome int

// The outcomes.
const (
	ImplicitDeny Outcome = iota // nothing allows it
	Allowed
	ExplicitDeny // a statement denies it
)

func (o Outcome) String() string {
	return [...]string{"implicit deny", "allowed", "explicit deny"}[o]
}

// Decision is an outcome and its grounds.
type Decision struct {
	Outcome   Outcome
	Statement *Statement // that allowed or denied; nil for a root user's right and for ImplicitDeny
	// Reason is the clause with which AWS ends its refusals: "because no
	// resource-based policy allows the sns:Publish action", "with an explicit
	// deny in a resource-based policy". Of allowed requests it says what allows.
	Reason string
}

// Allowed tells whether the request may go on.
func (d Decision) Allowed() bool { return d.Outcome == Allowed }

const (
	identityPolicy = "identity-based policy"
	resourcePolicy = "resource-based policy"
)

// Decide says whether the policies allow the request.
func Decide(r Request, p Policies) Decision {
	ctx := r.Context.with(r.Principal, r.Time)
	identity, resource := judge(p.Identity, r, ctx), judge(p.Resource, r, ctx)
	switch {
	case identity.deny != nil:
		return Decision{ExplicitDeny, identity.deny, "with an explicit deny in an " + identityPolicy}
	case resource.deny != nil:
		return Decision{ExplicitDeny, resource.deny, "with an explicit deny in a " + resourcePolicy}
	}
	if r.Principal.Account != r.Account || r.Account == "" {
		return decideAcross(r, identity, resource)
	}
	switch {
	case resource.allow != nil && resource.allowed == byName:
		return Decision{Allowed, resource.allow, "a " + resourcePolicy + " allows it"}
	case identity.allow != nil:
		return Decision{Allowed, identity.allow, "an " + identityPolicy + " allows it"}
	case r.Principal.Root:
		return Decision{Allowed, nil, "the root user of the account may"}
	}
	return refused(r, identityPolicy)
}

// decideAcross is for callers from elsewhere: services and strangers need only
// the resource's policy, callers of another account also their own.
func decideAcross(r Request, identity, resource verdict) Decision {
	own := r.Principal.Account == "" || r.Principal.Root || identity.allow != nil
	switch {
	case resource.allow == nil:
		return refused(r, resourcePolicy)
	case !own:
		return refused(r, identityPolicy)
	}
	return Decision{Allowed, resource.allow, "a " + resourcePolicy + " allows it"}
}

func refused(r Request, missing string) Decision {
	return Decision{Outcome: ImplicitDeny, Reason: "because no " + missing + " allows the " + r.Action + " action"}
}

// verdict is what a set of policies says.
type verdict struct {
	deny, allow *Statement
	allowed     naming // how the allowing statement names the caller
}

// judge finds the first statement that denies, and the first of those that
// allow and name the caller most directly.
func judge(documents []*Document, r Request, ctx Context) verdict {
	var v verdict
	for _, d := range documents {
		for i := range d.Statements {
			s := &d.Statements[i]
			named := s.matches(r, ctx, d.Version == Version2012)
			switch {
			case named == notNamed:
			case s.Effect == Deny && v.deny == nil:
				v.deny = s
			case s.Effect == Allow && named > v.allowed:
				v.allow, v.allowed = s, named
			}
		}
	}
	return v
}

// matches tells whether the statement applies to the request, and by what name
// of the caller.
func (s *Statement) matches(r Request, ctx Context, variables bool) naming {
	named := s.concerns(r.Principal)
	if named == notNamed || !s.coversAction(r.Action) || !s.coversResource(r.Resource, ctx, variables) {
		return notNamed
	}
	for i := range s.Condition {
		if !s.Condition[i].holds(ctx, variables) {
			return notNamed
		}
	}
	return named
}

// coversAction compares actions without regard to case, as AWS does.
func (s *Statement) coversAction(action string) bool {
	folded := string(literal(action).fold())
	for _, name := range s.Action.List {
		if wildcards(name).fold().match(folded) {
			return !s.Action.Not
		}
	}
	return s.Action.Not
}

func (s *Statement) coversResource(resource string, ctx Context, variables bool) bool {
	if len(s.Resource.List) == 0 {
		return true // a trust policy: the resource is the role it hangs on
	}
	if !variables {
		ctx = nil
	}
	for _, name := range s.Resource.List {
		if p, ok := expand(name, ctx, wildcards); ok && p.segmented().match(resource) {
			return !s.Resource.Not
		}
	}
	return s.Resource.Not
}
