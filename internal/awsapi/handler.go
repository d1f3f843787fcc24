package awsapi

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// New makes the front door. The error tells a wrong table line of a service.
func New(o Options) (http.Handler, error) {
	if o.Authenticator == nil {
		return nil, fmt.Errorf("awsapi: no Authenticator")
	}
	h := &handler{Options: o.withDefaults()}
	h.memory = newMemory(h.MaxBody)
	for _, s := range o.Services {
		endpoints, err := s.Model.Bind(s.Ops)
		if err != nil {
			return nil, fmt.Errorf("awsapi: %w", err)
		}
		h.services = append(h.services, &service{Model: s.Model, endpoints: endpoints})
	}
	return h, nil
}

type handler struct {
	Options
	services []*service
	memory   *memory
}

// service is a Service that is ready to answer.
type service struct {
	*wire.Model
	endpoints map[string]*wire.Endpoint
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{handler: h, started: h.Now(), service: nobody, protocol: protocolOf(r)}
	x.call = Call{
		Scope:     arn.Scope{Partition: "aws", Account: h.Account, Region: h.Region},
		RequestID: uuid.NewString(),
		SourceIP:  sourceIP(r),
		UserAgent: r.UserAgent(),
	}
	answer := x.answer(w, r)

	header := w.Header()
	for name, values := range answer.Header {
		header[name] = values
	}
	header.Set("X-Amzn-Requestid", x.call.RequestID)
	header.Set("Content-Length", strconv.Itoa(len(answer.Body)))
	w.WriteHeader(answer.Status)
	if _, err := w.Write(answer.Body); err != nil {
		h.Logger.Debug("answer not delivered", slog.String("request_id", x.call.RequestID), slog.Any("err", err))
	}
	x.record(answer.Status)
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
