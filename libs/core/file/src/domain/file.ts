import type { ConversationId, FileId, UserId } from '@parley/kernel';

/**
 * pending: the ticket is out. ready: checked, may be used. refused: what came was not what was announced.
 * removed: gone for everybody; the row stays until its object is deleted.
 */
export type FileState = 'pending' | 'ready' | 'refused' | 'removed';

/** Why an upload was refused. Kept with the file, so that a repeat gets the same answer. */
export type Refusal = 'size_mismatch' | 'hash_mismatch' | 'type_mismatch' | 'image_too_large';

export interface FileRecord {
  fileId: FileId;
  ownerId: UserId;
  /** Safe to show and to save under. */
  name: string;
  /** Bytes. */
  size: number;
  /** As declared while pending; once ready, what the bytes are, or `application/octet-stream` where nobody vouches for them. */
  contentType: string;
  /** Lower-case hex. While pending what the owner announced, or empty; once ready empty only for one that came in parts and was not announced. */
  sha256: string;
  state: FileState;
  /** Where the bytes lie. Chosen by the server. */
  objectKey: string;
  /** Bytes of each part but the last. 0: the file goes up in one piece. */
  partSize: number;
  /** The store's name for the parts that belong together. Empty while there is none; it changes when the store lost the first ones. */
  uploadId: string;
  /** What it was uploaded for, or empty. */
  conversationId: ConversationId | '';
  createdAt: number;
  /** Pixels of an image, else 0; once it was decoded, turned the way it is shown. */
  width: number;
  height: number;
  /** Of an image that was decoded, else empty. */
  blurhash: string;
  refusal?: Refusal;
}

/** What checking the bytes found out. */
export interface Verified {
  contentType: string;
  /** Empty where nobody asked: see `CompleteUpload`. */
  sha256: string;
  width: number;
  height: number;
}

/** A message with the file went to the conversation when its log had this head. */
export interface Attachment {
  conversationId: ConversationId;
  headSeq: number;
}

export interface FileLimits {
  maxBytes: number;
  /** Bytes of all files that one user owns. */
  quotaBytes: number;
  /** Width times height of an image. */
  maxPixels: number;
  /** Images with more pixels, or more bytes, are kept but not decoded: they have no thumbnails. */
  decodedPixels: number;
  decodedBytes: number;
  /** Larger files go up in parts of at least this size. */
  partBytes: number;
  uploadTtlMs: number;
  downloadTtlMs: number;
  /** Uploads that were not completed after this time are collected. */
  abandonedAfterMs: number;
}

/** Spreads the objects over folders by the end of the id: its beginning is the time. */
export function objectKeyOf(fileId: FileId): string {
  return `${fileId.slice(-2)}/${fileId}`;
}
