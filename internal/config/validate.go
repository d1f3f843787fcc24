package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Error is what is wrong with a setting.
type Error struct {
	Key    string
	Value  string // secrets hidden; empty if there is none to show
	Source string // "--smtp", "TOCSIN_SMTP", "tocsin.yaml:3"
	Reason string
}

func (e *Error) Error() string {
	text := e.Key
	if e.Value != "" {
		text += fmt.Sprintf(" %q", e.Value)
	}
	if e.Source != "" && e.Source != "default" {
		text += " (" + e.Source + ")"
	}
	return text + ": " + e.Reason
}

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	regionPattern  = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$`)
)

// validate finds everything that is wrong.
func (c *Config) validate() error {
	checks := map[string]func() error{
		"data":              func() error { return need(c.Data != "", "needs a folder") },
		"api":               func() error { return checkAddress(c.API) },
		"console":           c.checkConsole,
		"account":           func() error { return need(accountPattern.MatchString(c.Account), "is not twelve digits") },
		"region":            func() error { return need(regionPattern.MatchString(c.Region), "is not a region such as us-east-1") },
		"trail":             func() error { return need(!slices.Contains(c.Trail, ""), "has an empty path in it") },
		"notify":            func() error { return optional(c.Notify, checkMail) },
		"smtp":              func() error { return optional(c.SMTP, checkSMTP) },
		"mail-from":         func() error { return checkMail(c.MailFrom) },
		"public-url":        func() error { return optional(c.PublicURL, checkPublicURL) },
		"sqs-endpoint":      func() error { return optional(c.SQSEndpoint, checkSQS) },
		"allow-delivery-to": func() error { return checkNetworks(c.AllowDeliveryTo) },
		"match-retention":   func() error { return need(time.Duration(c.MatchRetention) >= time.Hour, "is less than an hour") },
		"max-body":          func() error { return need(c.MaxBody >= 1<<20 && c.MaxBody <= 1<<30, "is not between 1MiB and 1GiB") },
		"log-format":        func() error { return oneOf(c.LogFormat, "text", "json") },
		"log-level":         func() error { return oneOf(c.LogLevel, "debug", "info", "warn", "error") },
		"root-access-key-id": func() error {
			return need(c.rootKeyIsWhole() || c.RootAccessKeyID != "", "is missing beside root-secret-access-key")
		},
		"root-secret-access-key": func() error {
			return need(c.rootKeyIsWhole() || c.RootSecretAccessKey != "", "is missing beside root-access-key-id")
		},
	}
	var errs []error
	for _, s := range c.Settings() {
		if check := checks[s.Key]; check != nil {
			if err := check(); err != nil {
				errs = append(errs, &Error{Key: s.Key, Value: fmt.Sprint(s.Value), Source: s.Source, Reason: err.Error()})
			}
		}
	}
	return errors.Join(errs...)
}

func (c *Config) rootKeyIsWhole() bool {
	return (c.RootAccessKeyID == "") == (c.RootSecretAccessKey == "")
}

func need(ok bool, otherwise string) error {
	if ok {
		return nil
	}
	return errors.New(otherwise)
}

func optional(text string, check func(string) error) error {
	if text == "" {
		return nil
	}
	return check(text)
}

func oneOf(text string, allowed ...string) error {
	if slices.Contains(allowed, text) {
		return nil
	}
	return fmt.Errorf("is none of %q", allowed)
}

func (c *Config) checkConsole() error {
	if err := checkAddress(c.Console); err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(c.Console)
	return need(c.Console != c.API || port == "0", "is the address of the API too")
}

// checkAddress accepts host:port; port 0 lets the system choose.
func checkAddress(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return errors.New("is not an address such as 127.0.0.1:4566")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("has a port that is not between 0 and 65535")
	}
	return nil
}

func checkNetworks(texts []string) error {
	for _, text := range texts {
		if network, err := netip.ParsePrefix(text); err != nil || network != network.Masked() {
			return fmt.Errorf("has %q in it, which is not a network such as 10.0.0.0/8", text)
		}
	}
	return nil
}

func checkMail(text string) error {
	_, err := mail.ParseAddress(text)
	return need(err == nil, "is not a mail address")
}

// checkSQS never repeats the text, which may have a secret in it.
func checkSQS(text string) error {
	u, err := url.Parse(text)
	return need(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "", "is not http[s]://[accessKeyID:secret@]host[:port]")
}

// checkSMTP never repeats the text, which may have a password in it.
func checkSMTP(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return errors.New("is not a URL such as smtp://user:password@mail.example.com:587")
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return fmt.Errorf("has the scheme %q, not smtp or smtps", u.Scheme)
	case u.Path != "" && u.Path != "/":
		return errors.New("has a path behind the host")
	}
	return nil
}

func checkPublicURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("is not a URL such as https://tocsin.example.com")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return errors.New("has more than a scheme, a host and a port")
	}
	return nil
}
