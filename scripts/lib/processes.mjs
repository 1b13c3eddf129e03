import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// Processes that outlive the script which starts them, found again by their pid files.

const linux = process.platform === 'linux';
const CHECK_MS = 50;

/** When the process began, in a form that no later holder of the same number shares; undefined for one that is gone. */
export function birthOf(pid) {
  try {
    if (!linux)
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may hold spaces and brackets. Of the rest the first is the state, the 20th the time since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Killed, but nobody has asked how it ended: it runs no more.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** One that ended before it could be looked at has no birth on record, and never lives. */
const lives = ({ pid, birth }) => birth !== undefined && birthOf(pid) === birth;

/** The record of a process that still runs, or undefined: a number that somebody else has now is not ours to stop. */
export function recordOf(pidFile) {
  try {
    const record = JSON.parse(readFileSync(pidFile, 'utf8'));
    return lives(record) ? record : undefined;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a file that others read at any moment: they see the old text or the new one. */
export function writeWhole(path, text, options) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text, options);
  renameSync(beside, path);
}

/**
 * Starts a process that goes on when we end, its output in a file. Resolves with its record as soon as it runs;
 * `ended` of the record resolves with how it ended, as long as we are there.
 * @param {{command: string, args: string[], cwd?: string, env?: Record<string, string | undefined>, log: string, pidFile: string, note?: object, ipc?: boolean}} what
 */
export async function startDetached({ command, args, cwd, env, log, pidFile, note = {}, ipc = false }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output, ...(ipc ? ['ipc'] : [])],
  });
  closeSync(output);
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)));
  child.unref();
  child.channel?.unref();
  const record = { pid: child.pid, birth: birthOf(child.pid), ...note };
  writeWhole(pidFile, `${JSON.stringify(record)}\n`);
  return { ...record, ended };
}

/** False when it was gone already. */
export function signal(record, name) {
  if (!lives(record)) return false;
  try {
    process.kill(record.pid, name);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

async function gone(record, withinMs) {
  const deadline = Date.now() + withinMs;
  while (lives(record)) {
    if (Date.now() > deadline) return false;
    await sleep(CHECK_MS);
  }
  return true;
}

/** Ends the process of a pid file, politely first. Resolves with how it ended: 'stopped', 'killed', or undefined when none ran. */
export async function stopRecorded(pidFile, { withinMs, how = 'SIGTERM' }) {
  const record = recordOf(pidFile);
  let result;
  if (record !== undefined) {
    signal(record, how);
    // One that was stopped in its tracks hears nothing until it goes on.
    signal(record, 'SIGCONT');
    result = how === 'SIGKILL' ? 'killed' : 'stopped';
    if (!(await gone(record, withinMs))) {
      signal(record, 'SIGKILL');
      await gone(record, 5_000);
      result = 'killed';
    }
  }
  rmSync(pidFile, { force: true });
  return result;
}

/** The last lines of a log, for an error message. */
export function tail(path, lines = 15) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
