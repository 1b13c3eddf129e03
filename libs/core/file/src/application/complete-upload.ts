import { createHash } from 'node:crypto';
import type { FileId, UserId } from '@parley/kernel';
import { isImage, readsAsText, settledType } from '../domain/content-type.js';
import type { FileLimits, FileRecord, Refusal, Verified } from '../domain/file.js';
import { fileNotFound, fileNotUploaded, refused } from '../domain/file.errors.js';
import { imageSize } from '../domain/image-size.js';
import type { FileStore } from '../ports/file-store.js';
import type { ObjectStorage } from '../ports/object-storage.js';
import type { TypeSniffer } from '../ports/type-sniffer.js';

/** Enough for the headers of every type on the list, previews of cameras included. */
const HEAD_BYTES = 1024 * 1024;

/**
 * Checks what was uploaded against what was announced: size, hash, type by content, pixels. Idempotent: a repeat answers as the
 * first did, also when that was a refusal. Nothing of a refused upload is kept.
 */
export class CompleteUpload {
  constructor(
    private readonly files: FileStore,
    private readonly objects: ObjectStorage,
    private readonly sniffer: TypeSniffer,
    private readonly limits: FileLimits,
  ) {}

  async execute(command: { actorId: UserId; fileId: FileId }): Promise<FileRecord> {
    const file = await this.own(command);
    if (file.state !== 'pending') return settled(file);
    const object = await this.objects.stat(file.objectKey);
    if (object === undefined) throw fileNotUploaded();
    const verdict = object.size === file.size ? await this.inspect(file) : 'size_mismatch';
    if (typeof verdict !== 'string') {
      await this.files.markReady(file.fileId, verdict);
    } else if (await this.files.markRefused(file.fileId, verdict)) {
      await this.objects.delete(file.objectKey);
    }
    // Whoever was first decided: a second completion at the same time, or the owner who deleted it meanwhile.
    return settled(await this.own(command));
  }

  private async own({ actorId, fileId }: { actorId: UserId; fileId: FileId }): Promise<FileRecord> {
    const file = await this.files.find(fileId);
    if (file?.ownerId !== actorId) throw fileNotFound();
    return file;
  }

  private async inspect(file: FileRecord): Promise<Verified | Refusal> {
    const hash = createHash('sha256');
    const pieces: Uint8Array[] = [];
    let kept = 0;
    for await (const piece of this.objects.read(file.objectKey)) {
      hash.update(piece);
      if (kept >= HEAD_BYTES) continue;
      pieces.push(piece.subarray(0, HEAD_BYTES - kept));
      kept += pieces.at(-1)?.length ?? 0;
    }
    const sha256 = hash.digest('hex');
    if (file.sha256 !== '' && file.sha256 !== sha256) return 'hash_mismatch';
    const head = joined(pieces, kept);
    const found = await this.sniffer.sniff(head);
    const contentType = settledType(file.contentType, found, readsAsText(head, kept === file.size));
    if (contentType === undefined) return 'type_mismatch';
    if (!isImage(contentType)) return { contentType, sha256, width: 0, height: 0 };
    const size = imageSize(contentType, head);
    if (size === undefined) return 'type_mismatch';
    return size.width * size.height > this.limits.maxPixels ? 'image_too_large' : { contentType, sha256, ...size };
  }
}

function settled(file: FileRecord): FileRecord {
  if (file.state === 'refused') throw refused(file.refusal ?? 'type_mismatch');
  return file;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
