-- Contacts, blocks, conversations, members. On MySQL the schema's collation is utf8mb4_bin: ids and codes differ by case.

CREATE TABLE conversations (
  conversation_id VARCHAR(64) NOT NULL PRIMARY KEY,
  kind VARCHAR(10) NOT NULL,
  title VARCHAR(400) NOT NULL,
  description TEXT NOT NULL,
  avatar_file_id VARCHAR(64) NOT NULL,
  owner_id VARCHAR(64) NOT NULL,
  announcement_text TEXT,
  announcement_author_id VARCHAR(64),
  announcement_at BIGINT,
  join_policy VARCHAR(12) NOT NULL,
  history_before_join TINYINT NOT NULL,
  created_at BIGINT NOT NULL,
  disbanded TINYINT NOT NULL,
  member_count INTEGER NOT NULL,
  -- The users of a direct conversation in order; twice the same for notes to oneself; NULL for groups and rooms.
  low_id VARCHAR(64),
  high_id VARCHAR(64),
  -- Counted up first in every change: that row lock puts the changes of one conversation in a line.
  version BIGINT NOT NULL,
  -- The number of the latest fact.
  fact_no BIGINT NOT NULL
);
CREATE UNIQUE INDEX ux_conversations_pair ON conversations (low_id, high_id);
CREATE INDEX ix_conversations_rooms ON conversations (kind, join_policy, disbanded, conversation_id);

CREATE TABLE members (
  conversation_id VARCHAR(64) NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  -- 0 owner, 1 admin, 2 member.
  role_rank TINYINT NOT NULL,
  nickname VARCHAR(200) NOT NULL,
  joined_at BIGINT NOT NULL,
  muted_until BIGINT NOT NULL,
  muted TINYINT NOT NULL,
  pinned TINYINT NOT NULL,
  archived TINYINT NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX ix_members_user ON members (user_id, conversation_id);
CREATE INDEX ix_members_order ON members (conversation_id, role_rank, joined_at, user_id);

-- Who left while muted is muted again on coming back.
CREATE TABLE kept_mutes (
  conversation_id VARCHAR(64) NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  muted_until BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);

CREATE TABLE invitations (
  code VARCHAR(64) NOT NULL PRIMARY KEY,
  conversation_id VARCHAR(64) NOT NULL,
  created_by VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  max_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL
);
CREATE INDEX ix_invitations_conversation ON invitations (conversation_id, created_at);

-- Idempotency of create.
CREATE TABLE creations (
  creator_id VARCHAR(64) NOT NULL,
  creation_key VARCHAR(64) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL,
  refused_ids MEDIUMTEXT NOT NULL,
  fingerprint VARCHAR(64) NOT NULL,
  PRIMARY KEY (creator_id, creation_key)
);

-- One row per two users who have something to do with each other: the lock of all that is between them.
CREATE TABLE pairs (
  low_id VARCHAR(64) NOT NULL,
  high_id VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (low_id, high_id)
);

CREATE TABLE contacts (
  user_id VARCHAR(64) NOT NULL,
  peer_id VARCHAR(64) NOT NULL,
  remark VARCHAR(400) NOT NULL,
  tags TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, peer_id)
);

CREATE TABLE contact_requests (
  request_id VARCHAR(64) NOT NULL PRIMARY KEY,
  from_id VARCHAR(64) NOT NULL,
  to_id VARCHAR(64) NOT NULL,
  greeting TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE INDEX ix_contact_requests_pair ON contact_requests (from_id, to_id, created_at);
CREATE INDEX ix_contact_requests_from ON contact_requests (from_id, request_id);
CREATE INDEX ix_contact_requests_to ON contact_requests (to_id, request_id);

CREATE TABLE blocks (
  user_id VARCHAR(64) NOT NULL,
  blocked_id VARCHAR(64) NOT NULL,
  PRIMARY KEY (user_id, blocked_id)
);
CREATE INDEX ix_blocks_blocked ON blocks (blocked_id, user_id);

-- Decided, not yet known to be in the message service's log. Numbers of one conversation grow in the order of the decisions.
CREATE TABLE pending_facts (
  conversation_id VARCHAR(64) NOT NULL,
  fact_no BIGINT NOT NULL,
  fact MEDIUMTEXT NOT NULL,
  PRIMARY KEY (conversation_id, fact_no)
);
