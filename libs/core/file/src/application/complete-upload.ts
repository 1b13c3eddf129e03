import { createHash } from 'node:crypto';
import type { FileId, UserId } from '@parley/kernel';
import { isImage, readsAsText, settledType } from '../domain/content-type.js';
import type { FileLimits, FileRecord, Refusal, Verified } from '../domain/file.js';
import { fileNotFound, fileNotUploaded, refused } from '../domain/file.errors.js';
import { partsOf } from '../domain/parts.js';
import { imageSize } from '../domain/image-size.js';
import { FIRST_EDGE } from '../domain/thumbnail.js';
import type { FileStore } from '../ports/file-store.js';
import type { ObjectStorage } from '../ports/object-storage.js';
import type { TypeSniffer } from '../ports/type-sniffer.js';
import type { Thumbnails } from './thumbnails.js';

/** Enough for the headers of every type on the list, previews of cameras included. Also what is enough to tell the type of a large file. */
const HEAD_BYTES = 1024 * 1024;
const MAX_LISTED = 10;
/** Well within the patience of a caller. */
const LOOK_MS = 1500;

/**
 * Joins what came in parts, and checks what was uploaded against what was announced: size, hash, type by content, pixels. Idempotent:
 * a repeat answers as the first did, also when that was a refusal. Nothing of a refused upload is kept.
 *
 * All bytes are read for the hash, except where a file came in parts and no hash was announced: then its beginning is.
 */
export class CompleteUpload {
  /** Reading a large file can outlast the caller's patience. Whoever asks again joins in, and does not have it read twice. */
  private readonly underWay = new Map<FileId, Promise<void>>();

  constructor(
    private readonly files: FileStore,
    private readonly objects: ObjectStorage,
    private readonly sniffer: TypeSniffer,
    private readonly thumbnails: Thumbnails,
    private readonly limits: FileLimits,
  ) {}

  async execute(command: { actorId: UserId; fileId: FileId }): Promise<FileRecord> {
    const file = await this.own(command);
    if (file.state !== 'pending') return settled(file);
    const settling = this.underWay.get(file.fileId) ?? this.settle(file);
    this.underWay.set(file.fileId, settling);
    try {
      await settling;
    } finally {
      if (this.underWay.get(file.fileId) === settling) this.underWay.delete(file.fileId);
    }
    // Whoever was first decided: a second completion at the same time, or the owner who deleted it meanwhile.
    return this.lookedAt(settled(await this.own(command)));
  }

  /** With its first thumbnail, and with what making it found out, where that does not take long. Nothing is wrong without. */
  private async lookedAt(file: FileRecord): Promise<FileRecord> {
    if (!isImage(file.contentType)) return file;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, LOOK_MS)));
    await Promise.race([this.thumbnails.of(file, FIRST_EDGE).catch(() => undefined), patience]);
    clearTimeout(timer);
    return settled(await this.own({ actorId: file.ownerId, fileId: file.fileId }));
  }

  private async own({ actorId, fileId }: { actorId: UserId; fileId: FileId }): Promise<FileRecord> {
    const file = await this.files.find(fileId);
    if (file?.ownerId !== actorId) throw fileNotFound();
    return file;
  }

  private async settle(file: FileRecord): Promise<void> {
    if (file.partSize > 0) await this.join(file);
    const object = await this.objects.stat(file.objectKey);
    if (object === undefined) throw fileNotUploaded();
    const verdict = object.size === file.size ? await this.inspect(file) : 'size_mismatch';
    if (typeof verdict !== 'string') await this.files.markReady(file.fileId, verdict);
    else if (await this.files.markRefused(file.fileId, verdict)) await this.objects.delete(file.objectKey);
  }

  private async join({ objectKey, uploadId, size, partSize }: FileRecord): Promise<void> {
    const all = partsOf(size, partSize);
    const missing = uploadId === '' ? false : await this.objects.joinParts(objectKey, uploadId, all);
    // An upload that is over without an object was forgotten by the store: the owner begins anew.
    if (missing === false) throw fileNotUploaded();
    if (missing.length > 0)
      throw fileNotUploaded({ message: `Still missing: ${listed(missing)}. Announce the file again.` });
  }

  private async inspect(file: FileRecord): Promise<Verified | Refusal> {
    const isRead = file.partSize === 0 || file.sha256 !== '';
    const hash = createHash('sha256');
    const pieces: Uint8Array[] = [];
    let kept = 0;
    for await (const piece of this.objects.read(file.objectKey, isRead ? undefined : HEAD_BYTES)) {
      hash.update(piece);
      if (kept >= HEAD_BYTES) continue;
      pieces.push(piece.subarray(0, HEAD_BYTES - kept));
      kept += pieces.at(-1)?.length ?? 0;
    }
    const sha256 = isRead ? hash.digest('hex') : '';
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

/** `parts 2, 3 and 40 more`. */
function listed(numbers: readonly number[]): string {
  const first = numbers.slice(0, MAX_LISTED).join(', ');
  const more = numbers.length - MAX_LISTED;
  return `${numbers.length === 1 ? 'part' : 'parts'} ${first}${more > 0 ? ` and ${more} more` : ''}`;
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
