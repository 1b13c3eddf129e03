import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { at, MODULES, PINNED_NODE, WINDOWS } from './root.mjs';
import { Stamp } from './stamp.mjs';
import { StepFailed, step } from './step.mjs';

const stamp = new Stamp('.parley-stamp');
const readLock = () => readFileSync(at('package-lock.json'), 'utf8');
const lockHash = () => createHash('sha1').update(readLock()).digest('hex');

const allows = (list, value) =>
  !list || list.includes(value) || (list.every((entry) => entry.startsWith('!')) && !list.includes(`!${value}`));

/** Whether npm may have left this package out of the tree. */
function isDispensable({ optional, os, cpu, libc }) {
  if (!optional) return false;
  const glibc = Boolean(process.report?.getReport?.().header.glibcVersionRuntime);
  const bound = os || cpu || libc;
  return (
    !bound || !allows(os, process.platform) || !allows(cpu, process.arch) || !allows(libc, glibc ? 'glibc' : 'musl')
  );
}

/**
 * npm writes its own record of the tree as the last act of an install. Reading it spares a second install after a plain
 * `npm install`; the record of an interrupted one is missing.
 */
function npmHasInstalledTheLock() {
  try {
    const wanted = JSON.parse(readLock()).packages;
    const found = JSON.parse(readFileSync(join(MODULES, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === '' || found[path]?.version === entry.version) return true;
      return !found[path] && isDispensable(entry);
    });
  } catch {
    return false;
  }
}

function isInstalled() {
  if (!existsSync(PINNED_NODE)) return false;
  const hash = lockHash();
  if (stamp.read() === hash) return true;
  if (!npmHasInstalledTheLock()) return false;
  stamp.write(hash);
  return true;
}

const SEPARATOR = WINDOWS ? ';' : ':';
const outside = (path) => !path.startsWith(MODULES);

/** npm must not run on the pinned Node: that lies in the folder which npm is about to delete. */
function npm(args, env = {}) {
  const { npm_execpath: script, npm_node_execpath: node, PATH } = process.env;
  const options = { env: { PATH: PATH.split(SEPARATOR).filter(outside).join(SEPARATOR), ...env } };
  return script && node && outside(node)
    ? exec(node, [script, ...args], options)
    : exec(WINDOWS ? 'npm.cmd' : 'npm', args, options);
}

async function ci() {
  const pinned = JSON.parse(readLock()).packages['node_modules/node'].version;
  const disguise = JSON.stringify(at('scripts', 'lib', 'as-pinned-node.cjs'));
  // Of all install scripts only that of `node`, which fetches its own binary, has to run; older npm would run them all.
  const unpacked = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require=${disguise}`,
    PARLEY_PINNED_NODE: pinned,
  });
  return unpacked.code === 0 ? npm(['rebuild', 'node']) : unpacked;
}

const isOutOfDate = (result) => result.code !== 0 && result.output.includes('EUSAGE');

async function install() {
  const hash = lockHash();
  stamp.remove();
  let result = await ci();
  if (result.code !== 0 && !isOutOfDate(result)) {
    // A dropped connection, or what a killed install left behind: both are gone with the second attempt.
    rmSync(MODULES, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
    result = await ci();
  }
  if (isOutOfDate(result)) {
    // npm repeats its manual after the cause.
    const cause = result.output.split(/^npm error Clean install a project/m)[0];
    throw new StepFailed('package-lock.json does not match package.json: run `npm install` and commit both.', cause);
  }
  if (result.code !== 0) throw new StepFailed('The packages could not be installed (see above).', result.output);
  if (!existsSync(PINNED_NODE)) {
    throw new StepFailed('The packages are installed, but the `node` package brought no Node for this platform.');
  }
  stamp.write(hash);
}

export const installation = { isDone: isInstalled, run: () => step('install the locked packages', install) };
