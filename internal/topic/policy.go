package topic

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/iampolicy"
)

// Principal is who asks: a signed caller, a service that acts for an account,
// or, zero, somebody who followed a link in a mail.
type Principal struct {
	Account   string // of the caller, or of what the service acts for
	ARN       string // of a signed caller
	Service   string // of a service: cloudwatch.amazonaws.com
	SourceARN string // what the service acts for: the alarm
}

// AlarmPrincipal is CloudWatch acting for an alarm.
func AlarmPrincipal(alarm arn.ARN) Principal {
	return Principal{Account: alarm.Account, Service: alarmService, SourceARN: alarm.String()}
}

const alarmService = "cloudwatch.amazonaws.com"

// name is how AWS's refusals call the principal.
func (p Principal) name() string {
	switch {
	case p.Service == alarmService:
		return "CloudWatch Alarms"
	case p.Service != "":
		return p.Service
	case p.ARN != "":
		return "User: " + p.ARN
	}
	return "User: anonymous"
}

// request is the principal's wish in the words of the policy language.
func (p Principal) request(action string, resource arn.ARN) iampolicy.Request {
	r := iampolicy.Request{
		Principal: iampolicy.Principal{Account: p.Account, ARN: p.ARN, Root: strings.HasSuffix(p.ARN, ":root")},
		Action:    "SNS:" + action,
		Resource:  resource.String(),
		Account:   resource.Account,
		Context:   iampolicy.Context{"aws:SourceOwner": {p.Account}},
		Time:      time.Now(),
	}
	if p.Service != "" {
		r.Principal = iampolicy.Principal{Service: p.Service}
		r.Context["aws:SourceAccount"] = []string{p.Account}
		r.Context["aws:SourceArn"] = []string{p.SourceARN}
	}
	return r
}

// admitted stands for the caller's own policies, which were asked before a
// call comes here: what is left to decide is what the topic's policy says.
var admitted = sync.OnceValues(func() (*iampolicy.Document, error) {
	return iampolicy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"SNS:*","Resource":"*"}}`, iampolicy.Identity)
})

// authorize asks the topic's policy whether the principal may do the action
// with the topic. Only an explicit denial stops a caller of the topic's own
// account; services and callers of other accounts need to be allowed.
func authorize(t Topic, by Principal, action string) error {
	own, err := admitted()
	if err != nil {
		return err
	}
	policy, err := iampolicy.Parse(t.Policy(), iampolicy.Resource)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", t.ARN, err)
	}
	decision := iampolicy.Decide(by.request(action, t.ARN),
		iampolicy.Policies{Identity: []*iampolicy.Document{own}, Resource: []*iampolicy.Document{policy}})
	if decision.Allowed() {
		return nil
	}
	return denied(by, action, t.ARN.String(), decision.Reason)
}

const maxPolicy = 30 << 10 // bytes

// checkPolicy refuses policies that are not about topics.
func checkPolicy(text string) error {
	if len(text) > maxPolicy {
		return invalid("Policy Error: the policy is longer than %d bytes", maxPolicy)
	}
	policy, err := iampolicy.Parse(text, iampolicy.Resource)
	if err != nil {
		return invalid("Policy Error: %v", err)
	}
	for _, statement := range policy.Statements {
		for _, action := range statement.Action.List {
			if vendor, _, _ := strings.Cut(action, ":"); action != "*" && !strings.EqualFold(vendor, "sns") {
				return invalid("Policy statement action out of service scope!")
			}
		}
	}
	return nil
}

// denied words a refusal as AWS does; alarm histories show it.
func denied(by Principal, action, resource, because string) error {
	if because != "" {
		because = " " + because
	}
	return &Error{Denied, fmt.Sprintf("%s is not authorized to perform: SNS:%s on resource: %s%s", by.name(), action, resource, because)}
}
