CREATE TABLE metric_filter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id BIGINT NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  pattern TEXT NOT NULL,
  metric_name TEXT NOT NULL,
  namespace TEXT NOT NULL,
  value TEXT NOT NULL,
  default_value DOUBLE PRECISION,
  unit TEXT NOT NULL,
  dimensions TEXT NOT NULL,        -- JSON list of {Name, Value}
  system_dimensions TEXT NOT NULL, -- JSON list of names
  created_ms BIGINT NOT NULL,
  UNIQUE (group_id, name)
);
CREATE INDEX metric_filter_metric ON metric_filter (namespace, metric_name);

-- A matching event is one row per filter for as long as matches are kept: that
-- is what counts an event once, and what "which call rang?" reads. Rows outlive
-- their filter; sweeping by ingested_ms ends them.
CREATE TABLE filter_match (
  filter_id BIGINT NOT NULL,
  event_id TEXT NOT NULL,     -- CloudTrail eventID, or the log event's ID
  chunk_id BIGINT NOT NULL,   -- where the raw record is
  event_index BIGINT NOT NULL,
  ref_offset BIGINT NOT NULL, -- of the record's bytes in an uncompressed CloudTrail file
  ref_length BIGINT NOT NULL,
  series TEXT NOT NULL,       -- scope and metric that it was counted in, '' when nothing was published
  at_ms BIGINT NOT NULL,      -- timestamp of the log event
  ingested_ms BIGINT NOT NULL,
  PRIMARY KEY (filter_id, event_id)
);
CREATE INDEX filter_match_series ON filter_match (series, at_ms);
CREATE INDEX filter_match_ingested ON filter_match (ingested_ms);

-- The checkpoint of delivered objects: an object is taken in once.
CREATE TABLE source_object (
  source TEXT NOT NULL,
  object_id TEXT NOT NULL,
  version TEXT NOT NULL,
  records BIGINT NOT NULL,
  committed_ms BIGINT NOT NULL,
  PRIMARY KEY (source, object_id, version)
);
