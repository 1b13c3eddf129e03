import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { whenNpmIsGone } from './parent.mjs';
import { at, PINNED_NODE, ROOT, WINDOWS } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** One Ctrl-C arrives twice, from the terminal and from npm; somebody who really presses twice is slower. */
const SAME_SIGNAL_MS = 500;
const LEASH = new URL('./leash.mjs', import.meta.url).href;

/** Passes each signal on once. */
function forwardSignals(child) {
  const last = new Map();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (last.get(signal) ?? -Infinity) > SAME_SIGNAL_MS) child.kill(signal);
      last.set(signal, now);
    });
  }
}

const exit = (child) =>
  new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });

/**
 * Runs a compiled program on the pinned Node and ends as it ends. A server gets its own process group, so that only the
 * signals passed on from here reach it; a command shares ours, because it may ask questions on the terminal.
 */
export async function run(entry, args, { server = false } = {}) {
  const apart = server && !WINDOWS;
  const child = spawn(PINNED_NODE, [...(apart ? ['--import', LEASH] : []), at(entry), ...args], {
    cwd: ROOT,
    detached: apart,
    stdio: apart ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  });
  // A command in our group already has the terminal's Ctrl-C; we only must not die before it does.
  if (apart) forwardSignals(child);
  else process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'));
  whenNpmIsGone(() => child.kill('SIGTERM'));
  const { code, signal } = await exit(child);
  if (signal === null) return code;
  for (const name of SIGNALS) process.removeAllListeners(name);
  process.kill(process.pid, signal);
  return 1;
}
