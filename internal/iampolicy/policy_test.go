package iampolicy_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/iampolicy"
)

// defaultTopicPolicy is what CreateTopic gives a topic.
const defaultTopicPolicy = `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow",
"Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic",
"SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"arn:aws:sns:us-east-1:111111111111:t",
"Condition":{"StringEquals":{"AWS:SourceOwner":"111111111111"}}}]}`

func TestParseKeepsTheText(t *testing.T) {
	d, err := iampolicy.Parse(defaultTopicPolicy, iampolicy.Resource)
	if err != nil {
		t.Fatal(err)
	}
	if d.String() != defaultTopicPolicy {
		t.Errorf("String() = %s, want the source", d)
	}
	s := d.Statements[0]
	if d.Version != "2008-10-17" || d.ID != "__default_policy_ID" || s.SID != "__default_statement_ID" || len(s.Action.List) != 8 ||
		s.Principal.AWS[0] != "*" || s.Condition[0].Key != "AWS:SourceOwner" {
		t.Errorf("Parse() = %+v", d)
	}
}

func TestParseErrors(t *testing.T) {
	statement := func(members string) string { return `{"Version":"2012-10-17","Statement":{` + members + `}}` }
	const rest = `"Effect":"Allow","Action":"sns:Publish","Resource":"*"`
	tests := []struct {
		name, text string
		kind       iampolicy.Kind
		message    string
		path       string
	}{
		{"not JSON", `{"Version`, iampolicy.Any, "This policy contains invalid Json", ""},
		{"empty", ``, iampolicy.Any, "This policy contains invalid Json", ""},
		{"two documents", `{} {}`, iampolicy.Any, "This policy contains invalid Json", ""},
		{"a list", `[]`, iampolicy.Any, "Syntax errors in policy.", ""},
		{"unknown member", `{"Statements":[]}`, iampolicy.Any, "Syntax errors in policy.", "Statements"},
		{"member twice", `{"Id":"a","Id":"b","Statement":{` + rest + `}}`, iampolicy.Any, "Syntax errors in policy.", ""},
		{"other version", `{"Version":"2013-10-17","Statement":{` + rest + `}}`, iampolicy.Any, "Syntax errors in policy.", "Version"},
		{"no statement", `{"Version":"2012-10-17"}`, iampolicy.Any, "Syntax errors in policy.", "Statement"},
		{"no statements", `{"Version":"2012-10-17","Statement":[]}`, iampolicy.Any, "Syntax errors in policy.", "Statement"},
		{"statement is text", `{"Version":"2012-10-17","Statement":["x"]}`, iampolicy.Any, "Syntax errors in policy.", "Statement[0]"},
		{"statement is null", `{"Version":"2012-10-17","Statement":null}`, iampolicy.Any, "Syntax errors in policy.", "Statement[0]"},
		{"no effect", statement(`"Action":"sns:Publish","Resource":"*"`), iampolicy.Any, "Syntax errors in policy.", "Statement[0].Effect"},
		{"lower-case effect", statement(`"Effect":"allow","Action":"sns:Publish","Resource":"*"`), iampolicy.Any, "Syntax errors in policy.", "Statement[0].Effect"},
		{"misspelt member", statement(rest + `,"Principle":"*"`), iampolicy.Any, "Syntax errors in policy.", "Statement[0].Principle"},
		{"both actions", statement(rest + `,"NotAction":"sns:X"`), iampolicy.Any, "Syntax errors in policy.", "Statement[0].NotAction"},
		{"no action", statement(`"Effect":"Allow","Resource":"*"`), iampolicy.Any, "Policy statement must contain actions.", "Statement[0].Action"},
		{"empty actions", statement(`"Effect":"Allow","Action":[],"Resource":"*"`), iampolicy.Any, "Policy statement must contain actions.", "Statement[0].Action"},
		{"action without vendor", statement(`"Effect":"Allow","Action":"Publish","Resource":"*"`), iampolicy.Any,
			"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", "Statement[0].Action"},
		{"action with two colons", statement(`"Effect":"Allow","Action":"a:b:c","Resource":"*"`), iampolicy.Any,
			"Actions/Condition can contain only one colon.", "Statement[0].Action"},
		{"vendor with a space", statement(`"Effect":"Allow","Action":"a a:b","Resource":"*"`), iampolicy.Any, "Vendor a a is not valid", "Statement[0].Action"},
		{"no resource", statement(`"Effect":"Allow","Action":"a:b"`), iampolicy.Identity, "Policy statement must contain resources.", "Statement[0].Resource"},
		{"resource is no ARN", statement(`"Effect":"Allow","Action":"a:b","Resource":"bucket"`), iampolicy.Any,
			`Resource bucket must be in ARN format or "*".`, "Statement[0].Resource"},
		{"number as resource", statement(`"Effect":"Allow","Action":"a:b","Resource":5`), iampolicy.Any, "Syntax errors in policy.", "Statement[0].Resource"},
		{"principal of an identity", statement(rest + `,"Principal":"*"`), iampolicy.Identity, "Policy document should not specify a principal.", "Statement[0].Principal"},
		{"no principal", statement(rest), iampolicy.Resource, "Missing required field Principal", "Statement[0].Principal"},
		{"resource of a role", statement(rest + `,"Principal":"*"`), iampolicy.Trust, "Has prohibited field Resource", "Statement[0].Resource"},
		{"principal is a name", statement(rest + `,"Principal":"bob"`), iampolicy.Any, "Invalid principal in policy", "Statement[0].Principal"},
		{"principal of no kind", statement(rest + `,"Principal":{}`), iampolicy.Any, "Invalid principal in policy", "Statement[0].Principal"},
		{"principal kind unknown", statement(rest + `,"Principal":{"aws":"*"}`), iampolicy.Any, "Invalid principal in policy", "Statement[0].Principal.aws"},
		{"principal with a wildcard", statement(rest + `,"Principal":{"AWS":"arn:aws:iam::111111111111:user/*"}`), iampolicy.Any,
			"Invalid principal in policy", "Statement[0].Principal"},
		{"operator unknown", statement(rest + `,"Condition":{"Arnlike":{"aws:SourceArn":"x"}}`), iampolicy.Any, "Invalid Condition type : Arnlike.", "Statement[0].Condition.Arnlike"},
		{"operator that has no Not", statement(rest + `,"Condition":{"NotBool":{"aws:SecureTransport":"x"}}`), iampolicy.Any, "Invalid Condition type : NotBool.", "Statement[0].Condition.NotBool"},
		{"two quantifiers", statement(rest + `,"Condition":{"ForAnyValue:ForAllValues:StringLike":{"a:b":"x"}}`), iampolicy.Any,
			"Invalid Condition type : ForAnyValue:ForAllValues:StringLike.", "Statement[0].Condition.ForAnyValue:ForAllValues:StringLike"},
		{"condition value is an object", statement(rest + `,"Condition":{"Bool":{"a:b":{}}}`), iampolicy.Any, "Syntax errors in policy.", "Statement[0].Condition.Bool.a:b"},
		{"condition key without vendor", statement(rest + `,"Condition":{"Bool":{"ab":true}}`), iampolicy.Any,
			"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", "Statement[0].Condition.Bool"},
		{"statement id twice", `{"Statement":[{"Sid":"a",` + rest + `},{"Sid":"a",` + rest + `}]}`, iampolicy.Any,
			"Statement IDs (SID) in a single policy must be unique.", "Statement[1].Sid"},
		{"statement id with an underscore", statement(`"Sid":"a_b",` + rest), iampolicy.Identity,
			"Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*", "Statement[0].Sid"},
		{"too long", `"` + strings.Repeat("x", iampolicy.MaxSize) + `"`, iampolicy.Any, "The policy is longer than 65536 bytes.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := iampolicy.Parse(tt.text, tt.kind)
			syntax, ok := errors.AsType[*iampolicy.SyntaxError](err)
			if !ok {
				t.Fatalf("Parse(%s) = %v, want a SyntaxError", tt.text, err)
			}
			if syntax.Message != tt.message || syntax.Path != tt.path {
				t.Errorf("Parse(%.200s) = %q at %q, want %q at %q", tt.text, syntax.Message, syntax.Path, tt.message, tt.path)
			}
		})
	}
}

