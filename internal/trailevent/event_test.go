package trailevent_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/trailevent"
)

func TestParse(t *testing.T) {
	raw := []byte(`{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:alice",
		"arn":"arn:aws:sts::111122223333:assumed-role/ops/alice","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE",
		"sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/team/ops","userName":"ops"},"sourceIdentity":"al"}},
		"eventTime":"2026-01-02T03:04:05Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"eu-west-1",
		"sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2","errorCode":"Client.UnauthorizedOperation","errorMessage":"no",
		"requestParameters":{"a":[1]},"eventID":"e-1","readOnly":"false","eventType":"AwsApiCall","recipientAccountId":"111122223333",
		"sharedEventID":"s-1","vpcEndpointId":"vpce-1","resources":[{"arn":"arn:aws:s3:::b","accountId":"1"},{"ARN":"arn:aws:s3:::c"}],"unheardOf":1}`)
	e, err := trailevent.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ name, got, want string }{
		{"ID", e.ID, "e-1"}, {"Time", e.Time.Format(time.RFC3339), "2026-01-02T03:04:05Z"}, {"Type", e.Type, "AwsApiCall"},
		{"Source", e.Source, "ec2.amazonaws.com"}, {"Name", e.Name, "RunInstances"}, {"Region", e.Region, "eu-west-1"},
		{"SourceIPAddress", e.SourceIPAddress, "203.0.113.7"}, {"UserAgent", e.UserAgent, "aws-cli/2"},
		{"ErrorCode", e.ErrorCode, "Client.UnauthorizedOperation"}, {"ErrorMessage", e.ErrorMessage, "no"},
		{"RecipientAccountID", e.RecipientAccountID, "111122223333"}, {"SharedEventID", e.SharedEventID, "s-1"},
		{"VPCEndpointID", e.VPCEndpointID, "vpce-1"}, {"ReadOnly", string(e.ReadOnly), "false"},
		{"Resources[0].ARN", e.Resources[0].ARN, "arn:aws:s3:::b"}, {"Resources[1].ARN", e.Resources[1].ARN, "arn:aws:s3:::c"},
		{"RequestParameters", string(e.RequestParameters), `{"a":[1]}`},
		{"SourceIdentity", e.UserIdentity.SessionContext.SourceIdentity, "al"},
		{"Raw", string(e.Raw), string(raw)},
	} {
		if f.got != f.want {
			t.Errorf("%s = %q, want %q", f.name, f.got, f.want)
		}
	}
}

// Whatever type a field has, the others are read.
func TestParseTolerates(t *testing.T) {
	fields := []string{
		"userIdentity", "eventTime", "eventSource", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage",
		"requestParameters", "readOnly", "resources", "recipientAccountId", "eventType", "vpcEndpointId",
	}
	for _, field := range fields {
		for _, value := range []string{`null`, `1`, `true`, `"x"`, `[]`, `[1,"x",null]`, `{}`, `{"type":1,"arn":[],"sessionContext":"x","onBehalfOf":7}`} {
			raw := `{"eventID":"e","` + field + `":` + value + `,"eventName":"n"}`
			e, err := trailevent.Parse([]byte(raw))
			if err != nil || e.ID != "e" || e.Name != "n" {
				t.Errorf("Parse(%s) = %q, %q, %v, want e and n", raw, e.ID, e.Name, err)
			}
			if p := e.Principal(); p.Key == "" || p.Kind == "" || p.Name == "" {
				t.Errorf("Parse(%s).Principal() = %+v, want no empty key, kind or name", raw, p)
			}
		}
	}
	for _, raw := range []string{``, `null`, `[]`, `"x"`, `7`, `{`, `{"eventID":}`} {
		if e, err := trailevent.Parse([]byte(raw)); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", raw, e)
		}
	}
}

