-- Which default rules an installation has had; those that are newer are added once. What is there already has those of the first release.
ALTER TABLE policy_state ADD COLUMN defaults_version INTEGER NOT NULL DEFAULT 1;
