-- A series: a metric in its scope. dimensions is a JSON list of [name, value]
-- in canonical order; heard_ms is when data last arrived, to the minute.
CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  dimensions TEXT NOT NULL,
  heard_ms BIGINT NOT NULL,
  UNIQUE (scope, namespace, name, dimensions)
);

-- Statistic sets. resolution is the bucket's length in seconds: 1, 60, 300 or
-- 3600. The key's order serves both a range of one series and the roll-up.
CREATE TABLE metric_data (
  metric_id BIGINT NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
  resolution BIGINT NOT NULL,
  start_ms BIGINT NOT NULL,
  unit TEXT NOT NULL,
  samples DOUBLE PRECISION NOT NULL,
  total DOUBLE PRECISION NOT NULL,
  smallest DOUBLE PRECISION NOT NULL,
  largest DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (metric_id, resolution, start_ms, unit)
) WITHOUT ROWID;

-- The raw values of a statistic set, as far as they are known, for percentiles.
CREATE TABLE metric_value (
  metric_id BIGINT NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
  resolution BIGINT NOT NULL,
  start_ms BIGINT NOT NULL,
  unit TEXT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  samples DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (metric_id, resolution, start_ms, unit, value)
) WITHOUT ROWID;
