package main

import (
	"fmt"
	"time"
)

// account is one of AWS's example accounts.
const account = "111122223333"

// record is a CloudTrail record, with its members in CloudTrail's order.
type record struct {
	EventVersion        string            `json:"eventVersion"`
	UserIdentity        identity          `json:"userIdentity"`
	EventTime           string            `json:"eventTime"`
	EventSource         string            `json:"eventSource"`
	EventName           string            `json:"eventName"`
	AWSRegion           string            `json:"awsRegion"`
	SourceIPAddress     string            `json:"sourceIPAddress"`
	UserAgent           string            `json:"userAgent"`
	ErrorCode           string            `json:"errorCode,omitempty"`
	ErrorMessage        string            `json:"errorMessage,omitempty"`
	RequestParameters   map[string]any    `json:"requestParameters"`
	ResponseElements    map[string]any    `json:"responseElements"`
	AdditionalEventData map[string]any    `json:"additionalEventData,omitempty"`
	RequestID           string            `json:"requestID"`
	EventID             string            `json:"eventID"`
	ReadOnly            bool              `json:"readOnly"`
	Resources           []resource        `json:"resources,omitempty"`
	EventType           string            `json:"eventType"`
	ManagementEvent     bool              `json:"managementEvent"`
	RecipientAccountID  string            `json:"recipientAccountId"`
	EventCategory       string            `json:"eventCategory"`
	TLSDetails          map[string]string `json:"tlsDetails,omitempty"`
}

type identity struct {
	Type           string          `json:"type"`
	PrincipalID    string          `json:"principalId,omitempty"`
	ARN            string          `json:"arn,omitempty"`
	AccountID      string          `json:"accountId,omitempty"`
	AccessKeyID    string          `json:"accessKeyId,omitempty"`
	UserName       string          `json:"userName,omitempty"`
	SessionContext *sessionContext `json:"sessionContext,omitempty"`
	InvokedBy      string          `json:"invokedBy,omitempty"`
}

type sessionContext struct {
	SessionIssuer issuer            `json:"sessionIssuer"`
	Attributes    map[string]string `json:"attributes"`
}

type issuer struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId"`
	UserName    string `json:"userName"`
}

type resource struct {
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type"`
	ARN       string `json:"ARN"`
}

// caller is who makes calls, and from where.
type caller struct {
	identity       identity
	address, agent string
}

func user(name, key, address, agent string) caller {
	return caller{identity{
		Type: "IAMUser", PrincipalID: "AIDA" + pad(name, 17), ARN: "arn:aws:iam::" + account + ":user/" + name,
		AccountID: account, AccessKeyID: key, UserName: name,
	}, address, agent}
}

func role(name, session, address, agent string) caller {
	id := "AROA" + pad(name, 17)
	return caller{identity{
		Type: "AssumedRole", PrincipalID: id + ":" + session,
		ARN:       fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", account, name, session),
		AccountID: account, AccessKeyID: "ASIA" + pad(session, 9) + "EXAMPLE",
		SessionContext: &sessionContext{
			SessionIssuer: issuer{"Role", id, "arn:aws:iam::" + account + ":role/" + name, account, name},
			Attributes:    map[string]string{"creationDate": day.Add(-time.Hour).Format(time.RFC3339), "mfaAuthenticated": "false"},
		},
	}, address, agent}
}

func service(name string) caller {
	return caller{identity{Type: "AWSService", InvokedBy: name}, name, name}
}

// pad makes something like AWS's unique ids of a name.
func pad(name string, n int) string {
	id := make([]byte, 0, n)
	for i := 0; len(id) < n; i++ {
		id = append(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[int(name[i%len(name)]*7+byte(i))%32])
	}
	return string(id)
}
