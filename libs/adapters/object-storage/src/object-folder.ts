import { DomainError } from '@parley/kernel';
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const LEFTOVER_MS = 6 * 3_600_000;
/** Longer than any upload ticket lives. */
const TOMBSTONE_MS = 48 * 3_600_000;

/**
 * Objects as files: `data/<key>`, written as `incoming/<random>` first, so that a name never shows half an object. An object is
 * written once. `gone/<key>` keeps a key closed after its object was deleted, until no ticket for it can be out any more.
 */
export class ObjectFolder {
  private readonly data: string;
  private readonly incoming: string;
  private readonly gone: string;

  private constructor(directory: string) {
    this.data = join(directory, 'data');
    this.incoming = join(directory, 'incoming');
    this.gone = join(directory, 'gone');
  }

  static async open(directory: string): Promise<ObjectFolder> {
    const folder = new ObjectFolder(directory);
    for (const each of [folder.data, folder.incoming, folder.gone]) await mkdir(each, { recursive: true, mode: 0o700 });
    return folder;
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
    const draft = join(this.incoming, randomBytes(16).toString('hex'));
    try {
      const handle = await open(draft, 'wx', 0o600);
      try {
        for await (const piece of body) await handle.writeFile(piece);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      if (!(await isFirst(link(draft, path)))) return false;
      await syncFolder(dirname(path));
    } catch (error) {
      throw known(error);
    } finally {
      await rm(draft, { force: true });
    }
    // ORDER: the tombstone is written before the object is deleted, and looked for after the object was made: one of the two sees the other.
    if (!(await this.isGone(key))) return true;
    await rm(path, { force: true });
    return false;
  }

  async delete(key: string): Promise<void> {
    await writeFile(this.tombstone(key), '');
    await rm(this.pathOf(key), { force: true });
  }

  /** Drops drafts that a crash left and tombstones that have done their work. */
  async tidy(now: number): Promise<void> {
    await this.dropOld(this.incoming, now - LEFTOVER_MS);
    await this.dropOld(this.gone, now - TOMBSTONE_MS);
  }

  private async dropOld(folder: string, before: number): Promise<void> {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const found = await absent(stat(path));
      if (found !== undefined && found.mtimeMs < before) await rm(path, { force: true });
    }
  }

  private async isGone(key: string): Promise<boolean> {
    return (await absent(stat(this.tombstone(key)))) !== undefined;
  }

  private tombstone(key: string): string {
    return join(this.gone, key.replaceAll('/', '+'));
  }
}

const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;

async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function isFirst(linking: Promise<void>): Promise<boolean> {
  try {
    await linking;
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The name of a new file is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const NO_ROOM = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EROFS', 'EIO']);

function known(error: unknown): unknown {
  if (!NO_ROOM.has(codeOf(error))) return error;
  return new DomainError('server.unavailable', 'unavailable', { message: 'The store of files takes nothing now.' });
}
