-- Empty: not an image, or not looked at yet, or nothing that can be decoded.
ALTER TABLE files ADD COLUMN blurhash VARCHAR(64) NOT NULL DEFAULT '';

-- Written before the object is: whatever happens in between, the object is found when the file goes.
CREATE TABLE thumbnails (
  file_id VARCHAR(64) NOT NULL,
  -- Pixels of the longest edge, at most.
  size INTEGER NOT NULL,
  object_key VARCHAR(90) NOT NULL,
  -- making, ready, or failed: nothing can be made of this file.
  state VARCHAR(8) NOT NULL,
  PRIMARY KEY (file_id, size)
);

-- What the owner gave to be shown as the avatar of a user or a conversation. It is one as long as they name it.
CREATE TABLE avatars (
  file_id VARCHAR(64) NOT NULL,
  -- user or conversation.
  kind VARCHAR(12) NOT NULL,
  holder_id VARCHAR(64) NOT NULL,
  PRIMARY KEY (file_id, kind, holder_id)
);
