package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/arn"
)

// Alarms keeps alarms, their history and the actions that they owe.
type Alarms struct{ db *DB }

var _ alarm.Store = (*Alarms)(nil)

// Alarms is the store of the alarm station.
func (db *DB) Alarms() *Alarms { return &Alarms{db} }

// All returns every alarm of every scope.
func (s *Alarms) All(ctx context.Context) ([]alarm.Alarm, error) {
	return s.alarms(ctx, `SELECT alarm, revision FROM alarm ORDER BY scope, name`)
}

// List returns alarms of a scope in order of name.
func (s *Alarms) List(ctx context.Context, scope arn.Scope, q alarm.ListQuery) ([]alarm.Alarm, error) {
	where := newConditions(`scope = ?`, scope.String())
	if len(q.Names) > 0 {
		addIn(where, `name`, q.Names)
	}
	where.prefix(`name`, q.NamePrefix)
	// Composite alarms, and no others, watch nothing.
	if len(q.Types) > 0 && !slices.Contains(q.Types, alarm.Composite) {
		where.add(`namespace <> ?`, "")
	}
	if len(q.Types) > 0 && !slices.Contains(q.Types, alarm.Metric) {
		where.add(`namespace = ?`, "")
	}
	if q.State != "" {
		where.add(`state = ?`, string(q.State))
	}
	if q.Metric != nil {
		dimensions, err := encodeDimensions(q.Metric.Dimensions)
		if err != nil {
			return nil, err
		}
		where.add(`namespace = ? AND metric_name = ? AND dimensions = ?`, q.Metric.Namespace, q.Metric.Name, dimensions)
	}
	if q.After != "" {
		where.add(`name > ?`, q.After)
	}
	text := `SELECT alarm, revision FROM alarm WHERE ` + where.text + ` ORDER BY name`
	if q.Limit > 0 {
		text += where.limit(q.Limit)
	}
	return s.alarms(ctx, text, where.args...)
}

func (s *Alarms) alarms(ctx context.Context, query string, args ...any) ([]alarm.Alarm, error) {
	rows, err := s.db.read.QueryContext(ctx, query, args...)
	alarms, err := collect(rows, err, scanAlarm)
	if err != nil {
		return nil, fmt.Errorf("alarms: %w", err)
	}
	return alarms, nil
}

func scanAlarm(rows *sql.Rows) (a alarm.Alarm, err error) {
	var text string
	var revision int64
	if err := rows.Scan(&text, &revision); err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, fmt.Errorf("stored alarm: %w", err)
	}
	a.Revision = revision
	return a, nil
}

// Commit makes all changes or none. It fails with alarm.ErrStale if an alarm is
// no longer at its revision.
func (s *Alarms) Commit(ctx context.Context, changes []alarm.Change) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		for _, c := range changes {
			if err := commitChange(ctx, tx, c); err != nil {
				return fmt.Errorf("alarm %s: %w", c.Alarm.Name, err)
			}
		}
		return nil
	})
}

