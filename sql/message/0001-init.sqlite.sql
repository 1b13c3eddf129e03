-- The ordered log of every conversation. Integer numbers stand for conversation ids, because every index entry carries one.
CREATE TABLE conversations (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id VARCHAR(64) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  epoch VARCHAR(36) NOT NULL,
  head_seq BIGINT NOT NULL DEFAULT 0,
  message_count BIGINT NOT NULL DEFAULT 0,
  last_message_seq BIGINT NOT NULL DEFAULT 0,
  last_activity_at BIGINT NOT NULL DEFAULT 0,
  member_count INTEGER NOT NULL DEFAULT 0,
  history_before_join TINYINT NOT NULL DEFAULT 1,
  disbanded TINYINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ux_conversations_id ON conversations (conversation_id);

CREATE TABLE members (
  conversation_no INTEGER NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  role VARCHAR(8) NOT NULL,
  joined_seq BIGINT NOT NULL,
  gone_seq BIGINT NOT NULL DEFAULT 0,
  muted_until BIGINT NOT NULL DEFAULT 0,
  blocked TINYINT NOT NULL DEFAULT 0,
  delivered_seq BIGINT NOT NULL DEFAULT 0,
  read_seq BIGINT NOT NULL DEFAULT 0,
  read_message_no BIGINT NOT NULL DEFAULT 0,
  sent_count BIGINT NOT NULL DEFAULT 0,
  counted_seq BIGINT NOT NULL DEFAULT 0,
  read_sent_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation_no, user_id)
) WITHOUT ROWID;
CREATE INDEX ix_members_user ON members (user_id, conversation_no);

-- Rows lie in the order of their commits (id), so that a batch fills few pages; the log of a conversation is the index.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  conversation_no INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  type VARCHAR(32) NOT NULL,
  at BIGINT NOT NULL,
  actor_id VARCHAR(64) NOT NULL,
  message_no BIGINT NOT NULL,
  data TEXT NOT NULL,
  ref_seq BIGINT NOT NULL DEFAULT 0,
  message_type VARCHAR(16) NOT NULL DEFAULT '',
  client_msg_id VARCHAR(64) NOT NULL DEFAULT '',
  device_id VARCHAR(64) NOT NULL DEFAULT '',
  fingerprint BIGINT NOT NULL DEFAULT 0,
  mentions TEXT NOT NULL DEFAULT '',
  edited_at BIGINT NOT NULL DEFAULT 0,
  recalled_at BIGINT NOT NULL DEFAULT 0,
  recalled_by VARCHAR(64) NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX ux_events_seq ON events (conversation_no, seq);

-- Idempotency of sends. key_hash: 52 bits of SHA-1 over sender, device and clientMsgId; on a collision the next free number is taken.
CREATE TABLE send_keys (
  key_hash INTEGER PRIMARY KEY,
  conversation_no INTEGER NOT NULL,
  seq BIGINT NOT NULL
);

CREATE TABLE fact_keys (
  change_id VARCHAR(64) NOT NULL PRIMARY KEY,
  conversation_no INTEGER NOT NULL,
  seq BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE mentions (
  user_id VARCHAR(64) NOT NULL,
  conversation_no INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (user_id, conversation_no, seq)
) WITHOUT ROWID;

CREATE TABLE hidden_messages (
  user_id VARCHAR(64) NOT NULL,
  conversation_no INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (user_id, conversation_no, seq)
) WITHOUT ROWID;

-- Heads and counters of conversations and members, and send_keys, may be behind the events while the writer is busy.
-- They hold all events up to this id; the writer counts the rest again when it opens the file.
CREATE TABLE counted (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  event_id BIGINT NOT NULL
);
INSERT INTO counted (only_row, event_id) VALUES (1, 0);

-- One row per commit: [[conversation no, first seq, last seq], …]. The rows themselves are the events.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ranges TEXT NOT NULL
);
