-- Access keys. Secrets are encrypted with the key file of the data folder.

CREATE TABLE access_key (
  id         TEXT   PRIMARY KEY,
  account    TEXT   NOT NULL,
  principal  TEXT   NOT NULL,   -- whom it stands for within the account: 'root'
  sealed     BLOB   NOT NULL,   -- nonce and AES-GCM of the secret
  created_ms BIGINT NOT NULL
);

CREATE UNIQUE INDEX access_key_root ON access_key (account) WHERE principal = 'root';
