import type { FileId, UserId } from '@parley/kernel';
import type { FileRecord } from '../domain/file.js';
import { fileNotFound } from '../domain/file.errors.js';
import type { AvatarHolders } from '../ports/avatar-holders.js';
import type { ConversationAccess } from '../ports/conversation-access.js';
import type { FileStore } from '../ports/file-store.js';

/** A file that was forwarded more often than this is looked for in the latest places only. */
const PLACES = 200;
const AT_ONCE = 10;
const HOLDERS = 20;

/**
 * Who may read a file: its owner, whoever sees a place that it was sent to, and whoever sees a user or a conversation that shows it as its
 * avatar. Asked each time, so that a removal from a conversation, or of an avatar, holds at once. Absent and forbidden answer alike.
 */
export class ReadableFiles {
  constructor(
    private readonly files: FileStore,
    private readonly conversations: ConversationAccess,
    private readonly holders: AvatarHolders,
  ) {}

  async get(actorId: UserId, fileId: FileId): Promise<FileRecord> {
    const file = await this.files.find(fileId);
    if (file === undefined) throw fileNotFound();
    if (file.ownerId === actorId) return file;
    if (file.state !== 'ready') throw fileNotFound();
    if (!(await this.isSeen(actorId, fileId)) && !(await this.isAvatar(actorId, fileId))) throw fileNotFound();
    return file;
  }

  /** What the owner once allowed counts as long as it is shown, and to those who see whom it shows. */
  private async isAvatar(actorId: UserId, fileId: FileId): Promise<boolean> {
    const holders = await this.files.avatarHolders(fileId, HOLDERS);
    const answers = await Promise.all(holders.map((holder) => this.holders.shows(holder, fileId, actorId)));
    return answers.includes(true);
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
