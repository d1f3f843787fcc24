-- attributes and tags are JSON objects of strings.
CREATE TABLE topic (
  arn        TEXT   PRIMARY KEY,
  partition  TEXT   NOT NULL,
  account    TEXT   NOT NULL,
  region     TEXT   NOT NULL,
  attributes TEXT   NOT NULL,
  tags       TEXT   NOT NULL,
  deleted    BIGINT NOT NULL DEFAULT 0,  -- subscriptions deleted since the topic was made
  created_ms BIGINT NOT NULL
);
CREATE INDEX topic_scope ON topic (partition, account, region, arn);

CREATE TABLE subscription (
  arn           TEXT    PRIMARY KEY,
  topic_arn     TEXT    NOT NULL REFERENCES topic (arn) ON DELETE CASCADE,
  protocol      TEXT    NOT NULL,
  endpoint      TEXT    NOT NULL,
  owner         TEXT    NOT NULL,
  principal     TEXT    NOT NULL,
  pending       BOOLEAN NOT NULL,
  authenticated BOOLEAN NOT NULL,
  guarded       BOOLEAN NOT NULL,
  attributes    TEXT    NOT NULL,
  created_ms    BIGINT  NOT NULL,
  UNIQUE (topic_arn, protocol, endpoint)
);

CREATE TABLE subscription_token (
  token            TEXT   PRIMARY KEY,
  subscription_arn TEXT   NOT NULL REFERENCES subscription (arn) ON DELETE CASCADE,
  expires_ms       BIGINT NOT NULL
);
CREATE INDEX subscription_token_of ON subscription_token (subscription_arn);

-- Messages and deliveries outlive their topic until they are swept.
CREATE TABLE message (
  topic_arn    TEXT   NOT NULL,
  id           TEXT   NOT NULL,
  published_ms BIGINT NOT NULL,
  content      TEXT   NOT NULL,          -- JSON of the whole message
  PRIMARY KEY (topic_arn, id)
);
CREATE INDEX message_published ON message (published_ms);

-- One row per message and subscriber: that is what delivers once. A row that
-- is owed is free to be tried when due_ms and lease_ms have passed.
CREATE TABLE delivery (
  message_id       TEXT   NOT NULL,
  subscription_arn TEXT   NOT NULL,
  topic_arn        TEXT   NOT NULL,
  protocol         TEXT   NOT NULL,
  endpoint         TEXT   NOT NULL,
  state            TEXT   NOT NULL,      -- owed, delivered, failed
  attempts         BIGINT NOT NULL DEFAULT 0,
  error            TEXT   NOT NULL DEFAULT '',
  due_ms           BIGINT NOT NULL,
  lease_ms         BIGINT NOT NULL DEFAULT 0,
  updated_ms       BIGINT NOT NULL,
  PRIMARY KEY (message_id, subscription_arn)
);
CREATE INDEX delivery_owed ON delivery (protocol, due_ms) WHERE state = 'owed';
CREATE INDEX delivery_updated ON delivery (updated_ms);
