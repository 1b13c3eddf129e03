import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../lib/exec.mjs';
import { StepFailed } from '../../lib/step.mjs';
import { find } from './system.mjs';

/** Needed to build, not to run. One build at a time: each takes all cores, and the next one finds what this one compiled. */
export const GO = { command: 'go', package: 'golang-go' };

/** The oldest Go that builds all of ours: what Consul's go.mod asks for. */
export const NEEDED = '1.25.5';
/** From here on Go fetches another Go by itself. */
const FETCHES_ITSELF = '1.21.0';

const numbers = (version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0);

export function atLeast(version, wanted) {
  const have = numbers(version);
  for (const [i, part] of numbers(wanted).entries()) if ((have[i] ?? 0) !== part) return (have[i] ?? 0) > part;
  return true;
}

/** `go1.26.8` of `go version go1.26.8 linux/amd64`. */
export const versionIn = (output) => /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];

async function installed() {
  if (find('go') === undefined) return undefined;
  const { code, output } = await exec('go', ['version'], { env: { GOTOOLCHAIN: 'local' }, cwd: homedir() });
  return code === 0 ? versionIn(output) : undefined;
}

const PLATFORM = `${process.platform}-${{ x64: 'amd64' }[process.arch] ?? process.arch}`;

/** Modules carry no rights: what has to run is made runnable. */
function makeRunnable(folder) {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o755);
}

/** A Go before 1.21 can fetch the newer one all the same: it is a module like any other. */
async function fetchToolchain(say) {
  const name = `golang.org/toolchain@v0.0.1-go${NEEDED}.${PLATFORM}`;
  say(`fetching Go ${NEEDED}`);
  const { code, output } = await exec('go', ['mod', 'download', '-json', name], {
    cwd: homedir(),
    env: { GOFLAGS: '' },
  });
  const folder = /"Dir": "([^"]+)"/.exec(output)?.[1];
  if (code !== 0 || folder === undefined)
    throw new StepFailed(`Go ${NEEDED} could not be fetched for ${PLATFORM}.`, output);
  for (const part of [['bin'], ['pkg', 'tool', PLATFORM.replace('-', '_')]]) makeRunnable(join(folder, ...part));
  return folder;
}

let chosen;

/** How to call a Go that is new enough: the one here, one that it fetches, or one that we let it fetch. */
async function choose(say) {
  const version = await installed();
  if (version === undefined) throw new StepFailed(`Go is missing: install Go ${NEEDED} or newer (https://go.dev/dl).`);
  if (atLeast(version, NEEDED)) return { command: 'go', env: { GOTOOLCHAIN: 'local' } };
  if (atLeast(version, FETCHES_ITSELF)) return { command: 'go', env: { GOTOOLCHAIN: `go${NEEDED}` } };
  const root = await fetchToolchain(say);
  return { command: join(root, 'bin', 'go'), env: { GOROOT: root, GOTOOLCHAIN: 'local' } };
}

/** What is under way, from the last line that Go printed: a package it compiles, or a module it fetches. */
export function activityOf(text, count) {
  const last = text.trim().split('\n').at(-1) ?? '';
  if (last.startsWith('go: downloading')) return last.slice(4);
  return `compiled ${count} packages, now ${last.replace(/^.*(?=(\/[^/]+){2}$)/, '…')}`;
}

async function go({ say, signal }, args, { cwd, env = {} }) {
  chosen ??= choose(say);
  const { command, env: own } = await chosen;
  let compiled = 0;
  const watch = (text) => {
    compiled += text.split('\n').filter((line) => line && !line.startsWith('go: ')).length;
    say(activityOf(text, compiled));
  };
  // A build of minutes on all cores: everything else goes first.
  const result = await exec(command, args, {
    cwd,
    env: { ...own, GOFLAGS: '-buildvcs=false -ldflags=-s', CGO_ENABLED: '0', ...env },
    onOutput: watch,
    nice: true,
    signal,
  });
  if (result.code === 0) return;
  throw new StepFailed(`\`go ${args.join(' ')}\` failed.`, result.output.split('\n').slice(-20).join('\n'));
}

function freshFolder(layout, binary) {
  const folder = layout.bin(`.${binary}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A program that can be installed as it is. */
export async function install(context, { module, binary, installedAs = binary }) {
  const folder = freshFolder(context.layout, binary);
  await go(context, ['install', '-v', module], { cwd: folder, env: { GOBIN: folder } });
  renameSync(join(folder, installedAs), context.layout.bin(binary));
  rmSync(folder, { recursive: true, force: true });
}

/** A program whose go.mod replaces modules, which `go install` refuses: built as a dependency of an empty module instead. */
export async function build(context, { module, binary }) {
  const folder = freshFolder(context.layout, binary);
  const path = module.split('@')[0];
  await go(context, ['mod', 'init', 'parley/stack'], { cwd: folder });
  await go(context, ['get', module], { cwd: folder });
  await go(context, ['build', '-v', '-o', 'built', path], { cwd: folder });
  renameSync(join(folder, 'built'), context.layout.bin(binary));
  rmSync(folder, { recursive: true, force: true });
}
