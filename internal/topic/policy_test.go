package topic_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

func policyOf(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

const (
	topicText  = "arn:aws:sns:us-east-1:111122223333:t"
	allowAlarm = `{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"SNS:Publish","Resource":"` + topicText + `"`
	onlyRoot   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"SNS:Publish","Resource":"*"}`
	denyAll    = `{"Effect":"Deny","Principal":"*","Action":"SNS:Publish","Resource":"*"}`
	allowEve   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/eve"},"Action":"sns:publish","Resource":"` + topicText + `"}`
)

func TestPublishPolicy(t *testing.T) {
	alarm := arn.ARN{Partition: "aws", Service: "cloudwatch", Region: "us-east-1", Account: scope.Account, Resource: "alarm:a"}
	foreign := alarm
	foreign.Account = "444455556666"
	user := topic.Principal{Account: scope.Account, ARN: "arn:aws:iam::111122223333:user/bob"}
	const (
		alarmRefused  = "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: " + topicText + " because no resource-based policy allows the SNS:Publish action"
		alarmDenied   = "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: " + topicText + " with an explicit deny in a resource-based policy"
		strangerTold  = "User: arn:aws:iam::444455556666:user/eve is not authorized to perform: SNS:Publish on resource: " + topicText + " because no resource-based policy allows the SNS:Publish action"
		ownUserDenied = "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: SNS:Publish on resource: " + topicText + " with an explicit deny in a resource-based policy"
	)
	fromAccount := func(account string) string {
		return policyOf(allowAlarm + `,"Condition":{"StringEquals":{"aws:SourceAccount":"` + account + `"}}}`)
	}
	fromARN := func(pattern string) string {
		return policyOf(allowAlarm + `,"Condition":{"ArnLike":{"aws:SourceArn":"` + pattern + `"}}}`)
	}
	for name, test := range map[string]struct {
		policy string // empty: the default
		by     topic.Principal
		want   string
	}{
		"default, own alarm":             {"", topic.AlarmPrincipal(alarm), ""},
		"default, alarm from elsewhere":  {"", topic.AlarmPrincipal(foreign), alarmRefused},
		"default, root":                  {"", root, ""},
		"default, own user":              {"", user, ""},
		"default, stranger":              {"", stranger, strangerTold},
		"policy without the service":     {policyOf(onlyRoot), topic.AlarmPrincipal(alarm), alarmRefused},
		"policy with the service":        {policyOf(allowAlarm + "}"), topic.AlarmPrincipal(alarm), ""},
		"alarm's account named":          {fromAccount("111122223333"), topic.AlarmPrincipal(alarm), ""},
		"another account named":          {fromAccount("444455556666"), topic.AlarmPrincipal(alarm), alarmRefused},
		"alarm's ARN matched":            {fromARN("arn:aws:cloudwatch:us-east-1:111122223333:alarm:*"), topic.AlarmPrincipal(alarm), ""},
		"alarm's ARN not matched":        {fromARN("arn:aws:cloudwatch:us-east-1:111122223333:alarm:b"), topic.AlarmPrincipal(alarm), alarmRefused},
		"denied, alarm":                  {policyOf(allowAlarm + "}," + denyAll), topic.AlarmPrincipal(alarm), alarmDenied},
		"denied, own user":               {policyOf(onlyRoot + "," + denyAll), user, ownUserDenied},
		"policy of others only, root":    {policyOf(allowEve), root, ""},
		"stranger allowed":               {policyOf(allowEve), stranger, ""},
		"another stranger not mentioned": {policyOf(onlyRoot), stranger, strangerTold},
	} {
		s, _ := newService(t)
		topicARN := create(t, s, "t")
		if test.policy != "" {
			wantText(t, name+": SetAttribute", s.SetAttribute(t.Context(), root, topicARN, "Policy", test.policy), "")
		}
		_, err := s.Publish(t.Context(), test.by, topic.Message{TopicARN: topicARN.String(), Body: "b"})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.want || err != nil && !topic.IsKind(err, topic.Denied) {
			t.Errorf("%s: Publish = %q, want %q", name, got, test.want)
		}
	}
}

