package iampolicy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// MaxSize is the most bytes of a policy document that Parse reads. AWS's own
// limits are lower (20 KB for buckets, 30 KB for topics) and the services' to keep.
const MaxSize = 64 << 10

// Kind is what a policy hangs on; it decides which members its statements need.
type Kind int

// The kinds.
const (
	Any      Kind = iota
	Identity      // users, groups, roles: no principal
	Resource      // topics, buckets: a principal
	Trust         // who may assume a role: a principal and no resource
)

// SyntaxError says what is wrong with a policy document.
type SyntaxError struct {
	Message string // in AWS's words
	Path    string // where: "Statement[1].Effect"; empty for the whole
}

func (e *SyntaxError) Error() string {
	if e.Path == "" {
		return "policy: " + e.Message
	}
	return "policy: " + e.Path + ": " + e.Message
}

const syntaxErrors = "Syntax errors in policy."

func wrong(path, format string, args ...any) error {
	return &SyntaxError{Path: path, Message: fmt.Sprintf(format, args...)}
}

// Parse reads a policy document of a kind. Its errors are *SyntaxError.
func Parse(text string, kind Kind) (*Document, error) {
	if len(text) > MaxSize {
		return nil, wrong("", "The policy is longer than %d bytes.", MaxSize)
	}
	if !utf8.ValidString(text) || !json.Valid([]byte(text)) {
		return nil, wrong("", "This policy contains invalid Json")
	}
	members, err := object("", json.RawMessage(text))
	if err != nil {
		return nil, err
	}
	d := &Document{source: text}
	var statements json.RawMessage
	for _, m := range members {
		switch m.name {
		case "Version":
			d.Version, err = one(m.name, m.value)
		case "Id":
			d.ID, err = one(m.name, m.value)
		case "Statement":
			statements = m.value
		default:
			err = wrong(m.name, syntaxErrors)
		}
		if err != nil {
			return nil, err
		}
	}
	if d.Version != "" && d.Version != Version2008 && d.Version != Version2012 {
		return nil, wrong("Version", syntaxErrors)
	}
	d.Statements, err = parseStatements(statements, kind)
	return d, err
}

// parseStatements reads a statement or a list of them.
func parseStatements(raw json.RawMessage, kind Kind) ([]Statement, error) {
	list := []json.RawMessage{raw}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		list = nil
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, wrong("Statement", syntaxErrors)
		}
	}
	if len(raw) == 0 || len(list) == 0 {
		return nil, wrong("Statement", syntaxErrors)
	}
	statements := make([]Statement, len(list))
	seen := map[string]bool{}
	for i, raw := range list {
		path := fmt.Sprintf("Statement[%d]", i)
		s, err := parseStatement(path, raw)
		if err == nil {
			err = s.check(path, kind)
		}
		if err != nil {
			return nil, err
		}
		if s.SID != "" && seen[s.SID] {
			return nil, wrong(path+".Sid", "Statement IDs (SID) in a single policy must be unique.")
		}
		seen[s.SID], statements[i] = true, s
	}
	return statements, nil
}

// parseStatement reads one statement. check completes it.
func parseStatement(path string, raw json.RawMessage) (s Statement, err error) {
	members, err := object(path, raw)
	if err != nil {
		return s, err
	}
	for _, m := range members {
		at := path + "." + m.name
		not := strings.HasPrefix(m.name, "Not")
		switch m.name {
		case "Sid":
			s.SID, err = one(at, m.value)
		case "Effect":
			var effect string
			effect, err = one(at, m.value)
			s.Effect = Effect(effect)
		case "Principal", "NotPrincipal":
			if s.Principal != nil {
				return s, wrong(at, syntaxErrors)
			}
			s.Principal, err = parsePrincipals(at, not, m.value)
		case "Action", "NotAction":
			err = s.Action.parse(at, not, m.value)
		case "Resource", "NotResource":
			err = s.Resource.parse(at, not, m.value)
		case "Condition":
			s.Condition, err = parseConditions(at, m.value)
		default:
			err = wrong(at, syntaxErrors)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

var (
	vendorPattern = regexp.MustCompile(`^[a-zA-Z0-9.-]+$`)
	sidPattern    = regexp.MustCompile(`^[0-9A-Za-z]*$`)
)

// parse reads a member of which there may be one, with or without Not.
func (n *Names) parse(path string, not bool, raw json.RawMessage) (err error) {
	if n.List != nil {
		return wrong(path, syntaxErrors)
	}
	n.Not = not
	n.List, err = some(path, raw, one)
	return err
}

// check holds a statement against the needs of a kind of policy.
func (s *Statement) check(path string, kind Kind) error {
	if s.Effect != Allow && s.Effect != Deny {
		return wrong(path+".Effect", syntaxErrors)
	}
	if kind == Identity && !sidPattern.MatchString(s.SID) {
		return wrong(path+".Sid", "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*")
	}
	if len(s.Action.List) == 0 {
		return wrong(path+".Action", "Policy statement must contain actions.")
	}
	for _, action := range s.Action.List {
		if err := checkAction(path+".Action", action); err != nil {
			return err
		}
	}
	switch {
	case kind == Identity && s.Principal != nil:
		return wrong(path+".Principal", "Policy document should not specify a principal.")
	case (kind == Resource || kind == Trust) && s.Principal == nil:
		return wrong(path+".Principal", "Missing required field Principal")
	case kind == Trust && s.Resource.List != nil:
		return wrong(path+".Resource", "Has prohibited field Resource")
	case kind != Trust && len(s.Resource.List) == 0:
		return wrong(path+".Resource", "Policy statement must contain resources.")
	}
	for _, resource := range s.Resource.List {
		if resource != "*" && !strings.HasPrefix(resource, "arn:") && !strings.HasPrefix(resource, "${") && !strings.HasPrefix(resource, "*") {
			return wrong(path+".Resource", `Resource %s must be in ARN format or "*".`, resource)
		}
	}
	return nil
}

func checkAction(path, action string) error {
	vendor, name, ok := strings.Cut(action, ":")
	switch {
	case action == "*":
		return nil
	case !ok:
		return wrong(path, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
	case strings.Contains(name, ":"):
		return wrong(path, "Actions/Condition can contain only one colon.")
	case !vendorPattern.MatchString(vendor):
		return wrong(path, "Vendor %s is not valid", vendor)
	}
	return nil
}
