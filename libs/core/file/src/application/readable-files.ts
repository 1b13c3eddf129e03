import type { FileId, UserId } from '@parley/kernel';
import type { FileRecord } from '../domain/file.js';
import { fileNotFound } from '../domain/file.errors.js';
import type { ConversationAccess } from '../ports/conversation-access.js';
import type { FileStore } from '../ports/file-store.js';

/** A file that was forwarded more often than this is looked for in the latest places only. */
const PLACES = 200;
const AT_ONCE = 10;

/**
 * Who may read a file: its owner, and whoever sees a place that it was sent to. Asked each time, so that a removal from a
 * conversation holds at once. Absent and forbidden answer alike.
 */
export class ReadableFiles {
  constructor(
    private readonly files: FileStore,
    private readonly conversations: ConversationAccess,
  ) {}

  async get(actorId: UserId, fileId: FileId): Promise<FileRecord> {
    const file = await this.files.find(fileId);
    if (file === undefined) throw fileNotFound();
    if (file.ownerId === actorId) return file;
    if (file.state !== 'ready' || !(await this.isSeen(actorId, fileId))) throw fileNotFound();
    return file;
  }

  private async isSeen(actorId: UserId, fileId: FileId): Promise<boolean> {
    const places = await this.files.attachments(fileId, PLACES);
    for (let at = 0; at < places.length; at += AT_ONCE) {
      const answers = await Promise.all(
        places
          .slice(at, at + AT_ONCE)
          .map((place) => this.conversations.seesAfter(place.conversationId, place.headSeq, actorId)),
      );
      if (answers.includes(true)) return true;
    }
    return false;
  }
}
