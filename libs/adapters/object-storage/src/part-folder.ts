import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { absent, type Drafts, dropOld, syncFolder } from './drafts.js';

/** Longer than an upload may go on before it counts as abandoned: nothing but what a crash left is this old. */
const LEFTOVER_MS = 32 * 24 * 3_600_000;
const PIECE_BYTES = 256 * 1024;

export interface PartOnDisk {
  number: number;
  size: number;
}

/** Uploads in parts: a folder for each, a file for each part that came whole. An upload is open as long as its folder is there. */
export class PartFolder {
  private constructor(
    private readonly directory: string,
    private readonly drafts: Drafts,
  ) {}

  static async open(directory: string, drafts: Drafts): Promise<PartFolder> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new PartFolder(directory, drafts);
  }

  async begin(): Promise<string> {
    const uploadId = randomBytes(16).toString('hex');
    await mkdir(this.pathOf(uploadId), { mode: 0o700 });
    await syncFolder(this.directory);
    return uploadId;
  }

  /** Undefined when the upload is over. */
  async list(uploadId: string): Promise<PartOnDisk[] | undefined> {
    const names = await absent(readdir(this.pathOf(uploadId)));
    const parts = names?.map(async (name) => ({ number: Number(name), size: await this.sizeOf(uploadId, name) }));
    return parts && (await Promise.all(parts)).sort((a, b) => a.number - b.number);
  }

  async isOpen(uploadId: string): Promise<boolean> {
    return (await absent(stat(this.pathOf(uploadId)))) !== undefined;
  }

  /** One sent again takes the place of the first. False when the upload is over: there is no folder to move it to. */
  store(uploadId: string, number: number, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    const folder = this.pathOf(uploadId);
    return this.drafts.with(body, async (draft) => {
      const moved = await absent(rename(draft, join(folder, String(number))).then(() => true));
      if (moved === true) await absent(syncFolder(folder));
      return moved ?? false;
    });
  }

  async *read(uploadId: string, numbers: readonly number[]): AsyncIterable<Uint8Array> {
    for (const number of numbers)
      yield* createReadStream(join(this.pathOf(uploadId), String(number)), { highWaterMark: PIECE_BYTES });
  }

  drop(uploadId: string): Promise<void> {
    return this.drafts.sink(this.pathOf(uploadId));
  }

  tidy(now: number): Promise<void> {
    return dropOld(this.directory, now - LEFTOVER_MS);
  }

  private async sizeOf(uploadId: string, name: string): Promise<number> {
    return (await absent(stat(join(this.pathOf(uploadId), name))))?.size ?? 0;
  }

  private pathOf(uploadId: string): string {
    return join(this.directory, uploadId);
  }
}
