-- Bytes of each part; 0 for what goes up in one piece.
ALTER TABLE files ADD COLUMN part_size BIGINT NOT NULL DEFAULT 0;
-- The object store's name for the parts that belong together.
ALTER TABLE files ADD COLUMN upload_id VARCHAR(512) NOT NULL DEFAULT '';
