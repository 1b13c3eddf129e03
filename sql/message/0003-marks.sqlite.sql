-- What people put on messages. The message's own row holds its state (reactions: what it shows of them, as JSON), so that a page of
-- history is read as before; changed_seq 0 means that nothing has changed the message.
ALTER TABLE events ADD COLUMN changed_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN pinned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN pinned_by VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN reactions TEXT;

UPDATE events SET changed_seq = c.changed FROM (
  SELECT conversation_no, ref_seq, MAX(seq) AS changed FROM events WHERE message_type = '' AND ref_seq > 0 GROUP BY conversation_no, ref_seq
) c WHERE c.conversation_no = events.conversation_no AND c.ref_seq = events.seq;

-- Who reacted how: what makes a repeat a repeat.
CREATE TABLE reactions (
  conversation_no INTEGER NOT NULL,
  message_seq BIGINT NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  emoji VARCHAR(64) NOT NULL,
  PRIMARY KEY (conversation_no, message_seq, user_id, emoji)
) WITHOUT ROWID;

CREATE TABLE pins (
  conversation_no INTEGER NOT NULL,
  message_seq BIGINT NOT NULL,
  pinned_seq BIGINT NOT NULL,
  PRIMARY KEY (conversation_no, message_seq)
) WITHOUT ROWID;

-- user_id '*' is every member but the sender.
ALTER TABLE mentions ADD COLUMN sender_id VARCHAR(64) NOT NULL DEFAULT '';

-- The conversation's head when the message was hidden, and the time: devices that were away are told by them.
ALTER TABLE hidden_messages ADD COLUMN hidden_at_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hidden_messages ADD COLUMN hidden_at BIGINT NOT NULL DEFAULT 0;
