CREATE TABLE calls (
  call_id VARCHAR(64) NOT NULL PRIMARY KEY,
  conversation_id VARCHAR(64) NOT NULL,
  caller_id VARCHAR(64) NOT NULL,
  -- NULL for none: a unique index takes many of these.
  idempotency_key VARCHAR(64) NULL,
  media VARCHAR(20) NOT NULL,
  state VARCHAR(10) NOT NULL,
  outcome VARCHAR(10) NOT NULL DEFAULT '',
  reason VARCHAR(400) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  -- 0 once ended.
  deadline_at BIGINT NOT NULL,
  version INTEGER NOT NULL
);
CREATE UNIQUE INDEX ux_calls_key ON calls (caller_id, idempotency_key);
CREATE INDEX ix_calls_deadline ON calls (deadline_at);

CREATE TABLE participants (
  call_id VARCHAR(64) NOT NULL,
  -- Place in the call's list; the caller is the first.
  place INTEGER NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  role VARCHAR(6) NOT NULL,
  state VARCHAR(8) NOT NULL,
  device_id VARCHAR(64) NOT NULL,
  session_id VARCHAR(64) NOT NULL,
  joined_at BIGINT NOT NULL,
  left_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  PRIMARY KEY (call_id, user_id)
);
CREATE INDEX ix_participants_user ON participants (user_id, call_id);

-- The live call of each user. The primary key is what keeps a user out of a second one.
CREATE TABLE engagements (
  user_id VARCHAR(64) NOT NULL PRIMARY KEY,
  call_id VARCHAR(64) NOT NULL
);
CREATE INDEX ix_engagements_call ON engagements (call_id);
