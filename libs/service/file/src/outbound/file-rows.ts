import type { Attachment, FileRecord, FileState, Refusal } from '@parley/core-file';
import type { ConversationId, FileId, UserId } from '@parley/kernel';

/** Columns as the drivers give them: 64-bit numbers may come as text. */
export type Row = Record<string, string | number | null>;

export const COLUMNS =
  'file_id, owner_id, name, size, content_type, sha256, state, refusal, object_key, part_size, upload_id, conversation_id, created_at, width, height, blurhash';

export function fileOf(row: Row): FileRecord {
  return {
    fileId: row['file_id'] as FileId,
    ownerId: row['owner_id'] as UserId,
    name: String(row['name']),
    size: Number(row['size']),
    contentType: String(row['content_type']),
    sha256: String(row['sha256']),
    state: row['state'] as FileState,
    objectKey: String(row['object_key']),
    partSize: Number(row['part_size']),
    uploadId: String(row['upload_id']),
    conversationId: row['conversation_id'] as ConversationId | '',
    createdAt: Number(row['created_at']),
    width: Number(row['width']),
    height: Number(row['height']),
    blurhash: String(row['blurhash']),
    ...(row['refusal'] === '' ? {} : { refusal: row['refusal'] as Refusal }),
  };
}

export function attachmentOf(row: Row): Attachment {
  return { conversationId: row['conversation_id'] as ConversationId, headSeq: Number(row['head_seq']) };
}
