package alarm

import (
	"context"
	"errors"
	"time"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// ErrStale says that an alarm was written by somebody else since it was read.
var ErrStale = errors.New("alarm was changed meanwhile")

// Store remembers alarms, their history and the actions that are still owed.
// Times are kept to the millisecond.
type Store interface {
	// All returns every alarm of every scope.
	All(ctx context.Context) ([]Alarm, error)
	// List returns alarms in order of name.
	List(ctx context.Context, scope arn.Scope, query ListQuery) ([]Alarm, error)
	// Commit makes all changes or none. It fails with ErrStale if an alarm's
	// revision is no longer the one in the store; else revisions go up by one.
	Commit(ctx context.Context, changes []Change) error

	// Evaluated is the time up to which all evaluations were made, as told last;
	// zero if never.
	Evaluated(ctx context.Context) (time.Time, error)
	SetEvaluated(ctx context.Context, at time.Time) error

	// History returns items in the order that the query asks for.
	History(ctx context.Context, scope arn.Scope, query HistoryQuery) ([]HistoryItem, error)
	// Pending returns the oldest actions behind the given sequence number.
	Pending(ctx context.Context, after int64, limit int) ([]Action, error)
	// Finish removes a pending action and writes down how it went. It does
	// nothing if the action is no longer pending.
	Finish(ctx context.Context, action Action, item HistoryItem) error
	// Sweep forgets history before the given time.
	Sweep(ctx context.Context, before time.Time) error
}

// ListQuery selects alarms of a scope. Empty members do not restrict.
type ListQuery struct {
	Names      []string
	Types      []string // Metric, Composite
	NamePrefix string
	State      alarmeval.State
	Metric     *metric.Key
	After      string // continue behind this name
	Limit      int    // 0: no limit
}

// Change is what happens to one alarm in one transaction.
type Change struct {
	Alarm   Alarm // as it is from now on; Revision as it was read
	Delete  bool
	History []HistoryItem
	Actions []Action
	// moved is the change of state, if that is what happens. What it does to
	// composite alarms is found out before it is committed.
	moved *Transition
}

// Action is one ARN that a transition has to run.
type Action struct {
	Sequence   int64  // order of arrival, given by the store
	ID         string // a UUID
	Target     string // the ARN
	Transition Transition
}

// Transition is a change of an alarm's state.
type Transition struct {
	Alarm Alarm // as it is afterwards
	Old   Status
	// Windows are the breaching windows behind a change to ALARM, oldest first
	// and joined where they touch; none when the state was set by hand.
	Windows []alarmeval.Window
	// Children are the alarms that moved a composite alarm.
	Children []Child `json:",omitempty"`
	// Released is when a suppressor let the actions go, zero if none held them.
	Released time.Time `json:",omitzero"`
}

// Child is an alarm in the rule of a composite one.
type Child struct {
	ARN     string
	State   alarmeval.State
	Updated time.Time // since when
}

// At is when the alarm changed.
func (t Transition) At() time.Time { return t.Alarm.Updated }

// due is when the actions were to run.
func (t Transition) due() time.Time {
	if !t.Released.IsZero() {
		return t.Released
	}
	return t.At()
}
