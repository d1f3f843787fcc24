package e2e

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

// visit fetches a page.
func visit(t *testing.T, link string) string {
	t.Helper()
	return read(t, func() (*http.Response, error) { return http.Get(link) })
}

// press submits the only form of a page as it stands, as its button does.
func press(t *testing.T, in *instance.Instance, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	action, fields := "", url.Values{}
	for node := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		switch node.Data {
		case "form":
			action = attributes["action"]
		case "input":
			fields.Set(attributes["name"], attributes["value"])
		}
	}
	if action == "" {
		t.Fatalf("no form in %s", page)
	}
	return read(t, func() (*http.Response, error) { return http.PostForm(in.Endpoint()+action, fields) })
}

func read(t *testing.T, request func() (*http.Response, error)) string {
	t.Helper()
	response, err := request()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
