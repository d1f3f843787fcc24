package filterpattern

// Event is a log message on its way through many patterns: it is decoded as
// JSON and split into fields once at most, and only if a pattern asks. An
// Event is not for concurrent use.
type Event struct {
	message []byte

	decoded bool
	json    *document // nil unless the whole message is one JSON object

	split  bool
	fields []field
}

// NewEvent makes an event of a message, which must not change while the event
// is in use. There is no limit on its size.
func NewEvent(message []byte) *Event { return &Event{message: message} }

// Message is the message as given to NewEvent.
func (e *Event) Message() []byte { return e.message }

// document decodes the message on first use. It returns nil unless the whole
// message is one JSON object.
func (e *Event) document() *document {
	if !e.decoded {
		e.decoded = true
		e.json = newDocument(e.message)
	}
	return e.json
}

// tokens splits the message on first use.
func (e *Event) tokens() []field {
	if !e.split {
		e.split = true
		e.fields = splitFields(e.message)
	}
	return e.fields
}
