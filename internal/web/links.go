package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// LinkOptions are for the pages behind the links in mails.
type LinkOptions struct {
	Topics *topic.Service
	Log    *slog.Logger // nil: nobody reads it
	// AWSCompatible makes a mere visit of a link confirm or unsubscribe, as it
	// does at AWS. Mail scanners visit links, too: that is why the default is a
	// page with a button.
	AWSCompatible bool
	// Certificate is what envelopes are verified with, in PEM, and
	// CertificatePath where SigningCertURL says that it is.
	Certificate     []byte
	CertificatePath string
}

type links struct {
	LinkOptions
	api http.Handler
}

// Links puts the pages behind the links in mails before the API, which has the
// same address and keeps all other requests.
func Links(o LinkOptions, api http.Handler) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	l := &links{LinkOptions: o, api: api}
	routes := map[string]http.Handler{
		"GET /unsubscribe.html":   http.HandlerFunc(l.unsubscribePage),
		"POST /unsubscribe.html":  pressed(l.unsubscribe),
		"GET /confirmation.html":  http.HandlerFunc(l.confirmPage),
		"POST /confirmation.html": pressed(l.confirm),
		"GET /support.html":       http.HandlerFunc(l.support),
		"GET /":                   http.HandlerFunc(l.root),
	}
	if o.CertificatePath != "" {
		routes["GET "+o.CertificatePath] = http.HandlerFunc(l.certificate)
	}
	// No http.ServeMux: it would redirect paths that it finds unclean, and the API's may be.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handler, ok := routes[r.Method+" "+r.URL.Path]; ok {
			handler.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

const maxForm = 64 << 10 // bytes

// pressed is behind a button of our own pages: other sites cannot press it.
func pressed(answer http.HandlerFunc) http.Handler {
	return http.MaxBytesHandler(http.NewCrossOriginProtection().Handler(answer), maxForm)
}

// root shows a page to whoever follows a link of a mail: a mail scanner that
// visits it confirms nothing. Links that were sent to programs, signed requests
// and those of other operations are the API's.
func (l *links) root(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	signed := r.Header.Get("Authorization") != "" || query.Has("X-Amz-Signature")
	switch action := query.Get("Action"); {
	case l.AWSCompatible || signed:
		l.api.ServeHTTP(w, r)
	case action == "ConfirmSubscription" && !l.confirmsProgram(r):
		l.confirmPage(w, r)
	case action == "Unsubscribe" && !l.unsubscribesProgram(r):
		l.unsubscribePage(w, r)
	default:
		l.api.ServeHTTP(w, r)
	}
}

// confirmsProgram reports whether the token was sent to a program, which
// visits the link and presses no buttons.
func (l *links) confirmsProgram(r *http.Request) bool {
	in := topic.ConfirmInput{TopicARN: r.FormValue("TopicArn"), Token: r.FormValue("Token")}
	sub, err := l.Topics.Pending(r.Context(), in)
	return err == nil && topic.IsHTTP(sub.Protocol) || refusedProgram(r, err)
}

func (l *links) unsubscribesProgram(r *http.Request) bool {
	name, err := topic.ParseSubscriptionARN(r.FormValue("SubscriptionArn"))
	if err != nil {
		return refusedProgram(r, err)
	}
	program, err := l.Topics.ForProgram(r.Context(), name)
	return program || refusedProgram(r, err)
}

