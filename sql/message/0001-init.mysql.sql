-- The ordered log of every conversation, written by several processes at once. Rows lie by conversation and seq, so that a
-- conversation is read from few pages and the log can be cut by conversation. Seqs and numbers of conversations fit 31 bits.

-- Who writes: each process owns a slot, and numbers its commits by the slot's row, which every commit locks first. A vector of
-- (slot, commit_no) therefore names a state of the whole log.
CREATE TABLE writers (
  slot TINYINT NOT NULL PRIMARY KEY,
  owner VARCHAR(36) NOT NULL DEFAULT '',
  commit_no BIGINT NOT NULL DEFAULT 0,
  written_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO writers (slot) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15);

-- A new term begins whenever a writer connects, because the store may have been put back to a backup in between. `since` is the
-- vector that it began with: a position of an earlier term beyond it is of a history that was undone.
CREATE TABLE log_terms (
  no INTEGER NOT NULL PRIMARY KEY AUTO_INCREMENT,
  term CHAR(12) NOT NULL,
  since VARCHAR(400) NOT NULL
);
CREATE UNIQUE INDEX ux_log_terms_term ON log_terms (term);

-- writer_slot and commit_no: the last commit that touched the conversation, in its events or its members.
CREATE TABLE conversations (
  no INTEGER NOT NULL PRIMARY KEY AUTO_INCREMENT,
  conversation_id VARCHAR(64) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  epoch VARCHAR(36) NOT NULL,
  head_seq INTEGER NOT NULL DEFAULT 0,
  message_count INTEGER NOT NULL DEFAULT 0,
  last_message_seq INTEGER NOT NULL DEFAULT 0,
  last_activity_at BIGINT NOT NULL DEFAULT 0,
  member_count INTEGER NOT NULL DEFAULT 0,
  history_before_join TINYINT NOT NULL DEFAULT 1,
  disbanded TINYINT NOT NULL DEFAULT 0,
  writer_slot TINYINT NOT NULL DEFAULT -1,
  commit_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ux_conversations_id ON conversations (conversation_id);

CREATE TABLE members (
  conversation_no INTEGER NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  role VARCHAR(8) NOT NULL,
  joined_seq INTEGER NOT NULL,
  gone_seq INTEGER NOT NULL DEFAULT 0,
  muted_until BIGINT NOT NULL DEFAULT 0,
  blocked TINYINT NOT NULL DEFAULT 0,
  delivered_seq INTEGER NOT NULL DEFAULT 0,
  read_seq INTEGER NOT NULL DEFAULT 0,
  read_message_no INTEGER NOT NULL DEFAULT 0,
  sent_count INTEGER NOT NULL DEFAULT 0,
  counted_seq INTEGER NOT NULL DEFAULT 0,
  read_sent_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation_no, user_id)
);
CREATE INDEX ix_members_user ON members (user_id, conversation_no);

-- send_key: 128 bits of SHA-1 over sender, device and clientMsgId, for messages only. Two processes that are sent the same
-- message at once meet in this index, whatever the conversation.
CREATE TABLE events (
  conversation_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  type VARCHAR(32) NOT NULL,
  at BIGINT NOT NULL,
  actor_id VARCHAR(64) NOT NULL,
  message_no INTEGER NOT NULL,
  data MEDIUMTEXT NOT NULL,
  ref_seq INTEGER NOT NULL DEFAULT 0,
  message_type VARCHAR(16) NOT NULL DEFAULT '',
  client_msg_id VARCHAR(64) NOT NULL DEFAULT '',
  device_id VARCHAR(64) NOT NULL DEFAULT '',
  fingerprint BIGINT NOT NULL DEFAULT 0,
  mentions TEXT NOT NULL,
  edited_at BIGINT NOT NULL DEFAULT 0,
  recalled_at BIGINT NOT NULL DEFAULT 0,
  recalled_by VARCHAR(64) NOT NULL DEFAULT '',
  writer_slot TINYINT NOT NULL,
  commit_no BIGINT NOT NULL,
  send_key BINARY(16) NULL,
  PRIMARY KEY (conversation_no, seq)
);
CREATE UNIQUE INDEX ux_events_send_key ON events (send_key);

CREATE TABLE fact_keys (
  change_id VARCHAR(64) NOT NULL PRIMARY KEY,
  conversation_no INTEGER NOT NULL,
  seq INTEGER NOT NULL
);

CREATE TABLE mentions (
  user_id VARCHAR(64) NOT NULL,
  conversation_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_no, seq)
);

CREATE TABLE hidden_messages (
  user_id VARCHAR(64) NOT NULL,
  conversation_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_no, seq)
);

-- One row per commit that appended: [[conversation no, first seq, last seq, slot, commit_no], …]. The last two name the commit
-- before it in that conversation where another writer made it: its row has to be gone before this range is published.
CREATE TABLE outbox (
  writer_slot TINYINT NOT NULL,
  commit_no BIGINT NOT NULL,
  at BIGINT NOT NULL,
  ranges MEDIUMTEXT NOT NULL,
  PRIMARY KEY (writer_slot, commit_no)
);
