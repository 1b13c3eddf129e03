-- When users were last online, in milliseconds since the epoch. Everything else about presence lives in memory and with its node.
CREATE TABLE last_seen (
  user_id VARCHAR(64) NOT NULL PRIMARY KEY,
  seen_at BIGINT NOT NULL
);
