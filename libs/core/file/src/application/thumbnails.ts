import { DomainError } from '@parley/kernel';
import type { FileLimits, FileRecord } from '../domain/file.js';
import { fileNotFound, noThumbnail } from '../domain/file.errors.js';
import { edgeFor, isDepictable, type Thumbnail, thumbnailKeyOf } from '../domain/thumbnail.js';
import type { ObjectStorage } from '../ports/object-storage.js';
import type { PictureMaker } from '../ports/picture-maker.js';
import type { ThumbnailStore } from '../ports/thumbnail-store.js';

/** Makes each thumbnail of a file once, when it is asked for first. */
export class Thumbnails {
  /** Whoever asks for the same at the same time joins in. Of other processes the key of the object takes care. */
  private readonly underWay = new Map<string, Promise<Thumbnail>>();

  constructor(
    private readonly thumbnails: ThumbnailStore,
    private readonly objects: ObjectStorage,
    private readonly pictures: PictureMaker,
    private readonly limits: FileLimits,
  ) {}

  /** @param asked pixels of the longest edge @throws file.no_thumbnail, file.not_found (it went meanwhile), server.busy */
  async of(file: FileRecord, asked: number): Promise<Thumbnail> {
    if (!isDepictable(file, this.limits)) throw noThumbnail();
    const edge = edgeFor(asked, file);
    const known = await this.thumbnails.find(file.fileId, edge);
    if (known !== undefined && known.state !== 'making') return settled(known);
    const name = `${file.fileId} ${edge}`;
    const making = this.underWay.get(name) ?? this.make(file, edge);
    this.underWay.set(name, making);
    try {
      return await making;
    } finally {
      if (this.underWay.get(name) === making) this.underWay.delete(name);
    }
  }

  private async make(file: FileRecord, edge: number): Promise<Thumbnail> {
    const { fileId } = file;
    const wanted: Thumbnail = { fileId, edge, objectKey: thumbnailKeyOf(file.objectKey, edge), state: 'making' };
    // ORDER: noted before the object is made, so that no crash leaves an object that nobody knows of.
    const noted = await this.thumbnails.begin(wanted);
    if (noted === undefined) throw fileNotFound();
    if (noted.state !== 'making') return settled(noted);
    const picture = await this.picture(wanted, file);
    // DEDUPE: another process may have been first; its bytes are as good.
    await this.objects.write(wanted.objectKey, picture.webp, 'image/webp');
    if (await this.thumbnails.finish(fileId, edge, picture)) return { ...wanted, state: 'ready' };
    await this.objects.delete(wanted.objectKey);
    throw fileNotFound();
  }

  private async picture(wanted: Thumbnail, file: FileRecord) {
    try {
      return await this.pictures.make(() => whole(this.objects.read(file.objectKey), file.size), wanted.edge);
    } catch (error) {
      if (DomainError.is(error) && error.code === 'file.no_thumbnail')
        await this.thumbnails.fail(wanted.fileId, wanted.edge);
      // Without its file there is nothing to read.
      else if ((await this.thumbnails.begin(wanted)) === undefined) throw fileNotFound();
      throw error;
    }
  }
}

function settled(thumbnail: Thumbnail): Thumbnail {
  if (thumbnail.state === 'failed') throw noThumbnail();
  return thumbnail;
}

async function whole(pieces: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const piece of pieces) {
    bytes.set(piece.subarray(0, size - at), at);
    at = Math.min(at + piece.length, size);
  }
  return bytes;
}
