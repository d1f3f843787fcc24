package wire

import (
	"net/http"
	"reflect"
	"strings"
)

// Answer is an HTTP answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Encode writes the answer of a call that succeeded.
func (e *Endpoint) Encode(p Protocol, requestID string, out any) Answer {
	tree := grow(e.output, reflect.ValueOf(out))
	a := newAnswer(p, http.StatusOK)
	switch {
	case p == CBOR:
		a.Body = appendCBOR(nil, tree)
	case p == Query:
		a.Body = e.document(tree.(object), requestID)
	case e.hasOutput:
		a.Body = appendJSON(nil, tree)
	}
	return a
}

// document is <OpResponse>. It has an <OpResult> only if the model knows an output.
func (e *Endpoint) document(o object, requestID string) []byte {
	var w xmlWriter
	w.root(e.Name+"Response", e.model.XMLNamespace)
	if e.hasOutput {
		w.open(e.Name + "Result")
		w.members(o)
		w.close(e.Name + "Result")
	}
	w.open("ResponseMetadata")
	w.text("RequestId", requestID)
	w.close("ResponseMetadata")
	w.close(e.Name + "Response")
	return []byte(w.String())
}

func (w *xmlWriter) root(name, namespace string) {
	w.WriteString("<" + name + ` xmlns="`)
	escape(w, namespace)
	w.WriteString(`">`)
}

func newAnswer(p Protocol, status int) Answer {
	a := Answer{Status: status, Header: http.Header{"Content-Type": {p.ContentType()}}}
	if p == CBOR {
		a.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	}
	return a
}

// EncodeFault writes the answer of a call that failed. queryMode is whether the
// client asked for x-amzn-query-error.
func (m *Model) EncodeFault(p Protocol, requestID string, f Fault, queryMode bool) Answer {
	a := newAnswer(p, f.Status)
	switch p {
	case CBOR:
		a.Body = appendCBOR(nil, m.faultTree(f))
	case Query:
		a.Body = m.faultDocument(f, requestID)
		return a
	default:
		a.Body = appendJSON(nil, m.faultTree(f))
	}
	a.Header.Set("X-Amzn-Errortype", f.Name.Type)
	if queryMode && m.QueryErrors {
		a.Header.Set("X-Amzn-Query-Error", f.Name.Code+";"+f.party())
	}
	return a
}

func (f Fault) party() string {
	if f.Service {
		return "Receiver"
	}
	return "Sender"
}

// faultTree is __type, the message under the name that the model gives it, and the error's other members.
func (m *Model) faultTree(f Fault) object {
	o := object{{&Member{Name: "__type"}, f.Name.Type}, {&Member{Name: f.messageName()}, f.Message}}
	return append(o, f.members()...)
}

func (f Fault) messageName() string {
	if f.shape != nil {
		for _, m := range f.shape.Members {
			if strings.EqualFold(m.Name, "message") {
				return m.Name
			}
		}
	}
	return "message"
}

// members are those that the error has besides its message.
func (f Fault) members() object {
	v := reflect.ValueOf(f.Members)
	if f.shape == nil || v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	p, err := planner{}.plan(f.shape, v.Type())
	if err != nil {
		return nil // another service's error of the same name: its message has to do
	}
	return growObject(p, v.Elem()).(object)
}

func (m *Model) faultDocument(f Fault, requestID string) []byte {
	var w xmlWriter
	w.root("ErrorResponse", m.XMLNamespace)
	w.open("Error")
	w.text("Type", f.party())
	w.text("Code", f.Name.Code)
	w.text("Message", f.Message)
	w.members(f.members())
	w.close("Error")
	w.text("RequestId", requestID)
	w.close("ErrorResponse")
	return []byte(w.String())
}