// refusedProgram reports whether a link does not work and whoever follows it
// does not ask for a page: the API then refuses in XML.
func refusedProgram(r *http.Request, err error) bool {
	var refusal *topic.Error
	return errors.As(err, &refusal) && !strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (l *links) confirmPage(w http.ResponseWriter, r *http.Request) {
	if l.AWSCompatible {
		l.confirm(w, r)
		return
	}
	in := topic.ConfirmInput{TopicARN: r.FormValue("TopicArn"), Token: r.FormValue("Token")}
	sub, err := l.Topics.Pending(r.Context(), in)
	switch {
	case err != nil:
		l.fail(w, r, err)
	case !sub.Pending:
		l.show(w, http.StatusOK, confirmed(sub))
	default:
		l.show(w, http.StatusOK, page{Title: "Confirm this subscription?", Text: "Notifications of this topic will be sent to your address.",
			Topic: sub.TopicARN, Endpoint: sub.Endpoint, Action: "/confirmation.html", Button: "Confirm subscription",
			Fields: []field{{"TopicArn", in.TopicARN}, {"Token", in.Token}}})
	}
}

func (l *links) confirm(w http.ResponseWriter, r *http.Request) {
	in := topic.ConfirmInput{TopicARN: r.FormValue("TopicArn"), Token: r.FormValue("Token")}
	sub, err := l.Topics.Confirm(r.Context(), topic.Principal{}, in)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	l.show(w, http.StatusOK, confirmed(sub))
}

func confirmed(sub topic.Subscription) page {
	back := url.Values{"SubscriptionArn": {sub.ARN}, "Endpoint": {sub.Endpoint}}
	return page{Title: "Subscription confirmed", Text: "Notifications of this topic will be sent to your address.", Topic: sub.TopicARN,
		Endpoint: sub.Endpoint, Subscription: sub.ARN, Link: "/unsubscribe.html?" + back.Encode(), LinkText: "If it was not your intention to subscribe, unsubscribe here."}
}

// linked is the subscription that the request names. Links of envelopes do not
// name the endpoint; their page then does not show it either.
func (l *links) linked(r *http.Request) (sub topic.Subscription, unsubscribe func() error, err error) {
	name, err := topic.ParseSubscriptionARN(r.FormValue("SubscriptionArn"))
	if err != nil {
		return topic.Subscription{}, nil, err
	}
	unsubscribe = func() error { return l.Topics.Unsubscribe(r.Context(), topic.Principal{}, name) }
	if !r.Form.Has("Endpoint") {
		about := name
		about.Resource, _, _ = strings.Cut(name.Resource, ":")
		return topic.Subscription{TopicARN: about.String()}, unsubscribe, nil
	}
	sub, err = l.Topics.Linked(r.Context(), name, r.FormValue("Endpoint"))
	return sub, unsubscribe, err
}

func (l *links) unsubscribePage(w http.ResponseWriter, r *http.Request) {
	if l.AWSCompatible {
		l.unsubscribe(w, r)
		return
	}
	sub, _, err := l.linked(r)
	switch {
	case topic.IsKind(err, topic.NotFound):
		l.show(w, http.StatusOK, unsubscribed())
	case err != nil:
		l.fail(w, r, err)
	default:
		asked := page{Title: "Unsubscribe from this topic?", Text: "Its notifications will not be sent to your address any more.", Topic: sub.TopicARN,
			Endpoint: sub.Endpoint, Action: "/unsubscribe.html", Button: "Unsubscribe", Fields: []field{{"SubscriptionArn", r.FormValue("SubscriptionArn")}}}
		if r.Form.Has("Endpoint") {
			asked.Fields = append(asked.Fields, field{"Endpoint", sub.Endpoint})
		}
		l.show(w, http.StatusOK, asked)
	}
}

func unsubscribed() page {
	return page{Title: "Unsubscribed", Text: "The topic's notifications are not sent to your address any more. To receive them again, ask the topic's owner to subscribe you."}
}

func (l *links) unsubscribe(w http.ResponseWriter, r *http.Request) {
	_, unsubscribe, err := l.linked(r)
	if err == nil {
		err = unsubscribe()
	}
	if err != nil && !topic.IsKind(err, topic.NotFound) {
		l.fail(w, r, err)
		return
	}
	l.show(w, http.StatusOK, unsubscribed())
}

func (l *links) support(w http.ResponseWriter, _ *http.Request) {
	l.show(w, http.StatusOK, page{Title: "Questions about a notification?",
		Text: "It was sent by Tocsin, which somebody in your organisation runs. Ask the people who look after its alarms; the topic named in the mail tells which one it was."})
}

func (l *links) certificate(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-pem-file")
	if _, err := w.Write(l.Certificate); err != nil {
		l.Log.Debug("certificate not delivered", "err", err)
	}
}

// fail shows a refusal in words for people; anything else is our fault and logged.
func (l *links) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *topic.Error
	switch {
	case !errors.As(err, &refusal):
		l.Log.Error("page failed", "path", r.URL.Path, "err", err)
		l.show(w, http.StatusInternalServerError, page{Title: "Something went wrong", Text: "This is not your fault. Please try again in a moment."})
	case refusal.Kind == topic.Denied:
		l.show(w, http.StatusForbidden, page{Title: "Only the owner can do this", Text: "This subscription can be ended only by the account that owns it or its topic."})
	default:
		l.show(w, http.StatusBadRequest, page{Title: "This link does not work", Text: "It may be incomplete or older than three days. Ask for a new one.", Detail: refusal.Message})
	}
}
