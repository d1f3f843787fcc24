// Package trailevent reads CloudTrail records for people: who called what, from
// where, and why it was refused. It reads whatever is there: a field that is
// missing, null or of another type than documented is left empty and never
// fails the record, and the raw bytes stay beside the typed fields.
package trailevent

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Event is a CloudTrail record.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
type Event struct {
	ID                 string          `json:"eventID"`
	Time               Time            `json:"eventTime"` // when the request ended, to the second
	Type               string          `json:"eventType"` // AwsApiCall, AwsConsoleSignIn, ...
	Category           string          `json:"eventCategory"`
	Source             string          `json:"eventSource"` // "ec2.amazonaws.com"; see Service
	Name               string          `json:"eventName"`   // as recorded; see Operation and Action
	Region             string          `json:"awsRegion"`
	SourceIPAddress    string          `json:"sourceIPAddress"` // an address, a service's name or "AWS Internal"
	UserAgent          string          `json:"userAgent"`       // chosen by the caller
	ErrorCode          string          `json:"errorCode"`       // empty on success
	ErrorMessage       string          `json:"errorMessage"`    // see ParseDenial
	UserIdentity       Identity        `json:"userIdentity"`
	RecipientAccountID string          `json:"recipientAccountId"`
	SharedEventID      string          `json:"sharedEventID"`
	VPCEndpointID      string          `json:"vpcEndpointId"`
	ReadOnly           Flag            `json:"readOnly"`
	Resources          []Resource      `json:"resources"`
	RequestParameters  json.RawMessage `json:"requestParameters"` // nil or "null" on many denied calls
	Raw                []byte          `json:"-"`                 // the whole record as it was given
}

// Resource is something the call was about. AWS spells its members differently
// from service to service (ARN, arn); all spellings are read.
type Resource struct {
	ARN       string `json:"ARN"`
	AccountID string `json:"accountId"`
	Type      string `json:"type"`
}

// Identity is who called, as recorded. See Event.Principal for a reading of it.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type Identity struct {
	Type           string         `json:"type"`
	PrincipalID    string         `json:"principalId"`
	ARN            string         `json:"arn"`
	AccountID      string         `json:"accountId"`
	AccessKeyID    string         `json:"accessKeyId"`
	UserName       string         `json:"userName"`
	InvokedBy      string         `json:"invokedBy"`
	SessionContext SessionContext `json:"sessionContext"`
	OnBehalfOf     OnBehalfOf     `json:"onBehalfOf"`
}

// SessionContext says where temporary credentials came from.
type SessionContext struct {
	SessionIssuer  SessionIssuer `json:"sessionIssuer"`
	SourceIdentity string        `json:"sourceIdentity"`
}

// SessionIssuer is the role or user that temporary credentials are of.
type SessionIssuer struct {
	Type      string `json:"type"`
	ARN       string `json:"arn"`
	AccountID string `json:"accountId"`
	UserName  string `json:"userName"`
}

// OnBehalfOf is the IAM Identity Center user that a call was made for.
type OnBehalfOf struct {
	UserID           string `json:"userId"`
	IdentityStoreARN string `json:"identityStoreArn"`
}

// Parse reads a record. The error says that raw is not a JSON object; anything
// else that is amiss in it leaves fields empty. The Event keeps raw itself.
func Parse(raw []byte) (Event, error) {
	var e Event
	err := json.Unmarshal(raw, &e)
	var mismatch *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &mismatch) {
		return Event{}, fmt.Errorf("read CloudTrail record: %w", err)
	}
	if !strings.HasPrefix(strings.TrimLeft(string(raw[:min(len(raw), 64)]), " \t\r\n"), "{") {
		return Event{}, errors.New("read CloudTrail record: not an object")
	}
	e.Raw = raw
	return e, nil
}

// Time is an eventTime; zero if it is missing or unreadable.
type Time struct{ time.Time }

// UnmarshalJSON never fails.
func (t *Time) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) != nil {
		return nil
	}
	if parsed, err := time.Parse(time.RFC3339, s); err == nil {
		t.Time = parsed.UTC()
	}
	return nil
}

// Flag is true or false, or unknown if it is missing. Older records write it as
// a string.
type Flag string

// The values of a Flag.
const (
	Unknown Flag = ""
	True    Flag = "true"
	False   Flag = "false"
)

// UnmarshalJSON never fails.
func (f *Flag) UnmarshalJSON(text []byte) error {
	switch v := Flag(strings.ToLower(strings.Trim(string(text), `"`))); v {
	case True, False:
		*f = v
	}
	return nil
}
