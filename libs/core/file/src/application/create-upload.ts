import type { Clock, ConversationId, FileId, IdGenerator, UserId } from '@parley/kernel';
import { type FileLimits, type FileRecord, objectKeyOf } from '../domain/file.js';
import { safeFileName } from '../domain/file-name.js';
import { partSizeOf } from '../domain/parts.js';
import { normalType } from '../domain/content-type.js';
import { conversationNotFound, fileTooLarge, idempotencyConflict, quotaExceeded } from '../domain/file.errors.js';
import type { ConversationAccess } from '../ports/conversation-access.js';
import type { FileStore } from '../ports/file-store.js';
import type { SignedRequest } from '../ports/object-storage.js';
import type { PartsTicket, UploadTickets } from './upload-tickets.js';

export interface CreateUploadCommand {
  actorId: UserId;
  name: string;
  size: number;
  contentType: string;
  /** Lower-case hex, or empty. */
  sha256: string;
  /** What it is for, or empty. The actor has to be a member. */
  conversationId: ConversationId | '';
  /** A repeat with the same key answers the first file, with a new ticket for what is still missing of it. Empty: none. */
  idempotencyKey: string;
}

/** One of `ticket` and `parts`, by the size of the file. */
export interface Upload {
  file: FileRecord;
  ticket?: SignedRequest;
  parts?: PartsTicket;
}

/** Announces a file and answers where its bytes go. The space is booked now, so that many tickets cannot exceed the quota together. */
export class CreateUpload {
  constructor(
    private readonly files: FileStore,
    private readonly tickets: UploadTickets,
    private readonly conversations: ConversationAccess,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
    private readonly limits: FileLimits,
  ) {}

  async execute(command: CreateUploadCommand): Promise<Upload> {
    const { actorId, conversationId, size } = command;
    if (size > this.limits.maxBytes)
      throw fileTooLarge({ message: `A file may have at most ${this.limits.maxBytes} bytes.` });
    if (conversationId !== '' && (await this.conversations.head(conversationId, actorId)) === undefined)
      throw conversationNotFound();
    const fileId = this.ids.next() as FileId;
    const file: FileRecord = {
      fileId,
      ownerId: actorId,
      name: safeFileName(command.name),
      size,
      contentType: normalType(command.contentType),
      sha256: command.sha256,
      state: 'pending',
      objectKey: objectKeyOf(fileId),
      partSize: partSizeOf(size, this.limits.partBytes),
      uploadId: '',
      conversationId,
      createdAt: this.clock.now(),
      width: 0,
      height: 0,
      blurhash: '',
    };
    const outcome = await this.files.add(file, command.idempotencyKey, this.limits.quotaBytes);
    switch (outcome.is) {
      case 'over_quota':
        throw quotaExceeded({ message: `Your files may take ${this.limits.quotaBytes} bytes together.` });
      case 'repeated':
        if (!sameAnnouncement(outcome.file, file)) throw idempotencyConflict();
        return { file: outcome.file, ...(await this.tickets.of(outcome.file)) };
      case 'added':
        return { file, ...(await this.firstTicket(file)) };
    }
  }

  private async firstTicket(file: FileRecord) {
    try {
      return await this.tickets.of(file);
    } catch (error) {
      // Nobody heard of the file: without this, each try while the store is down would book its space until it counts as abandoned.
      await this.files.markAbandoned(file.fileId);
      throw error;
    }
  }
}

/** Type and hash may have changed since: checking fills in what the bytes really are. */
function sameAnnouncement(first: FileRecord, second: FileRecord): boolean {
  const same = first.name === second.name && first.size === second.size;
  return same && (first.state !== 'pending' || first.contentType === second.contentType);
}
