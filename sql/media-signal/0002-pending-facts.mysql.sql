-- Starts and ends of calls that are not yet known to be in the conversations' logs, in the order they were decided.
CREATE TABLE pending_facts (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  change_id VARCHAR(80) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL,
  actor_id VARCHAR(64) NOT NULL,
  type VARCHAR(20) NOT NULL,
  data TEXT NOT NULL
);
CREATE UNIQUE INDEX ux_pending_facts_change ON pending_facts (change_id);
