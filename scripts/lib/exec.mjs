import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { MODULES, PINNED_NODE, ROOT } from './root.mjs';

const running = new Set();

// A killed set-up must not leave an npm behind that goes on rewriting node_modules.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (running.size === 0) return;
    for (const child of running) child.kill(signal);
    process.exitCode = 128 + constants.signals[signal];
    setTimeout(() => process.exit(), 2_000).unref();
  });
}

/** Tools find each other and the pinned Node by name, as under `npm run`. */
const environment = () => ({ ...process.env, PATH: join(MODULES, '.bin') + delimiter + process.env.PATH });

/** Runs a program; resolves with its exit code and, unless `live`, with all it printed. Never rejects. */
export function exec(command, args, { live = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...environment(), ...env },
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const end = (code) => {
      running.delete(child);
      if (process.exitCode > 128) process.exit();
      resolve({ code, output });
    };
    child.on('error', (error) => end(127, (output += `${error.message}\n`)));
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs a JavaScript tool of node_modules on the pinned Node. */
export const tool = (path, args, options) => exec(PINNED_NODE, [join(MODULES, path), ...args], options);
