package main

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
)

// mails counts the alarm mails by alarm and reason, as the text part says them.
func (t *trial) mails() (map[string]int, error) {
	files, err := t.instance.Mails()
	if err != nil {
		return nil, err
	}
	found := map[string]int{}
	for name, raw := range files {
		text, err := textPart(raw)
		if err != nil {
			return nil, fmt.Errorf("mail %s: %w", name, err)
		}
		found[field(text, "- Name:")+": "+field(text, "- Reason for State Change:")]++
	}
	return found, nil
}

func textPart(raw string) (string, error) {
	message, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return "", err
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return "", err
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextPart() // decodes quoted-printable
		if err != nil {
			return "", fmt.Errorf("no text part: %w", err)
		}
		if !strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			continue
		}
		text, err := io.ReadAll(part)
		return strings.ReplaceAll(string(text), "\r\n", "\n"), err
	}
}

func field(text, label string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, label); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
