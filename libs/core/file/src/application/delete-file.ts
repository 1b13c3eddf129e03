import type { FileId, UserId } from '@parley/kernel';
import { fileNotFound } from '../domain/file.errors.js';
import type { FileStore } from '../ports/file-store.js';
import type { ObjectStorage } from '../ports/object-storage.js';

/** By the owner only; messages that name the file stay. */
export class DeleteFile {
  constructor(
    private readonly files: FileStore,
    private readonly objects: ObjectStorage,
  ) {}

  async execute(command: { actorId: UserId; fileId: FileId }): Promise<void> {
    const file = await this.files.find(command.fileId);
    if (file?.ownerId !== command.actorId) throw fileNotFound();
    // From here it is gone for everybody; what fails or is cut off below is repeated by the collection.
    if (!(await this.files.markRemoved(file.fileId))) throw fileNotFound();
    await this.objects.delete(file.objectKey);
    await this.files.purge(file.fileId);
  }
}
