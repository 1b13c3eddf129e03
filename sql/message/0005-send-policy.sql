-- 1: only owner and admins send.
ALTER TABLE conversations ADD COLUMN admins_only TINYINT NOT NULL DEFAULT 0;
