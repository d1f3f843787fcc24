-- Subscriptions that were ended and whose endpoint may restore them: the token
-- is in the message that tells it. content is JSON of the whole subscription.
CREATE TABLE subscription_dismissed (
  subscription_arn TEXT   PRIMARY KEY,
  topic_arn        TEXT   NOT NULL REFERENCES topic (arn) ON DELETE CASCADE,
  content          TEXT   NOT NULL,
  token            TEXT   NOT NULL UNIQUE,
  expires_ms       BIGINT NOT NULL
);
