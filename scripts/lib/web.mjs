import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { tool } from './exec.mjs';
import { at } from './root.mjs';
import { fingerprint, Stamp } from './stamp.mjs';
import { StepFailed, step } from './step.mjs';

const ENTRY = 'apps/web/dist/index.html';
const SOURCES = ['apps/web', 'libs/client/src', 'package-lock.json'];
const COMPRESSED = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest']);

const stamp = new Stamp('.parley-web');

/** The web client as the gateway serves it, with compressed copies beside the files. */
export async function buildWeb() {
  const sources = fingerprint(...SOURCES);
  stamp.remove();
  // Beside, and moved at the end: a server that runs, or another build, never sees half of it.
  const made = at('node_modules', `.parley-web-${process.pid}`);
  const options = ['--logLevel', 'warn', '--emptyOutDir', '--outDir', made];
  try {
    const { code, output } = await tool('vite/bin/vite.js', ['build', at('apps/web'), ...options]);
    if (code !== 0) throw new StepFailed('The web client does not build (see above).', output);
    for (const file of builtFiles(made)) compress(file);
    replace(at('apps/web/dist'), made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  stamp.write(sources);
}

export const webBuilding = {
  isDone: () => existsSync(at(ENTRY)) && stamp.read() === fingerprint(...SOURCES),
  run: () => step('build the web client', buildWeb),
};

function replace(old, made) {
  const aside = `${made}-old`;
  rmSync(aside, { recursive: true, force: true });
  if (existsSync(old)) renameSync(old, aside);
  renameSync(made, old);
  rmSync(aside, { recursive: true, force: true });
}

function builtFiles(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function compress(file) {
  if (!COMPRESSED.has(extname(file))) return;
  const bytes = readFileSync(file);
  if (bytes.length < 1024) return;
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  );
}