func TestPrincipal(t *testing.T) {
	tests := []struct {
		name, identity string
		want           trailevent.Principal
	}{
		{
			"assumed role",
			`{"type":"AssumedRole","principalId":"AROA:s","arn":"arn:aws:sts::111122223333:assumed-role/ops/s","accountId":"111122223333","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/team/ops","userName":"ops"}}}`,
			trailevent.Principal{Key: "arn:aws:iam::111122223333:role/team/ops", Kind: "assumed role", Name: "ops", Session: "s", Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/ops/s"},
		},
		{
			"assumed role without an issuer",
			`{"type":"AssumedRole","arn":"arn:aws-cn:sts::111122223333:assumed-role/ops/a/b"}`,
			trailevent.Principal{Key: "arn:aws-cn:iam::111122223333:role/ops", Kind: "assumed role", Name: "ops", Session: "a/b", ARN: "arn:aws-cn:sts::111122223333:assumed-role/ops/a/b"},
		},
		{"assumed role by id only", `{"type":"AssumedRole","principalId":"AROA:s"}`, trailevent.Principal{Key: "AROA:s", Kind: "assumed role", Name: "AROA:s", Session: "s"}},
		{
			"IAM user",
			`{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/dev/alice","accountId":"111122223333"}`,
			trailevent.Principal{Key: "arn:aws:iam::111122223333:user/dev/alice", Kind: "IAM user", Name: "alice", Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/dev/alice"},
		},
		{"root", `{"type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}`, trailevent.Principal{Key: "arn:aws:iam::111122223333:root", Kind: "root user", Name: "root", Account: "111122223333", ARN: "arn:aws:iam::111122223333:root"}},
		{"federated user", `{"type":"FederatedUser","arn":"arn:aws:sts::111122223333:federated-user/bob","sessionContext":{"sessionIssuer":{"userName":"alice"}}}`, trailevent.Principal{Key: "arn:aws:sts::111122223333:federated-user/bob", Kind: "federated user", Name: "alice", Session: "bob", ARN: "arn:aws:sts::111122223333:federated-user/bob"}},
		{"AWS service", `{"type":"AWSService","invokedBy":"delivery.logs.amazonaws.com"}`, trailevent.Principal{Key: "delivery.logs.amazonaws.com", Kind: "AWS service", Name: "delivery.logs.amazonaws.com"}},
		{"other account", `{"type":"AWSAccount","principalId":"AIDA","accountId":"444455556666"}`, trailevent.Principal{Key: "account:444455556666", Kind: "other AWS account", Name: "444455556666", Account: "444455556666"}},
		{"anonymous", `{"type":"AWSAccount","principalId":"","accountId":"anonymous"}`, trailevent.Principal{Key: "account:anonymous", Kind: "anonymous caller", Name: "anonymous", Account: "anonymous"}},
		{"identity center", `{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1"}}`, trailevent.Principal{Key: "u-1", Kind: "IAM Identity Center user", Name: "u-1", Account: "1"}},
		{"SAML user", `{"type":"SAMLUser","principalId":"p:alice","userName":"alice"}`, trailevent.Principal{Key: "p:alice", Kind: "SAML user", Name: "alice"}},
		{"no type", `{"accountId":"1","invokedBy":"ecs.amazonaws.com"}`, trailevent.Principal{Key: "unknown", Kind: "unknown principal", Name: "ecs.amazonaws.com", Account: "1"}},
		{"nothing", `null`, trailevent.Principal{Key: "unknown", Kind: "unknown principal", Name: "unknown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := trailevent.Parse([]byte(`{"userIdentity":` + tt.identity + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Principal(); got != tt.want {
				t.Errorf("Principal() =\n%+v, want\n%+v", got, tt.want)
			}
		})
	}
}

func TestAction(t *testing.T) {
	tests := []struct{ source, name, want string }{
		{"s3.amazonaws.com", "ListBuckets", "s3:ListAllMyBuckets"},
		{"s3.amazonaws.com", "HeadBucket", "s3:ListBucket"},
		{"s3.amazonaws.com", "HeadObject", "s3:GetObject"},
		{"s3.amazonaws.com", "GetObject", "s3:GetObject"},
		{"lambda.amazonaws.com", "CreateFunction20150331", "lambda:CreateFunction"},
		{"lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"},
		{"lambda.amazonaws.com", "Invoke", "lambda:InvokeFunction"},
		{"cloudfront.amazonaws.com", "UpdateDistribution2020_05_31", "cloudfront:UpdateDistribution"},
		{"monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"},
		{"apigateway.amazonaws.com", "CreateRestApi", "apigateway:POST"},
		{"ec2.amazonaws.com", "RunInstances", "ec2:RunInstances"},
		{"ec2.amazonaws.com", "", ""},
		{"", "RunInstances", ""},
	}
	for _, tt := range tests {
		e := trailevent.Event{Source: tt.source, Name: tt.name, Type: "AwsApiCall"}
		if got := e.Action(); got != tt.want {
			t.Errorf("Action of %s %s = %q, want %q", tt.source, tt.name, got, tt.want)
		}
	}
	signIn := trailevent.Event{Source: "signin.amazonaws.com", Name: "ConsoleLogin", Type: "AwsConsoleSignIn"}
	if got := signIn.Action(); got != "" {
		t.Errorf("Action of a console sign-in = %q, want none", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{}`, `{"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/a/b"},"eventName":"A20150331v2","eventSource":"s3.amazonaws.com"}`, `{"eventTime":7,"readOnly":[]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := trailevent.Parse(raw)
		if err != nil {
			return
		}
		if !bytes.Equal(e.Raw, raw) {
			t.Error("Raw is not what was given")
		}
		if p := e.Principal(); p.Key == "" || p.Kind == "" || p.Name == "" {
			t.Errorf("Principal() = %+v, want no empty key, kind or name", p)
		}
		if a := e.Action(); a != "" && !strings.HasPrefix(a, e.Service()+":") {
			t.Errorf("Action() = %q, want one of %q", a, e.Service())
		}
		trailevent.ParseDenial(e.ErrorMessage)
	})
}
