package topic

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// policyActions are what a topic policy can be about.
var policyActions = []string{"GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic",
	"Subscribe", "ListSubscriptionsByTopic", "Publish"}

type policyDocument struct {
	Version   string `json:"Version,omitempty"`
	ID        string `json:"Id,omitempty"`
	Statement []any  `json:"Statement"`
}

type policyStatement struct {
	Sid       string         `json:"Sid"`
	Effect    string         `json:"Effect"`
	Principal map[string]any `json:"Principal"`
	Action    any            `json:"Action"`
	Resource  string         `json:"Resource"`
	Condition map[string]any `json:"Condition,omitempty"`
}

// defaultPolicy lets the owner's account do everything, and AWS services that
// act for it (its alarms) publish.
func defaultPolicy(topicARN arn.ARN) string {
	return encodeDocument(policyDocument{Version: "2008-10-17", ID: "__default_policy_ID", Statement: []any{policyStatement{
		Sid: "__default_statement_ID", Effect: "Allow", Principal: map[string]any{"AWS": "*"}, Action: snsActions(policyActions),
		Resource:  topicARN.String(),
		Condition: map[string]any{"StringEquals": map[string]any{"AWS:SourceOwner": topicARN.Account}},
	}}})
}

func encodeDocument(document policyDocument) string {
	encoded, _ := json.Marshal(document) // strings, lists and maps: cannot fail
	return string(encoded)
}

func snsActions(names []string) []string {
	prefixed := make([]string, len(names))
	for i, name := range names {
		prefixed[i] = "SNS:" + name
	}
	return prefixed
}

// Permission is a statement to add to a topic's policy.
type Permission struct {
	Label    string
	Accounts []string
	Actions  []string // without the SNS: prefix
}

// AddPermission adds a statement to the topic's policy.
func (s *Service) AddPermission(ctx context.Context, by Principal, topicARN arn.ARN, p Permission) error {
	return s.change(ctx, by, "AddPermission", topicARN, func(t *Topic) error {
		return t.editPolicy(func(document *policyDocument) error {
			if slices.ContainsFunc(document.Statement, hasSid(p.Label)) {
				return invalid("Statement already exists")
			}
			statement, err := p.statement(topicARN)
			document.Statement = append(document.Statement, statement)
			return err
		})
	})
}

// RemovePermission takes the statement of that label from the topic's policy.
func (s *Service) RemovePermission(ctx context.Context, by Principal, topicARN arn.ARN, label string) error {
	return s.change(ctx, by, "RemovePermission", topicARN, func(t *Topic) error {
		return t.editPolicy(func(document *policyDocument) error {
			document.Statement = slices.DeleteFunc(document.Statement, hasSid(label))
			return nil
		})
	})
}

func (t *Topic) editPolicy(edit func(*policyDocument) error) error {
	var document policyDocument
	if err := json.Unmarshal([]byte(t.Policy()), &document); err != nil {
		return fmt.Errorf("policy of %s: %w", t.ARN, err)
	}
	if err := edit(&document); err != nil {
		return err
	}
	return t.setAttribute("Policy", encodeDocument(document))
}

// UnmarshalJSON also takes a single statement that stands without a list.
func (d *policyDocument) UnmarshalJSON(text []byte) error {
	var plain struct {
		Version   string          `json:"Version"`
		ID        string          `json:"Id"`
		Statement json.RawMessage `json:"Statement"`
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		return err
	}
	d.Version, d.ID = plain.Version, plain.ID
	if json.Unmarshal(plain.Statement, &d.Statement) == nil {
		return nil
	}
	d.Statement = make([]any, 1)
	return json.Unmarshal(plain.Statement, &d.Statement[0])
}

func hasSid(label string) func(any) bool {
	return func(statement any) bool {
		fields, _ := statement.(map[string]any)
		return fields["Sid"] == label
	}
}

var (
	permissionLabel = regexp.MustCompile(`\A[A-Za-z0-9_-]{1,80}\z`)
	accountID       = regexp.MustCompile(`\A[0-9]{12}\z`)
)

func (p Permission) statement(topicARN arn.ARN) (policyStatement, error) {
	if !permissionLabel.MatchString(p.Label) {
		return policyStatement{}, invalid("Label")
	}
	if len(p.Actions) == 0 {
		return policyStatement{}, invalid("ActionName")
	}
	for _, action := range p.Actions {
		if action != "*" && !slices.Contains(policyActions, action) {
			return policyStatement{}, invalid("Policy statement action out of service scope!")
		}
	}
	accounts := []string{}
	for _, account := range p.Accounts {
		if !accountID.MatchString(account) {
			return policyStatement{}, invalid("AWSAccountId")
		}
		accounts = append(accounts, "arn:"+topicARN.Partition+":iam::"+account+":root")
	}
	if len(accounts) == 0 {
		return policyStatement{}, invalid("AWSAccountId")
	}
	return policyStatement{Sid: p.Label, Effect: "Allow", Principal: map[string]any{"AWS": oneOrAll(accounts)},
		Action: oneOrAll(snsActions(p.Actions)), Resource: topicARN.String()}, nil
}

// oneOrAll writes a list of one without the list, as AWS does.
func oneOrAll(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}
