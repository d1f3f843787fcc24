package triage

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed section.html
var sectionHTML string

// section escapes every field for where it stands. Its styles are inline, as
// mail programs want them, and leave text and background to the reader's theme.
var section = template.Must(template.New("section").Funcs(template.FuncMap{"count": count}).Parse(sectionHTML))

// html lays the summary out for the HTML part of a mail. The template and its
// data are ours, so that it cannot fail on what events hold.
func html(s summary) string {
	var b strings.Builder
	if err := section.Execute(&b, s); err != nil {
		return "<pre>" + template.HTMLEscapeString(text(s)) + "</pre>"
	}
	return b.String()
}
