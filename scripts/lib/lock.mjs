import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TMP } from './root.mjs';
import { step } from './step.mjs';

/** Two set-ups at once, say a test run beside a start, would delete each other's node_modules. */
const SETUP = { path: join(TMP, 'setup.lock'), title: 'wait for another set-up of this folder' };

function take(path) {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The lock of a process that was killed is nobody's. An unreadable pid is one that is just being written. */
function dropIfDead(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(path, { force: true });
  }
}

/** Does `work` while nobody else holds the file `path`; a second one waits and says so. */
export async function withLock(work, { path, title } = SETUP) {
  dropIfDead(path);
  if (!take(path)) {
    await step(title, async () => {
      while (!take(path)) {
        await sleep(200);
        dropIfDead(path);
      }
    });
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
