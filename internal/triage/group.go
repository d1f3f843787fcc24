package triage

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/trailevent"
)

// newGroup sums up the calls of one principal, newest first.
func newGroup(number int, events []seen, latest int) group {
	g := group{
		Number: number, Who: who(events[0]), Count: len(events),
		Span:    span(events[len(events)-1].at, events[0].at),
		Worries: worries(events),
		Facts:   facts(events),
	}
	g.Calls, g.MoreCalls = calls(events)
	for _, e := range events[:min(latest, len(events))] {
		g.Latest = append(g.Latest, occurrence{
			Time: stamp(e.at), Name: callName(e), Result: result(e),
			Address: clean(e.SourceIPAddress, maxName), ID: e.id,
		})
	}
	g.Earlier = len(events) - len(g.Latest)
	return g
}

// who is "IAM user alice in account 111122223333".
func who(e seen) string {
	s := e.who.Kind
	if e.UserIdentity.Type != "Root" {
		s += " " + clean(e.who.Name, maxName)
	}
	if account := cmp.Or(e.who.Account, e.RecipientAccountID); account != "" && account != e.who.Name {
		s += " in account " + clean(account, maxName)
	}
	return s
}

// facts are what is the same, or nearly so, in all calls of a group.
func facts(events []seen) []fact {
	var arns, sessions, keys, invokers, addresses, agents, regions, endpoints, accounts, ids, likely tally
	for _, e := range events {
		arns.add(e.who.ARN)
		sessions.add(e.who.Session)
		keys.add(e.UserIdentity.AccessKeyID)
		if e.UserIdentity.Type != "AWSService" {
			invokers.add(e.UserIdentity.InvokedBy)
		}
		addresses.add(e.SourceIPAddress)
		agents.add(e.UserAgent)
		regions.add(e.Region)
		endpoints.add(e.VPCEndpointID)
		if e.who.Account != "" && e.RecipientAccountID != e.who.Account {
			accounts.add(e.RecipientAccountID)
		}
		ids.add(e.denial.AuthorizationID)
		likely.add(reading(e))
	}
	all := []fact{
		{"Session", sessions.top(maxOfAKind, maxName)},
		{"Caller", arns.top(maxOfAKind, maxARN)},
		{"Access key", keys.top(maxOfAKind, maxName)},
		{"On behalf", invokers.top(maxOfAKind, maxName)},
		{"From", addresses.top(maxOfAKind, maxName)},
		{"Client", agents.top(maxOfAKind, maxAgent)},
		{"Region", regions.top(maxOfAKind, maxName)},
		{"Account", accounts.top(maxOfAKind, maxName)},
		{"VPC endpoint", endpoints.top(maxOfAKind, maxName)},
		{"Details", ids.top(maxOfAKind, maxName)},
		{"Likely", likely.top(maxOfAKind, maxMessage)},
	}
	return slices.DeleteFunc(all, func(f fact) bool { return len(f.Items) == 0 })
}

// calls sums up a group by operation, the most numerous first.
func calls(events []seen) (shown []call, more int) {
	byName := map[string][]seen{}
	for _, e := range events {
		byName[callName(e)] = append(byName[callName(e)], e)
	}
	names := slices.SortedFunc(maps.Keys(byName), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byName[b]), len(byName[a])), cmp.Compare(a, b))
	})
	for _, name := range names[:min(maxCalls, len(names))] {
		var reasons, resources tally
		for _, e := range byName[name] {
			reasons.add(reason(e))
			for _, arn := range resourcesOf(e) {
				resources.add("on " + arn)
			}
		}
		shown = append(shown, call{
			Count: len(byName[name]), Name: name, Action: otherAction(byName[name][0]),
			Reasons: reasons.top(maxOfAKind, maxMessage), Resources: resources.top(maxOfAKind, maxARN),
		})
	}
	return shown, len(names) - len(shown)
}

// callName is "s3:ListBuckets".
func callName(e seen) string {
	return clean(cmp.Or(e.Service(), "unknown")+":"+cmp.Or(e.Operation(), "unknown"), maxName)
}

// otherAction is the IAM action, if it is not named like the operation.
func otherAction(e seen) string {
	action := cmp.Or(e.denial.Action, e.Action())
	if strings.EqualFold(action, e.Service()+":"+e.Operation()) {
		return ""
	}
	return clean(action, maxName)
}

// resourcesOf are the resources that the refusal names, or else the record.
func resourcesOf(e seen) []string {
	if e.denial.Resource != "" {
		return []string{e.denial.Resource}
	}
	var arns []string
	for _, r := range e.Resources[:min(len(e.Resources), maxOfAKind)] {
		if r.ARN != "" && !slices.Contains(arns, r.ARN) {
			arns = append(arns, r.ARN)
		}
	}
	return arns
}

// result is the outcome in one word.
func result(e seen) string {
	switch {
	case e.ErrorCode != "":
		return clean(e.ErrorCode, maxName)
	case e.ErrorMessage != "":
		return "failed"
	}
	return "no error"
}

// reason is why the call was refused, or how else it ended.
func reason(e seen) string {
	why := because(e.denial)
	if why == "" && e.denial.Form == trailevent.Opaque {
		why = strings.TrimSpace(cutEncoded(e.ErrorMessage))
	}
	if why == "" {
		return result(e)
	}
	if e.denial.Encoded {
		why += " (with an encoded message: aws sts decode-authorization-message)"
	}
	if e.ErrorCode == "" {
		return why
	}
	return e.ErrorCode + ": " + why
}

// cutEncoded drops the encoded message: it says nothing to a reader.
func cutEncoded(message string) string {
	before, _, _ := strings.Cut(message, "Encoded authorization failure message:")
	return before[:min(len(before), 4*maxMessage)]
}

func because(d trailevent.Denial) string {
	switch d.Deny {
	case trailevent.Implicit:
		return "no " + d.PolicyType + " allows it"
	case trailevent.Explicit:
		s := "explicit deny"
		if d.PolicyType != "" {
			s += " in a " + d.PolicyType
		}
		if d.Via != "" {
			s += " through a " + d.Via
		}
		if d.PolicyARN != "" {
			s += " (" + clean(d.PolicyARN, maxARN) + ")"
		}
		return strings.ReplaceAll(s, " a identity", " an identity")
	}
	return ""
}
