package app

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/cloudwatchapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/logsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/snsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/stsapi"
	"github.com/tocsin-dev/tocsin/internal/telemetry"
	"github.com/tocsin-dev/tocsin/internal/trail"
	"github.com/tocsin-dev/tocsin/internal/web"
)

// apiHandler is what the API address answers: AWS clients and, for people who
// follow a link from a mail, the pages to confirm and to unsubscribe.
func (a *App) apiHandler() (http.Handler, error) {
	api, err := awsapi.New(awsapi.Options{
		Services: []awsapi.Service{
			logsapi.New(a.logs, a.filters),
			cloudwatchapi.New(a.alarms, a.metrics),
			snsapi.New(a.topics),
			stsapi.Service(),
		},
		Authenticator: awsapi.Signatures(a.access),
		Observer:      a.meters,
		Account:       a.options.Account,
		Region:        a.options.Region,
		Logger:        a.log,
		MaxBody:       a.options.MaxBody,
	})
	if err != nil {
		return nil, err
	}
	return web.Links(web.LinkOptions{
		Topics: a.topics, Log: a.log, AWSCompatible: a.options.ConfirmOnGet,
		Certificate: a.signer.Certificate(), CertificatePath: a.signer.CertificatePath(),
	}, api), nil
}

// consoleHandler is what the console address answers. None of it needs a login,
// so none of it shows what events hold.
func (a *App) consoleHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", telemetry.Endpoints(a, a.options.Registry))
	mux.HandleFunc("GET /-/failures", a.failures)
	mux.HandleFunc("GET /-/dead-letters", a.deadLetters)
	mux.Handle("POST /-/dead-letters", byAddress(http.NewCrossOriginProtection().Handler(http.HandlerFunc(a.replay))))
	return mux
}

// byAddress refuses requests that call the console by a domain name: a page of
// somebody else's, whose name was made to lead here, is same-origin with it.
func byAddress(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host != "localhost" && net.ParseIP(strings.Trim(host, "[]")) == nil {
			http.Error(w, "call the console by its address or as localhost", http.StatusMisdirectedRequest)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

var errNotServing = errors.New("starting or stopping")

// Ready says why requests should not be sent here now.
func (a *App) Ready(ctx context.Context) error {
	if !a.ready.Load() {
		return errNotServing
	}
	return a.db.Writable(ctx)
}

// Healthy says why the program should be restarted.
func (a *App) Healthy(ctx context.Context) error { return a.db.Ping(ctx) }

// failures lists what the intake could not take in.
func (a *App) failures(w http.ResponseWriter, _ *http.Request) {
	list := map[string][]trail.Failure{}
	for _, folder := range a.folders {
		list[folder.Dir] = append([]trail.Failure{}, folder.Failures()...)
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(list); err != nil {
		a.log.Warn("failures were not written", "err", err)
	}
}
