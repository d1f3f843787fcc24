package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed templates/page.html
var pageHTML string

//go:embed templates/page.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// page is a short answer to somebody who followed a link: a sentence, what it
// is about, and perhaps a button. All fields are shown as text.
type page struct {
	Title, Text                   string
	Topic, Endpoint, Subscription string
	Detail                        string
	Action, Button                string // of the form, which is there if Action is
	Fields                        []field
	Link, LinkText                string
}

type field struct{ Name, Value string }

// show writes a page. The address may hold a token, so that nothing keeps the
// page or passes its address on; nobody frames it, for its button is to be
// clicked on purpose.
func (l *links) show(w http.ResponseWriter, status int, p page) {
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, struct {
		page
		CSS template.CSS
	}{p, template.CSS(pageCSS)}); err != nil {
		l.Log.Error("render page", "title", p.Title, "err", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(pageCSS))
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(status)
	if _, err := w.Write(body.Bytes()); err != nil {
		l.Log.Debug("page not delivered", "err", err)
	}
}
