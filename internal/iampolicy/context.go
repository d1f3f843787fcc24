package iampolicy

import (
	"strconv"
	"strings"
	"time"
)

// Context holds the condition keys of a request. The case of their names does
// not count.
type Context map[string][]string

func (c Context) values(key string) []string {
	if values, ok := c[key]; ok {
		return values
	}
	for name, values := range c {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}

// with is the context plus what AWS itself knows of a request: the keys of the
// caller and the time. What the context already says of the two does not count.
func (c Context) with(p Principal, now time.Time) Context {
	all := Context{
		"aws:principalisawsservice": {strconv.FormatBool(p.Service != "")},
		"aws:currenttime":           {now.UTC().Format(time.RFC3339)},
		"aws:epochtime":             {strconv.FormatInt(now.Unix(), 10)},
	}
	for key, value := range map[string]string{
		"aws:principalarn":         p.identity(),
		"aws:principalaccount":     p.Account,
		"aws:principalservicename": p.Service,
		"aws:userid":               p.UserID,
		"aws:username":             p.userName(),
		"aws:principaltype":        p.kind(),
	} {
		if value != "" {
			all[key] = []string{value}
		} else {
			all[key] = nil
		}
	}
	for key, values := range c {
		if key = strings.ToLower(key); !has(all, key) {
			all[key] = values
		}
	}
	return all
}

func has(c Context, key string) bool {
	_, ok := c[key]
	return ok
}

// identity is the ARN that aws:PrincipalArn carries: a session's is its role's.
func (p Principal) identity() string {
	if p.RoleARN != "" {
		return p.RoleARN
	}
	return p.ARN
}

// userName is the last part of a user's ARN.
func (p Principal) userName() string {
	_, path, ok := strings.Cut(p.ARN, ":user/")
	if !ok {
		return ""
	}
	return path[strings.LastIndex(path, "/")+1:]
}

func (p Principal) kind() string {
	switch {
	case p.Root:
		return "Account"
	case strings.Contains(p.ARN, ":user/"):
		return "User"
	case strings.Contains(p.ARN, ":assumed-role/"):
		return "AssumedRole"
	case p.Account == "" && p.Service == "":
		return "Anonymous"
	}
	return ""
}
