-- The search index again, smaller: instead of a row per term and message, the newest messages of a conversation beside its progress,
-- and blocks of older ones. It is made from the events, and made again where it is missing: emptying both tables is always safe.
DROP TABLE search_postings;
DROP TABLE search_messages;
DROP TABLE search_progress;

-- How far each conversation is indexed: the last event, and its time, which tells a log that was put back to a backup.
-- tail: entries of the newest messages, which are no block yet.
CREATE TABLE search_progress (
  conversation_no INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL,
  tail MEDIUMBLOB NOT NULL
);

-- Entries of the messages from first_seq on, up to the next block. An entry is a list of 16-bit numbers: the low and the high half of
-- the message's seq, how many terms it has, and a hash of each.
CREATE TABLE search_blocks (
  conversation_no INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  entries MEDIUMBLOB NOT NULL,
  PRIMARY KEY (conversation_no, first_seq)
);
