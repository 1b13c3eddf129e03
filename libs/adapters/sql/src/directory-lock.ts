import { mkdirSync } from 'node:fs';
import Database from 'better-sqlite3';
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
