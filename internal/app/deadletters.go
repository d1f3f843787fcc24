package app

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// deadLetter is what the console tells of a dead letter: not what it says, for
// the console has no login, and not whom to.
type deadLetter struct {
	Queue        string    `json:"queue"`
	Message      string    `json:"message"`
	Subscription string    `json:"subscription"`
	Protocol     string    `json:"protocol"`
	Attempts     int       `json:"attempts"`
	Error        string    `json:"error"`
	Failed       time.Time `json:"failed"`
}

// deadLetterQuery is what the parameters queue, message and subscription select.
func deadLetterQuery(r *http.Request) topic.DeadLetterQuery {
	return topic.DeadLetterQuery{QueueARN: r.FormValue("queue"), MessageID: r.FormValue("message"), SubscriptionARN: r.FormValue("subscription")}
}

// deadLetters lists the newest messages that were given up.
func (a *App) deadLetters(w http.ResponseWriter, r *http.Request) {
	letters, err := a.topics.DeadLetters(r.Context(), deadLetterQuery(r))
	list := []deadLetter{}
	for _, l := range letters {
		list = append(list, deadLetter{Queue: l.QueueARN, Message: l.Message.ID, Subscription: l.SubscriptionARN, Protocol: l.Protocol,
			Attempts: l.Attempts, Error: l.Error, Failed: l.Failed})
	}
	a.answer(w, list, err)
}

const maxForm = 64 << 10 // bytes

// replay delivers selected dead letters again.
func (a *App) replay(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	q := deadLetterQuery(r)
	if q == (topic.DeadLetterQuery{}) {
		http.Error(w, "say which: queue, message or subscription", http.StatusBadRequest)
		return
	}
	replayed, err := a.topics.Replay(r.Context(), q)
	a.answer(w, map[string]int{"replayed": replayed}, err)
}

func (a *App) answer(w http.ResponseWriter, content any, err error) {
	if err != nil {
		a.log.Error("dead letters", "err", err)
		http.Error(w, "the store failed, see the log", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(content); err != nil {
		a.log.Warn("answer was not written", "err", err)
	}
}
