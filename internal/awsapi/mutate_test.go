package awsapi_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// TestWrongValueInEveryMember puts values of the wrong type into each member of
// each operation in turn, at any depth: that is a SerializationException. A null
// is as good as nothing, or a constraint is violated; members that nobody knows
// are ignored. Nothing is a 5xx.
func TestWrongValueInEveryMember(t *testing.T) {
	for _, service := range everyEcho(&echo{}) {
		if service.Model.TargetPrefix == "" {
			continue // the query protocol has no types; see TestRefusals
		}
		h := handler(t, awsapi.Options{Services: []awsapi.Service{service}})
		for _, op := range service.Model.Operations {
			t.Run(service.Model.Service+" "+op.Name, func(t *testing.T) {
				m := mutator{T: t, h: h, model: service.Model, op: op}
				m.run()
			})
		}
	}
}

type mutator struct {
	*testing.T
	h     http.Handler
	model *wire.Model
	op    wire.OperationShape
	root  any
}

func (m *mutator) run() {
	g := generator{Rand: rand.New(rand.NewPCG(3, 5)), shapes: m.model.Shapes, complete: true}
	m.root = plainJSON(g.value(m.op.Input, 0))
	if status, code := m.send(); status != http.StatusOK {
		m.Fatalf("a complete request = %d %s, want 200", status, code)
	}
	m.visit(m.op.Input, m.root, m.op.Name)
}

// visit tries every member below a value.
func (m *mutator) visit(shape string, v any, path string) {
	s := m.model.Shapes[shape]
	switch v := v.(type) {
	case map[string]any:
		v["nobodyKnowsThis"] = "x"
		if s.Kind == wire.Structure {
			m.expect(path+" with an unknown member", false)
			v["nobodyKnowsThis"] = map[string]any{"a": []any{1, nil}}
			m.expect(path+" with an unknown structure", false)
		}
		delete(v, "nobodyKnowsThis")
		for key, value := range v {
			child := s.Value.Shape
			for _, member := range s.Members {
				if member.Name == key {
					child = member.Shape
				}
			}
			m.replace(child, path+"."+key, func(x any) { v[key] = x }, value)
		}
	case []any:
		for i, value := range v {
			m.replace(s.Element.Shape, fmt.Sprintf("%s[%d]", path, i), func(x any) { v[i] = x }, value)
		}
	}
}

func (m *mutator) replace(shape, path string, set func(any), original any) {
	kind := m.model.Shapes[shape].Kind
	for _, wrong := range wrongFor[kind] {
		set(wrong)
		m.expect(fmt.Sprintf("%s = %#v", path, wrong), true)
	}
	set(nil)
	if status, code := m.send(); status != 200 && (status != 400 || code != m.model.Validation.Type) {
		m.Errorf("%s = null: %d %s, want 200 or %s", path, status, code, m.model.Validation.Type)
	}
	set(original)
	m.visit(shape, original, path)
}

var wrongFor = map[wire.Kind][]any{
	wire.Structure: {"x", 1, true, []any{}},
	wire.List:      {"x", 1, true, map[string]any{}},
	wire.Map:       {"x", 1, true, []any{}},
	wire.String:    {1, 1.5, true, []any{}, map[string]any{}},
	wire.Boolean:   {"true", 1, []any{}, map[string]any{}},
	wire.Integer:   {"1", 1.5, 1 << 40, true, []any{}, map[string]any{}},
	wire.Long:      {"1", 1.5, 1e30, true, []any{}, map[string]any{}},
	wire.Double:    {"1", true, []any{}, map[string]any{}},
	wire.Timestamp: {"2026-11-20T00:00:00Z", 1e30, true, []any{}, map[string]any{}},
	wire.Blob:      {1, true, []any{}, map[string]any{}},
}

func (m *mutator) expect(what string, refused bool) {
	m.Helper()
	status, code := m.send()
	if refused && (status != 400 || !strings.HasSuffix(code, "SerializationException")) {
		m.Errorf("%s: %d %s, want 400 SerializationException", what, status, code)
	}
	if !refused && status != 200 {
		m.Errorf("%s: %d %s, want 200", what, status, code)
	}
}

// send sends the request in each of the service's typed protocols; the worst answer counts.
func (m *mutator) send() (status int, code string) {
	m.Helper()
	body, err := json.Marshal(m.root)
	if err != nil {
		m.Fatal(err)
	}
	for _, r := range m.requests(body) {
		answer := httptest.NewRecorder()
		m.h.ServeHTTP(answer, r)
		if status != 0 && answer.Code != status {
			m.Errorf("the protocols do not agree on %s: %d and %d", body, status, answer.Code)
		}
		status, code = answer.Code, answer.Header().Get("X-Amzn-Errortype")
	}
	return status, code
}

func (m *mutator) requests(body []byte) []*http.Request {
	if m.model.Service == "logs" {
		return []*http.Request{logsRequest(m.op.Name, string(body))}
	}
	packed, err := cbor.Marshal(m.root)
	if err != nil {
		m.Fatal(err)
	}
	return []*http.Request{cloudwatchRequest(m.op.Name, string(body)), cborRequest(m.op.Name, string(packed))}
}

// plainJSON is a generated value as clients write it.
func plainJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = plainJSON(value)
		}
	case []any:
		for i, value := range v {
			v[i] = plainJSON(value)
		}
	case time.Time:
		return v.Unix()
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	}
	return v
}
