// Package arn names things the way AWS does: resource names (ARNs) and the
// Scope (partition, account, region) that every resource of the chain lives in.
package arn

import (
	"fmt"
	"strings"
)

// Scope is where a resource lives. Two scopes never see each other's resources.
type Scope struct {
	Partition string // "aws"
	Account   string // twelve digits
	Region    string // "us-east-1"
}

// ARN builds the name of a resource of the scope.
func (s Scope) ARN(service, resource string) ARN {
	return ARN{Partition: s.Partition, Service: service, Region: s.Region, Account: s.Account, Resource: resource}
}

// String is "aws/123456789012/us-east-1", for logs and error texts.
func (s Scope) String() string { return s.Partition + "/" + s.Account + "/" + s.Region }

// ARN is an Amazon Resource Name taken apart. Region and Account may be empty.
type ARN struct {
	Partition, Service, Region, Account string
	Resource                            string // all that follows the fifth colon
}

// Error says why a text is not an ARN. Elements is how many of the six colon-separated elements were there.
type Error struct {
	Text     string
	Elements int
}

func (e *Error) Error() string {
	return fmt.Sprintf("%q is not an ARN: it has %d of 6 elements", e.Text, e.Elements)
}

// Parse takes an ARN apart. The error is an *Error.
func Parse(text string) (ARN, error) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[1] == "" || parts[2] == "" {
		return ARN{}, &Error{Text: text, Elements: len(parts)}
	}
	return ARN{Partition: parts[1], Service: parts[2], Region: parts[3], Account: parts[4], Resource: parts[5]}, nil
}

// Scope is where the named resource lives.
func (a ARN) Scope() Scope {
	return Scope{Partition: a.Partition, Account: a.Account, Region: a.Region}
}

// String is the ARN as AWS writes it.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}
