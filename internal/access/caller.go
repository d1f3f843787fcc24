// Package access knows who may call: accounts, their root keys, and the caller
// that a verified signature stands for.
package access

// Caller is who made a request, as GetCallerIdentity and CloudTrail name them.
type Caller struct {
	Account     string // twelve digits
	ARN         string // "arn:aws:iam::000000000000:root"
	UserID      string // the account for root, AIDA... for users
	AccessKeyID string
	Root        bool
}