func parse(t testing.TB, texts ...string) (documents []*iampolicy.Document) {
	t.Helper()
	for _, text := range texts {
		d, err := iampolicy.Parse(text, iampolicy.Any)
		if err != nil {
			t.Fatalf("Parse(%s): %v", text, err)
		}
		documents = append(documents, d)
	}
	return documents
}

const topic = "arn:aws:sns:us-east-1:111111111111:t"

var (
	root       = iampolicy.Principal{Account: "111111111111", ARN: "arn:aws:iam::111111111111:root", UserID: "111111111111", Root: true}
	bob        = iampolicy.Principal{Account: "111111111111", ARN: "arn:aws:iam::111111111111:user/staff/bob", UserID: "AIDAEXAMPLEBOB000001"}
	session    = iampolicy.Principal{Account: "111111111111", ARN: "arn:aws:sts::111111111111:assumed-role/app/i-1", RoleARN: "arn:aws:iam::111111111111:role/app", UserID: "AROAEXAMPLE:i-1"}
	strange    = iampolicy.Principal{Account: "222222222222", ARN: "arn:aws:iam::222222222222:user/eve", UserID: "AIDAEXAMPLEEVE000001"}
	cloudwatch = iampolicy.Principal{Service: "cloudwatch.amazonaws.com"}
	nobody     = iampolicy.Principal{}
)

