-- Log groups, streams and the index of their chunks. Event bodies are not rows:
-- they lie in blobs of our own ('stored') or in CloudTrail files ('file').
-- AUTOINCREMENT, because event ids are built from chunk ids: none is given twice.

CREATE TABLE log_group (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  partition      TEXT    NOT NULL,
  account        TEXT    NOT NULL,
  region         TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  class          TEXT    NOT NULL,
  kms_key_id     TEXT    NOT NULL,             -- remembered, not used
  created_ms     BIGINT  NOT NULL,
  retention_days INTEGER NOT NULL DEFAULT 0,   -- 0: never expire
  stored_bytes   BIGINT  NOT NULL DEFAULT 0,   -- of its chunks, uncompressed
  span_ms        BIGINT  NOT NULL DEFAULT 0,   -- longest last_ms - first_ms of its chunks ever: bounds range scans
  UNIQUE (partition, account, region, name)
);

CREATE TABLE log_group_tag (
  group_id BIGINT NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
  key      TEXT   NOT NULL,
  value    TEXT   NOT NULL,
  PRIMARY KEY (group_id, key)
);

CREATE TABLE log_stream (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id         BIGINT  NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
  name             TEXT    NOT NULL,
  created_ms       BIGINT  NOT NULL,
  first_event_ms   BIGINT,                     -- these three are NULL until the first event
  last_event_ms    BIGINT,
  last_ingested_ms BIGINT,
  stored_bytes     BIGINT  NOT NULL DEFAULT 0,
  UNIQUE (group_id, name)
);

CREATE TABLE log_chunk (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id    BIGINT  NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
  stream_id   BIGINT  NOT NULL REFERENCES log_stream (id) ON DELETE CASCADE,
  place       TEXT    NOT NULL,
  blob_key    TEXT    NOT NULL,
  first_ms    BIGINT  NOT NULL,
  last_ms     BIGINT  NOT NULL,
  ingested_ms BIGINT  NOT NULL,
  count       BIGINT  NOT NULL,
  bytes       BIGINT  NOT NULL,                -- of messages, uncompressed
  begin_index BIGINT  NOT NULL,                -- indexes of its events: a large file is several chunks
  end_index   BIGINT  NOT NULL
);

CREATE INDEX log_chunk_group ON log_chunk (group_id, first_ms, id);
CREATE INDEX log_chunk_stream ON log_chunk (stream_id, first_ms, id);
CREATE UNIQUE INDEX log_chunk_stored ON log_chunk (blob_key) WHERE place = 'stored';

-- Blobs whose chunk was deleted; the blob goes after the commit, then the row.
CREATE TABLE log_garbage (
  blob_key TEXT PRIMARY KEY
);
