import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { whenNpmIsGone } from './parent.mjs';
import { MODULES, PINNED_NODE, ROOT, WINDOWS } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
// npm undoes half an install before it ends, which takes some seconds.
const GRACE_MS = 20_000;

/** A stopped set-up must not leave an npm behind that goes on rewriting node_modules. Returns how to let go of the child. */
function endTogether(child) {
  const stop = (signal) => {
    child.kill(signal);
    process.exitCode = 128 + constants.signals[signal];
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const letGoOfNpm = whenNpmIsGone(() => stop('SIGTERM'));
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    letGoOfNpm();
    if (process.exitCode > 128) process.exit();
  };
}

/** Tools find each other and the pinned Node by name, as under `npm run`. */
const environment = () => ({ ...process.env, PATH: join(MODULES, '.bin') + delimiter + process.env.PATH });

/** What runs for minutes beside other work steps back for it. From its first thread on: the priority of a process is that of each thread. */
const steppingBack = (command, args) => (WINDOWS ? [command, args] : ['nice', ['-n', '10', command, ...args]]);

/**
 * Runs a program; resolves with its exit code and, unless `live`, with all it printed. Never rejects.
 * `onOutput` sees what is printed as it comes; `nice` lets everything else go first; `signal` (an AbortSignal) ends it.
 */
export function exec(command, args, { live = false, env = {}, cwd = ROOT, onOutput, nice = false, signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(...(nice ? steppingBack(command, args) : [command, args]), {
      cwd,
      signal,
      env: { ...environment(), ...env },
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const letGo = endTogether(child);
    let output = '';
    const collect = (chunk) => {
      output += chunk;
      onOutput?.(String(chunk));
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const end = (code) => {
      letGo();
      resolve({ code, output });
    };
    child.on('error', (error) => {
      collect(`${error.message}\n`);
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs a JavaScript tool of node_modules on the pinned Node. */
export const tool = (path, args, options) => exec(PINNED_NODE, [join(MODULES, path), ...args], options);
