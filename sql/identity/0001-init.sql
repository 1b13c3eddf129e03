-- Text is compared byte by byte: the database's default collation is a binary one (utf8mb4_bin on MySQL and MariaDB; SQLite's own).
-- Times are milliseconds since the epoch.

CREATE TABLE accounts (
  user_id VARCHAR(64) NOT NULL PRIMARY KEY,
  kind VARCHAR(10) NOT NULL,
  username VARCHAR(64) NOT NULL,
  -- NULL for guests and deleted accounts, so that the unique key leaves them alone.
  username_folded VARCHAR(64) NULL,
  display_name VARCHAR(300) NOT NULL,
  avatar_file_id VARCHAR(64) NOT NULL,
  password_hash VARCHAR(200) NULL,
  must_change_password TINYINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT NULL
);
CREATE UNIQUE INDEX accounts_username ON accounts (username_folded);
CREATE INDEX accounts_created ON accounts (created_at, user_id);

-- Folded username, display name and its words; a search is a range over `word`.
CREATE TABLE account_words (
  word VARCHAR(64) NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  PRIMARY KEY (word, user_id)
);
CREATE INDEX account_words_user ON account_words (user_id);

CREATE TABLE sessions (
  session_id VARCHAR(64) NOT NULL PRIMARY KEY,
  user_id VARCHAR(64) NOT NULL,
  device_id VARCHAR(64) NOT NULL,
  device_name VARCHAR(300) NOT NULL,
  platform VARCHAR(300) NOT NULL,
  address VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_generation INTEGER NOT NULL,
  refresh_key VARCHAR(64) NOT NULL,
  revoked_at BIGINT NULL,
  revoked_code VARCHAR(64) NULL
);
CREATE INDEX sessions_user ON sessions (user_id, expires_at);
CREATE INDEX sessions_revoked ON sessions (revoked_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- SHA-256 of the refresh tokens that may still be used.
CREATE TABLE refresh_tokens (
  token_hash CHAR(43) NOT NULL PRIMARY KEY,
  session_id VARCHAR(64) NOT NULL,
  generation INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, generation);

CREATE TABLE signing_keys (
  kid VARCHAR(64) NOT NULL PRIMARY KEY,
  private_jwk TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- `p`: subject, path, method, effect. `g`: subject, role.
CREATE TABLE policy_rules (
  -- SHA-256 of the whole rule: no rule twice.
  rule_id CHAR(43) NOT NULL PRIMARY KEY,
  ptype VARCHAR(4) NOT NULL,
  v0 VARCHAR(200) NOT NULL,
  v1 VARCHAR(200) NOT NULL,
  v2 VARCHAR(200) NOT NULL,
  v3 VARCHAR(10) NOT NULL,
  position INTEGER NOT NULL
);
CREATE INDEX policy_rules_subject ON policy_rules (ptype, v0);

-- One row. Grows with every change of what gateways enforce.
CREATE TABLE policy_state (
  id INTEGER NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);
INSERT INTO policy_state (id, version) VALUES (1, 0);

CREATE TABLE bans (
  kind VARCHAR(10) NOT NULL,
  value VARCHAR(64) NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  -- 0: for good.
  until_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(64) NOT NULL,
  PRIMARY KEY (kind, value)
);
CREATE INDEX bans_created ON bans (created_at, kind, value);

CREATE TABLE audit (
  audit_id VARCHAR(64) NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor_id VARCHAR(64) NOT NULL,
  action VARCHAR(64) NOT NULL,
  subject VARCHAR(64) NOT NULL,
  details_json TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, audit_id);
