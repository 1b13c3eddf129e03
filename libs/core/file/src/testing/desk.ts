import type { FileId, UserId } from '@parley/kernel';
import { CountingIds, SetClock } from '@parley/kernel/testing';
import { AllowAvatar } from '../application/allow-avatar.js';
import { AttachFile } from '../application/attach-file.js';
import { CollectFiles } from '../application/collect-files.js';
import { CompleteUpload } from '../application/complete-upload.js';
import { CreateUpload, type CreateUploadCommand } from '../application/create-upload.js';
import { DeleteFile } from '../application/delete-file.js';
import { Discard } from '../application/discard.js';
import { CreateDownload, CreateThumbnail, GetFile } from '../application/read-file.js';
import { ReadableFiles } from '../application/readable-files.js';
import { Thumbnails } from '../application/thumbnails.js';
import { UploadTickets } from '../application/upload-tickets.js';
import type { FileLimits } from '../domain/file.js';
import { FakeAvatarHolders, FakeConversations, FakePictures, TinySniffer } from './fakes.js';
import { InMemoryFileStore } from './in-memory-file-store.js';
import { InMemoryObjectStorage } from './in-memory-object-storage.js';
import { InMemoryThumbnailStore } from './in-memory-thumbnail-store.js';
import { pngOf } from './samples.js';

export const LIMITS: FileLimits = {
  ...{ decodedPixels: 500_000, decodedBytes: 3000 },
  ...{ maxBytes: 10_000, quotaBytes: 20_000, maxPixels: 1_000_000, partBytes: 4000 },
  ...{ uploadTtlMs: 900_000, downloadTtlMs: 300_000, abandonedAfterMs: 24 * 3_600_000 },
};

const ann = 'ann' as UserId;

export const announcement = (bytes: Uint8Array, more: Partial<CreateUploadCommand> = {}): CreateUploadCommand => ({
  ...{ actorId: ann, name: 'a.png', size: bytes.length, contentType: 'image/png', sha256: '' },
  ...{ conversationId: '', idempotencyKey: '' },
  ...more,
});

/** All use cases of the file context over fakes, and what a client does with tickets. */
export class FileDesk {
  readonly clock = new SetClock();
  readonly files = new InMemoryFileStore();
  readonly objects = new InMemoryObjectStorage(this.clock);
  readonly conversations = new FakeConversations();
  readonly holders = new FakeAvatarHolders();
  readonly pictures = new FakePictures();
  readonly thumbnails = new InMemoryThumbnailStore(this.files);
  private readonly readable = new ReadableFiles(this.files, this.conversations, this.holders);
  private readonly discard = new Discard(this.objects, this.thumbnails);
  /** As one process makes them; another one has its own. */
  readonly maker = new Thumbnails(this.thumbnails, this.objects, this.pictures, LIMITS);
  private readonly tickets = new UploadTickets(this.files, this.objects, this.clock, LIMITS);
  readonly create = new CreateUpload(
    this.files,
    this.tickets,
    this.conversations,
    this.clock,
    new CountingIds('file'),
    LIMITS,
  );
  readonly complete = new CompleteUpload(this.files, this.objects, new TinySniffer(), this.maker, LIMITS);
  readonly get = new GetFile(this.readable);
  readonly download = new CreateDownload(this.readable, this.objects, this.clock, LIMITS);
  readonly thumbnail = new CreateThumbnail(this.readable, this.maker, this.objects, this.clock, LIMITS);
  readonly allowAvatar = new AllowAvatar(this.files);
  readonly attach = new AttachFile(this.files, this.readable, this.conversations);
  readonly remove = new DeleteFile(this.files, this.discard);
  readonly collect = new CollectFiles(this.files, this.discard, this.clock, LIMITS);

  /** For what goes up in one piece. */
  async announce(bytes: Uint8Array, more: Partial<CreateUploadCommand> = {}) {
    const { file, ticket } = await this.create.execute(announcement(bytes, more));
    if (ticket === undefined) throw new Error('This goes up in parts.');
    return { file, ticket };
  }

  /** For what goes up in parts. */
  async announceParts(bytes: Uint8Array, more: Partial<CreateUploadCommand> = {}) {
    const { file, parts } = await this.create.execute(announcement(bytes, more));
    if (parts === undefined) throw new Error('This goes up in one piece.');
    return { file, ...parts };
  }

  async upload(bytes: Uint8Array, more: Partial<CreateUploadCommand> = {}): Promise<FileId> {
    const { file, ticket } = await this.announce(bytes, more);
    if (this.objects.put(ticket, bytes) !== 200) throw new Error('The store refused an upload.');
    return file.fileId;
  }

  async ready(bytes = pngOf(2, 3), owner = ann): Promise<FileId> {
    const fileId = await this.upload(bytes, { actorId: owner });
    await this.complete.execute({ actorId: owner, fileId });
    return fileId;
  }
}

export const fileDesk = () => new FileDesk();
