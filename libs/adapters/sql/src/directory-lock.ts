import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Sqlite from 'better-sqlite3';
import { CannotOpen } from './cannot-open.js';

/** The data folder is in use by another process. */
export class DirectoryInUse extends CannotOpen {
  override readonly name = 'DirectoryInUse';
}

/**
 * Holds a data folder for this process. SQLite's own file lock: the system drops it when the process dies, however it dies.
 * @returns releases the folder.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  // Loaded here and not above: most processes of the distributed profile lock no folder.
  const Database = createRequire(import.meta.url)('better-sqlite3') as typeof Sqlite;
  const db = new Database(`${directory}/lock.db`, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new DirectoryInUse(`The data folder ${directory} is in use by another Parley process.`);
  }
  return () => db.close();
}
