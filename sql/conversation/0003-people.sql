-- Who was removed comes back by an invitation that owner or admins made afterwards, or is added by them; never by themself.
CREATE TABLE removed_members (
  conversation_id VARCHAR(64) NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  -- The conversation's version that removed them.
  version BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);

-- Lets in who was removed in an earlier version than this; 0: nobody who was removed.
ALTER TABLE invitations ADD COLUMN lifts_up_to BIGINT NOT NULL DEFAULT 0;

-- For the search of members. What was written before gets its width and compatibility forms folded with its next change.
ALTER TABLE members ADD COLUMN nickname_folded VARCHAR(200) NOT NULL DEFAULT '';
UPDATE members SET nickname_folded = LOWER(nickname) WHERE nickname <> '';
CREATE INDEX ix_members_nickname ON members (conversation_id, nickname_folded, user_id);

-- members: everybody sends. admins: owner and admins.
ALTER TABLE conversations ADD COLUMN send_policy VARCHAR(10) NOT NULL DEFAULT 'members';
