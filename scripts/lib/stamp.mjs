import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at } from './root.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'coverage']);

function* files(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isFile()) {
    yield { path, stat };
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    // Hidden files and *.log or *.tsbuildinfo are made by tools, never sources.
    if (SKIPPED.has(entry.name) || entry.name.startsWith('.') || /\.(log|tsbuildinfo)$/.test(entry.name)) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* files(child);
    else yield { path: child, stat: statSync(child) };
  }
}

/** Changes when a file below comes, goes or is written. Reads no contents: it runs before every start. */
export function fingerprint(...paths) {
  const hash = createHash('sha1');
  for (const path of paths) {
    for (const file of files(at(path))) hash.update(`${file.path}\n${file.stat.size} ${file.stat.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Changes when a byte below changes, however the files got here. */
export function contentHash(...paths) {
  const hash = createHash('sha1');
  for (const path of paths) {
    for (const file of [...files(at(path))].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      hash.update(`${file.path.slice(at().length)}\n`).update(readFileSync(file.path));
    }
  }
  return hash.digest('hex');
}

/** What a step was last done for. Kept in node_modules: a fresh install starts all over. */
export class Stamp {
  constructor(name) {
    this.path = at('node_modules', name);
  }

  read() {
    try {
      return readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
  }

  write(value) {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, value);
  }

  remove() {
    rmSync(this.path, { force: true });
  }
}
