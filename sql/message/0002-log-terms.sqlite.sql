-- A new term begins whenever the writer opens the file, because the file may have been put back to a backup in between. `since` is
-- the last event that it began with: a position of an earlier term beyond it is of a history that was undone.
CREATE TABLE log_terms (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  term CHAR(12) NOT NULL,
  since BIGINT NOT NULL
);
CREATE UNIQUE INDEX ux_log_terms_term ON log_terms (term);
