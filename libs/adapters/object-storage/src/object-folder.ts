import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { absent, codeOf, Drafts, dropOld, syncFolder } from './drafts.js';
import { PartFolder } from './part-folder.js';

const LEFTOVER_MS = 6 * 3_600_000;
/** Longer than any upload ticket lives. */
const TOMBSTONE_MS = 48 * 3_600_000;

/**
 * Objects as files: `data/<key>`, written as `incoming/<random>` first, so that a name never shows half an object. An object is
 * written once. `gone/<key>` keeps a key closed after its object was deleted, until no ticket for it can be out any more.
 */
export class ObjectFolder {
  private constructor(
    private readonly data: string,
    private readonly gone: string,
    private readonly drafts: Drafts,
    readonly parts: PartFolder,
  ) {}

  static async open(directory: string): Promise<ObjectFolder> {
    const [data, gone] = [join(directory, 'data'), join(directory, 'gone')];
    for (const each of [data, gone]) await mkdir(each, { recursive: true, mode: 0o700 });
    const drafts = await Drafts.open(join(directory, 'incoming'));
    return new ObjectFolder(data, gone, drafts, await PartFolder.open(join(directory, 'parts'), drafts));
  }

  pathOf(key: string): string {
    return join(this.data, key);
  }

  async size(key: string): Promise<number | undefined> {
    return (await absent(stat(this.pathOf(key))))?.size;
  }

  async isTaken(key: string): Promise<boolean> {
    return (await this.size(key)) !== undefined || (await this.isGone(key));
  }

  /**
   * Stores what `body` gives under the key, on disk when this resolves. False when the key is taken: of many at once one wins,
   * because a link is made only where no file is. What `body` throws is thrown, and nothing stays behind.
   */
  async store(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    const path = this.pathOf(key);
    const isFirst = await this.drafts.with(body, async (draft) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      if (!(await isMade(link(draft, path)))) return false;
      await syncFolder(dirname(path));
      return true;
    });
    // ORDER: the tombstone is written before the object is deleted, and looked for after the object was made: one of the two sees the other.
    if (!isFirst || !(await this.isGone(key))) return isFirst;
    await rm(path, { force: true });
    return false;
  }

  async delete(key: string): Promise<void> {
    await writeFile(this.tombstone(key), '');
    await rm(this.pathOf(key), { force: true });
  }

  /** Drops drafts and parts that a crash left, and tombstones that have done their work. */
  async tidy(now: number): Promise<void> {
    await dropOld(this.drafts.directory, now - LEFTOVER_MS);
    await dropOld(this.gone, now - TOMBSTONE_MS);
    await this.parts.tidy(now);
  }

  private async isGone(key: string): Promise<boolean> {
    return (await absent(stat(this.tombstone(key)))) !== undefined;
  }

  private tombstone(key: string): string {
    return join(this.gone, key.replaceAll('/', '+'));
  }
}

async function isMade(linking: Promise<void>): Promise<boolean> {
  try {
    await linking;
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}
