import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TMP } from './root.mjs';
import { step } from './step.mjs';

const PATH = join(TMP, 'setup.lock');

function take() {
  mkdirSync(TMP, { recursive: true });
  try {
    writeFileSync(PATH, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The lock of a process that was killed is nobody's. An unreadable pid is one that is just being written. */
function dropIfDead() {
  try {
    const pid = Number(readFileSync(PATH, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(PATH, { force: true });
  }
}

/** Two set-ups at once, say a test run beside a start, would delete each other's node_modules. */
export async function withLock(work) {
  dropIfDead();
  if (!take()) {
    await step('wait for another set-up of this folder', async () => {
      while (!take()) {
        await sleep(200);
        dropIfDead();
      }
    });
  }
  const release = () => rmSync(PATH, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
