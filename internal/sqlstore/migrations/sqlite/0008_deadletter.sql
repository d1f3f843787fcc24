-- Messages that were given up, of subscriptions with a RedrivePolicy. They
-- outlive their topic, subscription and message.
CREATE TABLE dead_letter (
  message_id       TEXT   NOT NULL,
  subscription_arn TEXT   NOT NULL,
  queue_arn        TEXT   NOT NULL,
  protocol         TEXT   NOT NULL,
  endpoint         TEXT   NOT NULL,
  attempts         BIGINT NOT NULL,
  error            TEXT   NOT NULL,
  failed_ms        BIGINT NOT NULL,
  content          TEXT   NOT NULL,      -- JSON of the whole message
  PRIMARY KEY (message_id, subscription_arn)
);
CREATE INDEX dead_letter_failed ON dead_letter (failed_ms);
