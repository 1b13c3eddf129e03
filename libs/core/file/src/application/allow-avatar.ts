import type { FileId, UserId } from '@parley/kernel';
import type { AvatarHolder } from '../domain/avatar.js';
import { isImage } from '../domain/content-type.js';
import { fileNotFound, fileNotReady, notAnImage } from '../domain/file.errors.js';
import type { FileStore } from '../ports/file-store.js';

/**
 * Lets a user or a conversation show an image: called before they name it. It alone opens nothing, see `ReadableFiles`. By the owner
 * only: who may read a file of somebody else may not show it to everybody.
 */
export class AllowAvatar {
  constructor(private readonly files: FileStore) {}

  async execute(command: { actorId: UserId; fileId: FileId; holder: AvatarHolder }): Promise<void> {
    const { actorId, fileId, holder } = command;
    const file = await this.files.find(fileId);
    if (file?.ownerId !== actorId) throw fileNotFound();
    if (file.state !== 'ready') throw fileNotReady();
    if (!isImage(file.contentType)) throw notAnImage();
    await this.files.allowAvatar(fileId, holder);
  }
}