func TestPolicyGuardsTheOtherActions(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	_, _, getErr := s.Topic(t.Context(), stranger, name)
	_, _, listErr := s.SubscriptionsByTopic(t.Context(), stranger, name, "")
	_, subscribeErr := s.Subscribe(t.Context(), stranger, email(name))
	for what, err := range map[string]error{
		"Topic": getErr, "SubscriptionsByTopic": listErr, "Subscribe": subscribeErr,
		"SetAttribute":     s.SetAttribute(t.Context(), stranger, name, "DisplayName", "x"),
		"Delete":           s.Delete(t.Context(), stranger, name),
		"AddPermission":    s.AddPermission(t.Context(), stranger, name, topic.Permission{}),
		"RemovePermission": s.RemovePermission(t.Context(), stranger, name, "x"),
	} {
		if !topic.IsKind(err, topic.Denied) {
			t.Errorf("%s(stranger) = %v, want Denied", what, err)
		}
	}
}

func TestSetPolicy(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	for policy, want := range map[string]string{
		policyOf(onlyRoot): "",
		"{":                "Policy Error: policy: This policy contains invalid Json",
		"{}":               "Policy Error: policy: Statement: Syntax errors in policy.",
		policyOf(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}`): "Invalid parameter: Policy statement action out of service scope!",
	} {
		wantText(t, fmt.Sprintf("SetAttribute(Policy, %s)", policy), s.SetAttribute(t.Context(), root, name, "Policy", policy), want)
	}
}

func TestPermissions(t *testing.T) {
	s, _ := newService(t)
	name := create(t, s, "t")
	add := func(label string, accounts, actions []string) error {
		return s.AddPermission(t.Context(), root, name, topic.Permission{Label: label, Accounts: accounts, Actions: actions})
	}
	eve := []string{"444455556666"}
	wantText(t, "AddPermission", add("test", eve, []string{"Publish"}), "")
	wantText(t, "AddPermission(same label)", add("test", eve, []string{"AddPermission"}), "Invalid parameter: Statement already exists")
	wantText(t, "AddPermission(other action)", add("test-2", eve, []string{"InvalidAction"}), "Invalid parameter: Policy statement action out of service scope!")
	wantText(t, "AddPermission(no account)", add("test-2", nil, []string{"Publish"}), "Invalid parameter: AWSAccountId")
	wantText(t, "AddPermission(two)", add("two", []string{"444455556666", "777788889999"}, []string{"Publish", "Subscribe"}), "")
	missing := s.AddPermission(t.Context(), root, scope.ARN("sns", "none"), topic.Permission{Label: "l", Accounts: eve, Actions: []string{"Publish"}})
	wantText(t, "AddPermission(missing topic)", missing, "Topic does not exist")

	made, _, err := s.Topic(t.Context(), root, name)
	wantText(t, "Topic", err, "")
	_, err = s.Publish(t.Context(), stranger, topic.Message{TopicARN: name.String(), Body: "b"})
	wantText(t, "Publish(stranger with permission)", err, "")
	const want = `{"Sid":"two","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::777788889999:root"]},` +
		`"Action":["SNS:Publish","SNS:Subscribe"],"Resource":"arn:aws:sns:us-east-1:111122223333:t"}]}`
	if got := made.Policy(); !strings.HasSuffix(got, want) {
		t.Errorf("Policy = %s, want it to end in %s", got, want)
	}

	for range 2 {
		wantText(t, "RemovePermission", s.RemovePermission(t.Context(), root, name, "test"), "")
	}
	wantText(t, "RemovePermission", s.RemovePermission(t.Context(), root, name, "two"), "")
	_, err = s.Publish(t.Context(), stranger, topic.Message{TopicARN: name.String(), Body: "b"})
	if !topic.IsKind(err, topic.Denied) {
		t.Errorf("Publish(stranger without permission) = %v, want Denied", err)
	}
	_, err = s.Publish(t.Context(), topic.AlarmPrincipal(arn.ARN{Partition: "aws", Service: "cloudwatch", Region: "us-east-1", Account: scope.Account, Resource: "alarm:a"}),
		topic.Message{TopicARN: name.String(), Body: "b"})
	wantText(t, "Publish(alarm, after edits of the default policy)", err, "")
}
