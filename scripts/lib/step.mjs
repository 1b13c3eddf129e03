import { performance } from 'node:perf_hooks';

/** What went wrong, in one sentence, with the output of the tool that said so. */
export class StepFailed extends Error {
  constructor(sentence, output = '') {
    super(sentence);
    this.output = output;
  }
}

// Progress goes to stderr: the output of what we start stays clean for pipes.
const out = process.stderr;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SIGN_OF_LIFE_MS = 10_000;

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Shows that `title` is under way: a spinner for people, a line every ten seconds for logs. Returns how to stop. */
function showProgress(title, startedAt) {
  const elapsed = () => seconds(performance.now() - startedAt);
  if (!out.isTTY) {
    const timer = setInterval(() => out.write(`… ${title} (${elapsed()})\n`), SIGN_OF_LIFE_MS);
    return () => clearInterval(timer);
  }
  let frame = 0;
  const timer = setInterval(() => out.write(`\r${FRAMES[frame++ % FRAMES.length]} ${title} ${elapsed()} `), 100);
  return () => {
    clearInterval(timer);
    out.write('\r\u001b[K');
  };
}

/**
 * Does `work` with one line that says what and how long. `live` steps print for themselves, so they get a heading instead.
 * Resolves with the milliseconds it took.
 */
export async function step(title, work, { live = false } = {}) {
  const startedAt = performance.now();
  if (live) out.write(`▸ ${title}\n`);
  const stop = live ? () => {} : showProgress(title, startedAt);
  try {
    await work();
    const took = performance.now() - startedAt;
    stop();
    out.write(`✔ ${title} (${seconds(took)})\n`);
    return took;
  } catch (error) {
    stop();
    out.write(`✘ ${title} (${seconds(performance.now() - startedAt)})\n`);
    throw error;
  }
}

/** Runs a whole script: a failed step ends it with its output and one sentence, anything else with a stack. */
export async function main(script) {
  try {
    const code = await script();
    if (code) process.exitCode = code;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.output) process.stderr.write(`\n${error.output.trimEnd()}\n`);
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
