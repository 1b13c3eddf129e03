-- A change of a hundred long rules is more than TEXT holds here; on SQLite it holds anything.
ALTER TABLE audit MODIFY details_json MEDIUMTEXT NOT NULL;