func statement(members string) string {
	return `{"Version":"2012-10-17","Statement":[{` + members + `}]}`
}

func TestDecide(t *testing.T) {
	owned := iampolicy.Context{"aws:SourceOwner": {"111111111111"}, "aws:SourceAccount": {"111111111111"},
		"aws:SourceArn": {"arn:aws:cloudwatch:us-east-1:111111111111:alarm:a"}}
	stolen := iampolicy.Context{"AWS:SourceOwner": {"222222222222"}}
	const (
		allowAll  = `"Effect":"Allow","Action":"sns:*","Resource":"*"`
		denyAll   = `"Effect":"Deny","Action":"sns:*","Resource":"*"`
		toAlarms  = `"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish","Resource":"` + topic + `"`
		toEveOnly = `"Effect":"Allow","Principal":{"Service":"events.amazonaws.com","AWS":"222222222222"},"Action":"sns:Publish","Resource":"` + topic + `"`
	)
	list := func(texts ...string) []string { return texts }
	tests := []struct {
		name               string
		who                iampolicy.Principal
		ctx                iampolicy.Context
		identity, resource []string
		want               iampolicy.Outcome
		reason             string
	}{
		{"alarm of the owner, default policy", cloudwatch, owned, nil, list(defaultTopicPolicy), iampolicy.Allowed, "a resource-based policy allows it"},
		{"alarm of another account, default policy", cloudwatch, stolen, nil, list(defaultTopicPolicy), iampolicy.ImplicitDeny,
			"because no resource-based policy allows the sns:Publish action"},
		{"alarm, policy that names another service", cloudwatch, owned, nil, list(statement(toEveOnly)), iampolicy.ImplicitDeny,
			"because no resource-based policy allows the sns:Publish action"},
		{"alarm, policy that names it", cloudwatch, owned, nil, list(statement(toAlarms)), iampolicy.Allowed, "a resource-based policy allows it"},
		{"alarm, no policy", cloudwatch, owned, nil, nil, iampolicy.ImplicitDeny, "because no resource-based policy allows the sns:Publish action"},
		{"root, policy that names others", root, nil, nil, list(statement(toAlarms)), iampolicy.Allowed, "the root user of the account may"},
		{"root, denied by the topic", root, nil, nil, list(statement(denyAll + `,"Principal":"*"`)), iampolicy.ExplicitDeny, "with an explicit deny in a resource-based policy"},
		{"user without a policy", bob, nil, nil, list(statement(toAlarms)), iampolicy.ImplicitDeny, "because no identity-based policy allows the sns:Publish action"},
		{"user of the owner, default policy", bob, owned, nil, list(defaultTopicPolicy), iampolicy.Allowed, "a resource-based policy allows it"},
		{"user with a policy", bob, nil, list(statement(allowAll)), list(statement(toAlarms)), iampolicy.Allowed, "an identity-based policy allows it"},
		{"user, one policy denies", bob, nil, list(statement(allowAll), statement(denyAll)), nil, iampolicy.ExplicitDeny, "with an explicit deny in an identity-based policy"},
		{"user, account named", bob, nil, nil, list(statement(allowAll + `,"Principal":{"AWS":"111111111111"}`)), iampolicy.ImplicitDeny,
			"because no identity-based policy allows the sns:Publish action"},
		{"user, named", bob, nil, nil, list(statement(allowAll + `,"Principal":{"AWS":"arn:aws:iam::111111111111:user/staff/bob"}`)), iampolicy.Allowed,
			"a resource-based policy allows it"},
		{"session, role named", session, nil, nil, list(statement(allowAll + `,"Principal":{"AWS":"arn:aws:iam::111111111111:role/app"}`)), iampolicy.Allowed,
			"a resource-based policy allows it"},
		{"stranger, own policy only", strange, nil, list(statement(allowAll)), list(statement(toAlarms)), iampolicy.ImplicitDeny,
			"because no resource-based policy allows the sns:Publish action"},
		{"stranger, topic's policy only", strange, nil, nil, list(statement(toEveOnly)), iampolicy.ImplicitDeny,
			"because no identity-based policy allows the sns:Publish action"},
		{"stranger, both", strange, nil, list(statement(allowAll)), list(statement(toEveOnly)), iampolicy.Allowed, "a resource-based policy allows it"},
		{"nobody, public topic", nobody, nil, nil, list(statement(allowAll + `,"Principal":"*"`)), iampolicy.Allowed, "a resource-based policy allows it"},
		{"nobody, account named", nobody, nil, nil, list(statement(toEveOnly)), iampolicy.ImplicitDeny, "because no resource-based policy allows the sns:Publish action"},
		{"NotPrincipal spares who it names", bob, nil, list(statement(allowAll)),
			list(statement(denyAll + `,"NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/staff/bob"}`)), iampolicy.Allowed, "an identity-based policy allows it"},
		{"NotPrincipal denies the rest", session, nil, list(statement(allowAll)),
			list(statement(denyAll + `,"NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/staff/bob"}`)), iampolicy.ExplicitDeny, "with an explicit deny in a resource-based policy"},
		{"NotPrincipal with an account does not spare its users", bob, nil, list(statement(allowAll)),
			list(statement(denyAll + `,"NotPrincipal":{"AWS":"111111111111"}`)), iampolicy.ExplicitDeny, "with an explicit deny in a resource-based policy"},
		{"NotPrincipal with an account spares its root", root, nil, nil,
			list(statement(denyAll + `,"NotPrincipal":{"AWS":"111111111111"}`)), iampolicy.Allowed, "the root user of the account may"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := iampolicy.Decide(
				iampolicy.Request{Principal: tt.who, Action: "sns:Publish", Resource: topic, Account: "111111111111", Context: tt.ctx},
				iampolicy.Policies{Identity: parse(t, tt.identity...), Resource: parse(t, tt.resource...)})
			if got.Outcome != tt.want || got.Reason != tt.reason {
				t.Errorf("Decide() = %s %s, want %s %s", got.Outcome, got.Reason, tt.want, tt.reason)
			}
			if (got.Statement == nil) != (got.Outcome == iampolicy.ImplicitDeny || tt.reason == "the root user of the account may") {
				t.Errorf("Decide() has statement %v with %s", got.Statement, got.Outcome)
			}
		})
	}
}

