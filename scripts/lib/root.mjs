import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Loaded before anything is installed, by whatever Node is there. We promise 20; Debian 12 brings 18, and that will do to
// install the pinned one.
const OLDEST = 18;
if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(`Parley needs Node 20 or newer to set itself up; this is Node ${process.versions.node}.`);
  process.exit(1);
}

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const at = (...parts) => join(ROOT, ...parts);

export const WINDOWS = process.platform === 'win32';
export const MODULES = at('node_modules');

/** The Node that Parley is tested with. Native packages are only known to load there. */
export const PINNED_NODE = join(MODULES, 'node', 'bin', WINDOWS ? 'node.exe' : 'node');

/** Scratch space, ignored by git. */
export const TMP = at('.tmp');