func commitChange(ctx context.Context, tx *sql.Tx, c alarm.Change) error {
	write := writeAlarm
	if c.Delete {
		write = deleteAlarm
	}
	if err := write(ctx, tx, c.Alarm); err != nil {
		return err
	}
	for _, item := range c.History {
		if err := insertHistory(ctx, tx, c.Alarm.Scope, item); err != nil {
			return err
		}
	}
	for _, a := range c.Actions {
		transition, err := json.Marshal(a.Transition)
		if err != nil {
			return fmt.Errorf("transition: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO alarm_action (id, scope, target, transition) VALUES ($1, $2, $3, $4)`,
			a.ID, c.Alarm.Scope.String(), a.Target, string(transition)); err != nil {
			return fmt.Errorf("action %s: %w", a.Target, err)
		}
	}
	return nil
}

// writeAlarm inserts an alarm of revision 0 and updates others.
func writeAlarm(ctx context.Context, tx *sql.Tx, a alarm.Alarm) error {
	dimensions, err := encodeDimensions(a.Metric.Dimensions)
	if err != nil {
		return err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	args := []any{a.Scope.String(), a.Name, a.Metric.Namespace, a.Metric.Name, dimensions, string(a.State), string(text), a.Revision}
	if a.Revision == 0 {
		return one(tx.ExecContext(ctx, `INSERT INTO alarm (scope, name, namespace, metric_name, dimensions, state, alarm, revision)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1) ON CONFLICT DO NOTHING`, args...))
	}
	return one(tx.ExecContext(ctx, `UPDATE alarm SET namespace = $3, metric_name = $4, dimensions = $5, state = $6, alarm = $7, revision = $8 + 1
		WHERE scope = $1 AND name = $2 AND revision = $8`, args...))
}

func deleteAlarm(ctx context.Context, tx *sql.Tx, a alarm.Alarm) error {
	return one(tx.ExecContext(ctx, `DELETE FROM alarm WHERE scope = $1 AND name = $2 AND revision = $3`, a.Scope.String(), a.Name, a.Revision))
}

// one is alarm.ErrStale unless a row was written.
func one(result sql.Result, err error) error { return oneOr(alarm.ErrStale, result, err) }

// Evaluated is the time that SetEvaluated was told last, zero if never.
func (s *Alarms) Evaluated(ctx context.Context) (time.Time, error) {
	var ms int64
	err := s.db.read.QueryRowContext(ctx, `SELECT evaluated_ms FROM alarm_clock WHERE id = 1`).Scan(&ms)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("clock of alarms: %w", err)
	}
	return fromMillis(ms), nil
}

// SetEvaluated notes up to when all evaluations were made.
func (s *Alarms) SetEvaluated(ctx context.Context, at time.Time) error {
	_, err := s.db.write.ExecContext(ctx, `INSERT INTO alarm_clock (id, evaluated_ms) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET evaluated_ms = excluded.evaluated_ms`, millis(at))
	if err != nil {
		return fmt.Errorf("set clock of alarms: %w", err)
	}
	return nil
}

// Pending returns the oldest actions behind the given sequence number.
func (s *Alarms) Pending(ctx context.Context, after int64, limit int) ([]alarm.Action, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT sequence, id, target, transition FROM alarm_action
		WHERE sequence > $1 ORDER BY sequence LIMIT $2`, after, limit)
	actions, err := collect(rows, err, scanAction)
	if err != nil {
		return nil, fmt.Errorf("pending actions: %w", err)
	}
	return actions, nil
}

func scanAction(rows *sql.Rows) (a alarm.Action, err error) {
	var transition string
	if err := rows.Scan(&a.Sequence, &a.ID, &a.Target, &transition); err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(transition), &a.Transition); err != nil {
		return a, fmt.Errorf("stored transition of action %s: %w", a.ID, err)
	}
	return a, nil
}

// Finish removes a pending action and writes down how it went.
func (s *Alarms) Finish(ctx context.Context, action alarm.Action, item alarm.HistoryItem) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM alarm_action WHERE id = $1`, action.ID)
		if err != nil {
			return fmt.Errorf("finish action %s: %w", action.ID, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return insertHistory(ctx, tx, action.Transition.Alarm.Scope, item)
	})
}

func insertHistory(ctx context.Context, tx *sql.Tx, scope arn.Scope, i alarm.HistoryItem) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alarm_history (scope, alarm_name, alarm_type, at_ms, type, summary, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, scope.String(), i.AlarmName, i.AlarmType, millis(i.Timestamp), string(i.Type), i.Summary, i.Data)
	if err != nil {
		return fmt.Errorf("history of %s: %w", i.AlarmName, err)
	}
	return nil
}

// History returns items of a scope, newest first unless asked otherwise.
func (s *Alarms) History(ctx context.Context, scope arn.Scope, q alarm.HistoryQuery) ([]alarm.HistoryItem, error) {
	beyond, order := `<`, `DESC`
	if q.OldFirst {
		beyond, order = `>`, `ASC`
	}
	where := historyConditions(scope, q)
	if q.After != nil {
		where.add(`(at_ms, id) `+beyond+` (?, ?)`, millis(q.After.Timestamp), q.After.ID)
	}
	text := `SELECT id, alarm_name, alarm_type, at_ms, type, summary, data FROM alarm_history WHERE ` + where.text +
		` ORDER BY at_ms ` + order + `, id ` + order
	if q.Limit > 0 {
		text += where.limit(q.Limit)
	}
	rows, err := s.db.read.QueryContext(ctx, text, where.args...)
	items, err := collect(rows, err, scanHistory)
	if err != nil {
		return nil, fmt.Errorf("alarm history: %w", err)
	}
	return items, nil
}

func historyConditions(scope arn.Scope, q alarm.HistoryQuery) *conditions {
	where := newConditions(`scope = ?`, scope.String())
	if q.AlarmName != "" {
		where.add(`alarm_name = ?`, q.AlarmName)
	}
	if len(q.AlarmTypes) > 0 {
		addIn(where, `alarm_type`, q.AlarmTypes)
	}
	if q.Type != "" {
		where.add(`type = ?`, string(q.Type))
	}
	if !q.Start.IsZero() {
		where.add(`at_ms >= ?`, millis(q.Start))
	}
	if !q.End.IsZero() {
		where.add(`at_ms <= ?`, millis(q.End))
	}
	return where
}

func scanHistory(rows *sql.Rows) (i alarm.HistoryItem, err error) {
	var at int64
	err = rows.Scan(&i.ID, &i.AlarmName, &i.AlarmType, &at, &i.Type, &i.Summary, &i.Data)
	i.Timestamp = fromMillis(at)
	return i, err
}

// Sweep forgets history before the given time, in steps that let other writers in.
func (s *Alarms) Sweep(ctx context.Context, before time.Time) error {
	for {
		result, err := s.db.write.ExecContext(ctx, `DELETE FROM alarm_history WHERE id IN
			(SELECT id FROM alarm_history WHERE at_ms < $1 LIMIT 5000)`, millis(before))
		if err != nil {
			return fmt.Errorf("sweep alarm history: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}
