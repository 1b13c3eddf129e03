import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exec } from './exec.mjs';
import { at, MODULES } from './root.mjs';
import { contentHash, Stamp } from './stamp.mjs';
import { StepFailed, step } from './step.mjs';

export const BASELINE = 'proto/baseline.binpb';
const GENERATED = 'libs/contracts/src/gen';
const FRESH = '.tmp/generated';

const stamp = new Stamp('.parley-generated');
const sourceHash = () => contentHash('proto', 'buf.gen.yaml');

export async function buf(...args) {
  const result = await exec(join(MODULES, '.bin', 'buf'), args);
  if (result.code !== 0)
    throw new StepFailed(`\`buf ${args.join(' ')}\` refused the files under proto/.`, result.output);
}

function read(folder) {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

/** Generates beside the tree and returns what differs from the committed files: [path, wanted text or undefined]. */
async function differences() {
  rmSync(at(FRESH), { recursive: true, force: true });
  await buf('generate', '--output', FRESH);
  const wanted = read(at(FRESH, GENERATED));
  const found = read(at(GENERATED));
  const paths = [...new Set([...wanted.keys(), ...found.keys()])];
  return paths.filter((path) => wanted.get(path) !== found.get(path)).map((path) => [path, wanted.get(path)]);
}

/** Writes only files that differ, so that a build or a test run beside it sees no gap. Resolves with their paths. */
export async function generate() {
  const changed = await differences();
  for (const [path, text] of changed) {
    const target = at(GENERATED, path);
    if (text === undefined) {
      rmSync(target);
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  stamp.write(sourceHash());
  return changed.map(([path]) => join(GENERATED, path));
}

/** The proto files are well-formed, break no reader of the baseline, and the committed code is what they generate. */
export async function checkProto() {
  await buf('lint');
  if (existsSync(at(BASELINE))) await buf('breaking', '--against', BASELINE);
  const stale = await differences();
  if (stale.length === 0) return;
  const list = stale.map(([path]) => `  ${join(GENERATED, path)}`).join('\n');
  throw new StepFailed('The generated code does not match proto/: run `npm run gen` and commit the result.', list);
}

/** A fresh checkout trusts the committed code, so that a start needs no buf; only an edit under proto/ asks for it. */
function isGenerated() {
  const hash = sourceHash();
  const last = stamp.read();
  if (last === undefined) stamp.write(hash);
  return last === undefined || last === hash;
}

export const generation = {
  isDone: isGenerated,
  run: () => step('generate code from proto/', generate),
};
