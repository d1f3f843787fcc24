-- Alarms with their present state, what has happened to them, and the actions
-- that are still owed. A transition is one transaction over all three.

CREATE TABLE alarm (
  scope           TEXT   NOT NULL,
  name            TEXT   NOT NULL,
  namespace       TEXT   NOT NULL,             -- these three are the watched metric,
  metric_name     TEXT   NOT NULL,             -- for those who look for its alarms
  dimensions      TEXT   NOT NULL,
  state           TEXT   NOT NULL,
  alarm           TEXT   NOT NULL,             -- all of it, JSON
  revision        BIGINT NOT NULL,             -- goes up with every write
  PRIMARY KEY (scope, name)
);

CREATE INDEX alarm_metric ON alarm (scope, namespace, metric_name, dimensions);

CREATE TABLE alarm_history (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  scope      TEXT    NOT NULL,
  alarm_name TEXT    NOT NULL,                 -- of an alarm that may be gone
  alarm_type TEXT    NOT NULL,
  at_ms      BIGINT  NOT NULL,
  type       TEXT    NOT NULL,
  summary    TEXT    NOT NULL,
  data       TEXT    NOT NULL
);

CREATE INDEX alarm_history_name ON alarm_history (scope, alarm_name, at_ms, id);
CREATE INDEX alarm_history_scope ON alarm_history (scope, at_ms, id);
CREATE INDEX alarm_history_time ON alarm_history (at_ms);

CREATE TABLE alarm_action (
  sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT    NOT NULL UNIQUE,          -- a UUID, the notification's too
  scope      TEXT    NOT NULL,
  target     TEXT    NOT NULL,
  transition TEXT    NOT NULL                  -- JSON
);

-- One row at most: up to when all evaluations were made.
CREATE TABLE alarm_clock (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  evaluated_ms BIGINT  NOT NULL
);