func TestDecideCoverage(t *testing.T) {
	tests := []struct {
		name, members, action, resource string
		want                            bool
	}{
		{"exact", `"Action":"sns:Publish","Resource":"` + topic + `"`, "sns:Publish", topic, true},
		{"action case", `"Action":"SNS:pUBLISH","Resource":"*"`, "sns:Publish", topic, true},
		{"action wildcard", `"Action":"sns:Pub*","Resource":"*"`, "sns:PublishBatch", topic, true},
		{"action question mark", `"Action":"sns:Publis?","Resource":"*"`, "sns:Publish", topic, true},
		{"action of another vendor", `"Action":"sn:*","Resource":"*"`, "sns:Publish", topic, false},
		{"any action", `"Action":"*","Resource":"*"`, "sns:Publish", topic, true},
		{"not this action", `"NotAction":["sns:Pub*"],"Resource":"*"`, "sns:Publish", topic, false},
		{"not another action", `"NotAction":["sns:Sub*"],"Resource":"*"`, "sns:Publish", topic, true},
		{"resource case", `"Action":"sns:*","Resource":"arn:aws:sns:us-east-1:111111111111:T"`, "sns:Publish", topic, false},
		{"resource prefix", `"Action":"sns:*","Resource":"arn:aws:sns:us-east-1:111111111111:tt*"`, "sns:Publish", topic, false},
		{"resource wildcard segments", `"Action":"sns:*","Resource":"arn:aws:sns:*:*:?"`, "sns:Publish", topic, true},
		{"asterisk within a segment stays in it", `"Action":"sns:*","Resource":"arn:aws:sns:us*1:t"`, "sns:Publish", topic, false},
		{"asterisk at the end goes on", `"Action":"sns:*","Resource":"arn:aws:sns:us-*"`, "sns:Publish", topic, true},
		{"not this resource", `"Action":"sns:*","NotResource":"` + topic + `"`, "sns:Publish", topic, false},
		{"not another resource", `"Action":"sns:*","NotResource":"arn:aws:sns:::x"`, "sns:Publish", topic, true},
		{"variable", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"`, "s3:GetObject", "arn:aws:s3:::b/bob/x", true},
		{"variable of another", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"`, "s3:GetObject", "arn:aws:s3:::b/eve/x", false},
		{"variable without a value", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"`, "s3:GetObject", "arn:aws:s3:::b//x", false},
		{"variable with a default", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*"`, "s3:GetObject", "arn:aws:s3:::b/all/x", true},
		{"literal asterisk", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${*}"`, "s3:GetObject", "arn:aws:s3:::b/x", false},
		{"literal asterisk itself", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${*}"`, "s3:GetObject", "arn:aws:s3:::b/*", true},
		{"unclosed variable is text", `"Action":"s3:*","Resource":"arn:aws:s3:::b/${aws"`, "s3:GetObject", "arn:aws:s3:::b/${aws", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := iampolicy.Decide(iampolicy.Request{Principal: bob, Action: tt.action, Resource: tt.resource, Account: "111111111111"},
				iampolicy.Policies{Identity: parse(t, statement(`"Effect":"Allow",`+tt.members))})
			if got.Allowed() != tt.want {
				t.Errorf("Decide(%s on %s) = %s, want allowed %t", tt.action, tt.resource, got.Outcome, tt.want)
			}
		})
	}
	t.Run("the old version has no variables", func(t *testing.T) {
		old := strings.Replace(statement(`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"`), "2012", "2008", 1)
		got := iampolicy.Decide(iampolicy.Request{Principal: bob, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/bob", Account: "111111111111"},
			iampolicy.Policies{Identity: parse(t, old)})
		if got.Allowed() {
			t.Errorf("Decide() = %s, want the variable to be text", got.Outcome)
		}
	})
}

func TestDecideConditions(t *testing.T) {
	ctx := iampolicy.Context{
		"aws:SourceArn":       {"arn:aws:cloudwatch:us-east-1:111111111111:alarm:a:b"},
		"aws:SecureTransport": {"false"},
		"aws:SourceIp":        {"10.1.2.3"},
		"s3:max-keys":         {"10"},
		"aws:TagKeys":         {"team", "cost"},
		"sns:Endpoint":        {"ops@example.com"},
		"sns:Protocol":        {"email"},
		"a:blob":              {"aGk="},
		"a:six":               {"2001:db8::1"},
	}
	tests := []struct {
		condition string
		want      bool
	}{
		{`"StringEquals":{"sns:Protocol":"email"}`, true},
		{`"StringEquals":{"SNS:PROTOCOL":["sms","email"]}`, true},
		{`"StringEquals":{"sns:Protocol":"Email"}`, false},
		{`"StringEquals":{"sns:Protocol":"*"}`, false},
		{`"StringEquals":{"sns:Protocol":"email","sns:Endpoint":"x"}`, false},
		{`"StringEquals":{"sns:Nothing":"x"}`, false},
		{`"StringEqualsIfExists":{"sns:Nothing":"x"}`, true},
		{`"StringEqualsIfExists":{"sns:Protocol":"x"}`, false},
		{`"StringNotEquals":{"sns:Protocol":["sms","http"]}`, true},
		{`"StringNotEquals":{"sns:Protocol":["sms","email"]}`, false},
		{`"StringNotEquals":{"sns:Nothing":"x"}`, true},
		{`"StringEqualsIgnoreCase":{"sns:Protocol":"EMAIL"}`, true},
		{`"StringNotEqualsIgnoreCase":{"sns:Protocol":"EMAIL"}`, false},
		{`"StringLike":{"sns:Endpoint":"*@example.com"}`, true},
		{`"StringLike":{"sns:Endpoint":"?@example.com"}`, false},
		{`"StringNotLike":{"sns:Endpoint":"*@example.org"}`, true},
		{`"StringEquals":{"sns:Protocol":"${sns:Protocol}"}`, true},
		{`"StringLike":{"sns:Endpoint":"${sns:Nothing}*"}`, false},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:cloudwatch:*:111111111111:alarm:*"}`, true},
		{`"ArnEquals":{"aws:SourceArn":"arn:aws:cloudwatch:us-east-1:*:alarm:a:?"}`, true},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:cloudwatch:*"}`, false},
		{`"ArnLike":{"aws:SourceArn":"*"}`, true},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:cloudwatch:us-east-1:${aws:PrincipalAccount}:alarm:*"}`, true},
		{`"ArnNotLike":{"aws:SourceArn":"arn:aws:s3:*:*:*"}`, true},
		{`"ArnNotEquals":{"aws:SourceArn":"arn:aws:cloudwatch:*:*:*"}`, false},
		{`"ArnLike":{"sns:Protocol":"arn:*:*:*:*:*"}`, false},
		{`"Bool":{"aws:SecureTransport":false}`, true},
		{`"Bool":{"aws:SecureTransport":"TRUE"}`, false},
		{`"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`, true},
		{`"Null":{"aws:MultiFactorAuthPresent":true}`, true},
		{`"Null":{"aws:SecureTransport":"true"}`, false},
		{`"Null":{"aws:SecureTransport":"false"}`, true},
		{`"IpAddress":{"aws:SourceIp":["192.0.2.0/24","10.0.0.0/8"]}`, true},
		{`"IpAddress":{"aws:SourceIp":"10.1.2.3"}`, true},
		{`"IpAddress":{"aws:SourceIp":"10.1.2"}`, false},
		{`"IpAddress":{"a:six":"2001:db8::/32"}`, true},
		{`"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, false},
		{`"NotIpAddress":{"aws:SourceIp":"11.0.0.0/8"}`, true},
		{`"NumericEquals":{"s3:max-keys":10.0}`, true},
		{`"NumericNotEquals":{"s3:max-keys":"1e1"}`, false},
		{`"NumericLessThan":{"s3:max-keys":"10"}`, false},
		{`"NumericLessThanEquals":{"s3:max-keys":"10"}`, true},
		{`"NumericGreaterThan":{"s3:max-keys":"9.999"}`, true},
		{`"NumericGreaterThanEquals":{"s3:max-keys":"ten"}`, false},
		{`"NumericLessThan":{"s3:max-keys":"1e999999999"}`, false},
		{`"DateGreaterThan":{"aws:CurrentTime":"2026-11-19T00:00:00Z"}`, true},
		{`"DateLessThan":{"aws:CurrentTime":"2026-11-20"}`, false},
		{`"DateEquals":{"aws:EpochTime":"2026-11-20T12:00:00Z"}`, true},
		{`"DateNotEquals":{"aws:CurrentTime":"2026-11-20T12:00:00+00:00"}`, false},
		{`"DateLessThanEquals":{"aws:CurrentTime":"yesterday"}`, false},
		{`"BinaryEquals":{"a:blob":"aGk="}`, true},
		{`"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost","env"]}`, true},
		{`"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, false},
		{`"ForAllValues:StringEquals":{"sns:Nothing":["team"]}`, true},
		{`"ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}`, true},
		{`"ForAnyValue:StringEquals":{"aws:TagKeys":["env"]}`, false},
		{`"ForAnyValue:StringEquals":{"sns:Nothing":["env"]}`, false},
		{`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["team"]}`, true},
		{`"ForAnyValue:StringNotEquals":{"sns:Nothing":["team"]}`, false},
		{`"ForAllValues:StringNotEquals":{"aws:TagKeys":["team"]}`, false},
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/staff/bob","aws:username":"bob","aws:PrincipalType":"User"}`, true},
		{`"Bool":{"aws:PrincipalIsAWSService":"false"}`, true},
	}
	for _, tt := range tests {
		t.Run(tt.condition, func(t *testing.T) {
			got := iampolicy.Decide(iampolicy.Request{Principal: bob, Action: "a:B", Resource: "*", Account: bob.Account, Context: ctx,
				Time: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)},
				iampolicy.Policies{Identity: parse(t, statement(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{`+tt.condition+`}`))})
			if got.Allowed() != tt.want {
				t.Errorf("Decide() = %s, want allowed %t", got.Outcome, tt.want)
			}
		})
	}
}

// What a caller says of itself does not override what is known of it.
func TestDecideTrustsNoClaims(t *testing.T) {
	got := iampolicy.Decide(iampolicy.Request{Principal: strange, Action: "sns:Publish", Resource: topic, Account: "111111111111",
		Context: iampolicy.Context{"aws:PrincipalAccount": {"111111111111"}, "aws:PrincipalServiceName": {"cloudwatch.amazonaws.com"}}},
		iampolicy.Policies{Identity: parse(t, statement(`"Effect":"Allow","Action":"*","Resource":"*"`)),
			Resource: parse(t, statement(`"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111111111111"}}`),
				statement(`"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Null":{"aws:PrincipalServiceName":"false"}}`))})
	if got.Allowed() {
		t.Errorf("Decide() = %s, want the caller's own claims to be ignored", got.Outcome)
	}
}

// FuzzDecide reads any text as a policy and asks it a question.
func FuzzDecide(f *testing.F) {
	f.Add(defaultTopicPolicy, "sns:Publish", topic, "111111111111")
	f.Add(statement(`"Effect":"Deny","NotPrincipal":{"AWS":["111111111111"]},"NotAction":"*","NotResource":"${a:b, 'c'}*${$}","Condition":{"ForAllValues:ArnNotLikeIfExists":{"a:b":["${a:b}:*",1,true]}}`), "a:b", "*", "${*}")
	f.Add(statement(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"a:b":1e3},"DateEquals":{"a:b":"2026"},"IpAddress":{"a:b":"::/0"}}`), "a:b", "*", "-1e-64")
	f.Fuzz(func(t *testing.T, text, action, resource, value string) {
		d, err := iampolicy.Parse(text, iampolicy.Any)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "policy: ") {
				t.Errorf("Parse(%q) = %v", text, err)
			}
			return
		}
		if d.String() != text {
			t.Errorf("String() = %q, want %q", d, text)
		}
		documents := []*iampolicy.Document{d}
		got := iampolicy.Decide(iampolicy.Request{Principal: bob, Action: action, Resource: resource, Account: bob.Account,
			Context: iampolicy.Context{"a:b": {value}, "AWS:SourceOwner": {value}}}, iampolicy.Policies{Identity: documents, Resource: documents})
		if got.Outcome == iampolicy.Allowed && got.Statement == nil || got.Reason == "" {
			t.Errorf("Decide() = %+v, want grounds", got)
		}
	})
}
