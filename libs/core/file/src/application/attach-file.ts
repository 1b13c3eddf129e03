import type { ConversationId, FileId, UserId } from '@parley/kernel';
import type { FileRecord } from '../domain/file.js';
import { fileNotReady, notAMember } from '../domain/file.errors.js';
import type { ConversationAccess } from '../ports/conversation-access.js';
import type { FileStore } from '../ports/file-store.js';
import type { ReadableFiles } from './readable-files.js';

/**
 * Opens a file to those who will see a message with it: called right before the send. By the owner, or by one who may read it
 * (forwarding). Whether the actor may write there is for the send to say; here a membership is enough.
 */
export class AttachFile {
  constructor(
    private readonly files: FileStore,
    private readonly readable: ReadableFiles,
    private readonly conversations: ConversationAccess,
  ) {}

  async execute(command: { actorId: UserId; fileId: FileId; conversationId: ConversationId }): Promise<FileRecord> {
    const { actorId, fileId, conversationId } = command;
    const file = await this.readable.get(actorId, fileId);
    if (file.state !== 'ready') throw fileNotReady();
    const headSeq = await this.conversations.head(conversationId, actorId);
    if (headSeq === undefined) throw notAMember();
    await this.files.attach(fileId, { conversationId, headSeq });
    return file;
  }
}
