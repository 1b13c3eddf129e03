CREATE TABLE files (
  file_id VARCHAR(64) NOT NULL PRIMARY KEY,
  owner_id VARCHAR(64) NOT NULL,
  name VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  content_type VARCHAR(170) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  state VARCHAR(8) NOT NULL,
  refusal VARCHAR(16) NOT NULL DEFAULT '',
  object_key VARCHAR(80) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL DEFAULT '',
  -- NULL for none: a unique index takes many of these.
  idempotency_key VARCHAR(64) NULL,
  created_at BIGINT NOT NULL,
  width INTEGER NOT NULL DEFAULT 0,
  height INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ux_files_key ON files (owner_id, idempotency_key);
CREATE INDEX ix_files_state ON files (state, created_at);

-- Bytes of all pending and ready files of an owner.
CREATE TABLE space_used (
  owner_id VARCHAR(64) NOT NULL PRIMARY KEY,
  bytes BIGINT NOT NULL
);

CREATE TABLE attachments (
  file_id VARCHAR(64) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL,
  head_seq BIGINT NOT NULL,
  PRIMARY KEY (file_id, conversation_id)
);

-- One row: what signed URLs are signed with.
CREATE TABLE signing_secrets (
  id INTEGER NOT NULL PRIMARY KEY,
  secret VARCHAR(128) NOT NULL
);
