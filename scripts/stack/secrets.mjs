import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const NAMES = ['mysql', 's3', 'turn', 'service'];

/** Passwords of this stack, made at its first start and the same ever after: engines keep them in their data. */
export function secretsOf(path) {
  let kept = {};
  try {
    kept = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const missing = NAMES.filter((name) => kept[name] === undefined);
  if (missing.length === 0) return kept;
  // Hexadecimal: they are parts of URLs, of SQL and of configuration files.
  const all = { ...kept, ...Object.fromEntries(missing.map((name) => [name, randomBytes(16).toString('hex')])) };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  return all;
}
