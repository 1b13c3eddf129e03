-- The search index: made from the events, and made again where it is missing. Nothing else rests on it, so emptying all three tables
-- is always safe.

-- How far each conversation is indexed: the last event, and its time, which tells a log that was put back to a backup.
CREATE TABLE search_progress (
  conversation_no INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL
);

-- Terms of one message, with a space between them: what has to be removed when it is edited or recalled.
CREATE TABLE search_messages (
  conversation_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  terms MEDIUMTEXT NOT NULL,
  PRIMARY KEY (conversation_no, seq)
);

CREATE TABLE search_postings (
  conversation_no INTEGER NOT NULL,
  term VARCHAR(40) NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (conversation_no, term, seq)
);
