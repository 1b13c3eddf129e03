import { DomainError, type FileId, type UserId } from '@parley/kernel';
import type { Discard } from './discard.js';
import { fileNotFound } from '../domain/file.errors.js';
import type { FileStore } from '../ports/file-store.js';

/** By the owner only; messages that name the file stay. */
export class DeleteFile {
  constructor(
    private readonly files: FileStore,
    private readonly discard: Discard,
  ) {}

  async execute(command: { actorId: UserId; fileId: FileId }): Promise<void> {
    const file = await this.files.find(command.fileId);
    if (file?.ownerId !== command.actorId) throw fileNotFound();
    // From here it is gone for everybody; what fails or is cut off below is repeated by the collection.
    const removed = await this.files.markRemoved(file.fileId);
    if (removed === undefined) throw fileNotFound();
    try {
      await this.discard.all(removed);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') return;
      throw error;
    }
    await this.files.purge(file.fileId);
  }
}
