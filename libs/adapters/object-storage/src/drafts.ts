import { DomainError } from '@parley/kernel';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that are being written or taken away: what a name elsewhere shows is whole, because it was made here and moved there. */
export class Drafts {
  private constructor(readonly directory: string) {}

  static async open(directory: string): Promise<Drafts> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new Drafts(directory);
  }

  /** Writes what `body` gives, has it on disk, and hands its path to `use`. Nothing stays behind, whatever is thrown. */
  async with<T>(body: AsyncIterable<Uint8Array>, use: (path: string) => Promise<T>): Promise<T> {
    const path = this.path();
    try {
      const handle = await open(path, 'wx', 0o600);
      try {
        for await (const piece of body) await handle.writeFile(piece);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return await use(path);
    } catch (error) {
      throw known(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Deletes a folder at once for those who look at its name, however long it takes. Idempotent. */
  async sink(folder: string): Promise<void> {
    const path = this.path();
    await absent(rename(folder, path));
    await rm(path, { recursive: true, force: true });
  }

  private path(): string {
    return join(this.directory, randomBytes(16).toString('hex'));
  }
}

/** Deletes what was not touched since `before`. */
export async function dropOld(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await absent(stat(path));
    if (found !== undefined && found.mtimeMs < before) await rm(path, { recursive: true, force: true });
  }
}

/** Undefined where there is no such file or folder. */
export async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The name of a new file is on disk only when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;

const NO_ROOM = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EROFS', 'EIO']);

function known(error: unknown): unknown {
  if (!NO_ROOM.has(codeOf(error))) return error;
  return new DomainError('server.unavailable', 'unavailable', { message: 'The store of files takes nothing now.' });
}
