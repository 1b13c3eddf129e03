import type { FileId, UserId } from '@parley/kernel';
import type { AvatarHolder } from '../domain/avatar.js';
import type { Attachment, FileRecord, Refusal, Verified } from '../domain/file.js';

export type AddOutcome =
  | { is: 'added' }
  /** The owner used this key before: what was added then. */
  | { is: 'repeated'; file: FileRecord }
  | { is: 'over_quota' };

/**
 * Files and what is known about them. State changes are conditional, so of two at once exactly one happens; those that others
 * want to know (ready, removed) leave through the outbox in the same transaction.
 */
export abstract class FileStore {
  /** Adds a pending file and books its size on the owner. `idempotencyKey` empty: none. */
  abstract add(file: FileRecord, idempotencyKey: string, quotaBytes: number): Promise<AddOutcome>;
  /** Removed files count as absent. */
  abstract find(fileId: FileId): Promise<FileRecord | undefined>;
  /**
   * Notes the store's name for the parts of a pending file, where it is still `from`. False when it is not: another process was first.
   */
  abstract setUpload(fileId: FileId, from: string, to: string): Promise<boolean>;
  /** pending → ready. False when it was not pending. */
  abstract markReady(fileId: FileId, verified: Verified): Promise<boolean>;
  /** pending → refused; frees the space. False when it was not pending. */
  abstract markRefused(fileId: FileId, reason: Refusal): Promise<boolean>;
  /** Any state → removed; frees the space. Answers the file as it was last. Undefined when it was removed already. */
  abstract markRemoved(fileId: FileId): Promise<FileRecord | undefined>;
  /** pending or refused → removed; frees the space. False when it is neither: it may have been completed at the last moment. */
  abstract markAbandoned(fileId: FileId): Promise<boolean>;
  /** Drops a removed file for good, with its attachments, thumbnails and what it may be the avatar of. */
  abstract purge(fileId: FileId): Promise<void>;
  /** pending and refused files that were created before this time, oldest first. */
  abstract abandoned(createdBefore: number, limit: number): Promise<FileRecord[]>;
  /** Files that were removed and not purged yet. */
  abstract removed(limit: number): Promise<FileRecord[]>;
  /** Bytes booked on the owner. */
  abstract usage(ownerId: UserId): Promise<number>;
  /** A repeat moves the head forward, never back. */
  abstract attach(fileId: FileId, attachment: Attachment): Promise<void>;
  /** Notes that the file may be shown as this avatar. Idempotent. */
  abstract allowAvatar(fileId: FileId, holder: AvatarHolder): Promise<void>;
  /** Whose avatar it may be, at most `limit`. */
  abstract avatarHolders(fileId: FileId, limit: number): Promise<AvatarHolder[]>;
  /** Latest head first, at most `limit`. */
  abstract attachments(fileId: FileId, limit: number): Promise<Attachment[]>;
}
