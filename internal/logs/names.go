package logs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// MaxName is the longest name of a group or stream.
const MaxName = 512

// MaxTags is how many tags a group may have.
const MaxTags = 50

var (
	errLongName   = &InvalidError{"Invalid LogGroup or LogStream, both must have length less than or equal to 512."}
	errReserved   = &InvalidError{"Log groups starting with AWS/ are reserved for AWS."}
	errGroupName  = &InvalidError{"Log group names must be 1 to 512 of the characters a-z, A-Z, 0-9, '_', '-', '/', '.' and '#'."}
	errStreamName = &InvalidError{"Log stream names must be 1 to 512 characters and must not contain ':' or '*'."}
	errIdentifier = &InvalidError{"The specified log group identifier is neither a log group name nor a log group ARN."}
)

// CheckGroupName returns an *InvalidError when AWS would not take the name.
func CheckGroupName(name string) error {
	switch {
	case len(name) > MaxName:
		return errLongName
	case strings.HasPrefix(name, "aws/"):
		return errReserved
	case name == "" || strings.ContainsFunc(name, notInGroupName):
		return errGroupName
	}
	return nil
}

func notInGroupName(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return !strings.ContainsRune("_-/.#", r)
}

// CheckStreamName returns an *InvalidError when AWS would not take the name.
func CheckStreamName(name string) error {
	switch {
	case len([]rune(name)) > MaxName:
		return errLongName
	case name == "" || strings.ContainsAny(name, ":*"):
		return errStreamName
	}
	return nil
}

// GroupName takes an identifier, a name or an ARN in either of AWS's forms
// (with ":*" and without), to the name of a group of the scope. A group of
// another account or region is ErrNoGroup.
func GroupName(scope arn.Scope, identifier string) (string, error) {
	if !strings.HasPrefix(identifier, "arn:") {
		return identifier, nil
	}
	name, err := arn.Parse(identifier)
	if err != nil || name.Service != "logs" {
		return "", errIdentifier
	}
	rest, ok := strings.CutPrefix(name.Resource, "log-group:")
	if !ok {
		return "", errIdentifier
	}
	if name.Scope() != scope {
		return "", ErrNoGroup
	}
	return strings.TrimSuffix(rest, ":*"), nil
}

// Retentions lists the days that a retention policy may have.
func Retentions() []int {
	return []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// CheckRetention returns an *InvalidError for days that AWS does not offer.
func CheckRetention(days int) error {
	if !slices.Contains(Retentions(), days) {
		offered := strings.Join(strings.Fields(fmt.Sprint(Retentions())), ", ")
		return &InvalidError{fmt.Sprintf("1 validation error detected: Value '%d' at 'retentionInDays' failed to satisfy constraint: "+
			"Member must satisfy enum value set: %s", days, offered)}
	}
	return nil
}
