import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const stampOf = (path) => `${path}.version`;

/** Whether what was fetched or built is there, and in the version that is wanted. */
export function isCached(layout, { path, stamp }) {
  const target = layout.bin(path);
  try {
    return existsSync(target) && readFileSync(stampOf(target), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** Written last: what was interrupted has no stamp. */
export const markCached = (layout, { path, stamp }) => writeFileSync(stampOf(layout.bin(path)), stamp);
