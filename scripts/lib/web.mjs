import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  const { code, output } = await tool('vite/bin/vite.js', ['build', '--logLevel', 'warn', at('apps/web')]);
  if (code !== 0) throw new StepFailed('The web client does not build (see above).', output);
  for (const file of builtFiles()) compress(file);
  stamp.write(sources);
}

export const webBuilding = {
  isDone: () => existsSync(at(ENTRY)) && stamp.read() === fingerprint(...SOURCES),
  run: () => step('build the web client', buildWeb),
};

/** Absolute paths of what the browser may ask for. */
export function builtFiles(directory = at('apps/web/dist')) {
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
