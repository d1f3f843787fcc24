package triage

import (
	"strings"

	"github.com/tocsin-dev/tocsin/internal/trailevent"
)

// reading is what a kind of refusal usually means; empty if it may mean anything.
func reading(e seen) string {
	d := e.denial
	switch {
	case d.Deny == "" || d.Deny == trailevent.UnknownRefusal:
		return ""
	case strings.HasPrefix(d.PolicyType, "service control"), strings.HasPrefix(d.PolicyType, "resource control"):
		return "a guard rail of the organisation: a region or service that is banned"
	case d.PolicyType == "resource-based policy", d.PolicyType == "role trust policy":
		return "a call across accounts, or the wrong role"
	case d.PolicyType == "VPC endpoint policy":
		return "the data perimeter of a VPC endpoint"
	case d.Deny == trailevent.Implicit:
		return "a missing permission, or probing"
	}
	return "a wall that somebody built on purpose; find out who runs into it"
}

// loggingOff are operations that blind the defenders, refused or not.
var loggingOff = map[string]bool{
	"cloudtrail:StopLogging": true, "cloudtrail:DeleteTrail": true, "cloudtrail:PutEventSelectors": true,
	"guardduty:DeleteDetector": true, "organizations:LeaveOrganization": true, "kms:DisableKey": true,
}

// maxWorries is how many worries of a group are shown.
const maxWorries = 10

// worries are what should be looked at whatever the rest says.
func worries(events []seen) []string {
	var found tally
	for _, e := range events {
		if e.UserIdentity.Type == "Root" {
			found.add("root credentials are in use")
		}
		if name := e.Service() + ":" + e.Operation(); loggingOff[name] {
			found.add(name + " was called: " + result(e))
		}
		agent := strings.ToLower(e.UserAgent)
		if strings.Contains(agent, "trufflehog") {
			found.add("client is TruffleHog: an access key has leaked, or is tested for it")
		}
		if strings.Contains(agent, "pacu-session") {
			found.add("client is Pacu, an attack tool")
		}
		for _, name := range []string{"kali", "parrot", "pentoo"} {
			if strings.Contains(agent, name) {
				found.add("client runs on an attacker's Linux (" + name + ")")
			}
		}
	}
	return found.order[:min(len(found.order), maxWorries)]
}
