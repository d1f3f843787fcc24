// Package iampolicy is AWS's policy language: Parse reads a document, Decide
// says whether a request is allowed and why. It knows identity policies (of
// users and roles) and resource policies (of topics and buckets), and nothing of
// where either is kept.
//
// A request is denied if any statement that matches it denies. Otherwise it is
// allowed if a statement allows it: of either kind of policy within an account,
// of both when caller and resource belong to different accounts, of the
// resource's policy when the caller is an AWS service.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package iampolicy

// Effect is what a statement does to the requests it matches.
type Effect string

// The effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// The versions of the language. Policy variables are text in the older one,
// which is also what a document without a version is written in.
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
)

// Document is a policy. It is immutable and safe for concurrent use.
type Document struct {
	Version    string // empty if the document has none
	ID         string
	Statements []Statement

	source string
}

// String is the text that was parsed, unchanged.
func (d *Document) String() string { return d.source }

// Statement is one rule of a policy.
type Statement struct {
	SID       string
	Effect    Effect
	Principal *Principals // whom it is about; nil in identity policies
	Action    Names
	Resource  Names       // empty in trust policies
	Condition []Condition // all must hold
}

// Names are the actions or resources of a statement, with wildcards.
type Names struct {
	Not  bool // all but these: NotAction, NotResource
	List []string
}

// Principals are the callers that a statement names.
type Principals struct {
	Not           bool     // all but these: NotPrincipal
	AWS           []string // "*", account ids, ARNs
	Service       []string // "cloudwatch.amazonaws.com"
	Federated     []string
	CanonicalUser []string
}

// Condition compares a key of the request's context with values.
type Condition struct {
	Operator string // as written: "ForAnyValue:StringLikeIfExists"
	Key      string
	Values   []string

	test test
}
