import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ImageAnswer, ImageJob } from './image-process.js';

// Loaded as JavaScript also where this file runs from source (tests).
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const ENTRY = fileURLToPath(
  new URL(FROM_SOURCE ? '../../../dist/outbound/images/image-process.js' : './image-process.js', import.meta.url),
);
/** Longer than any image within the limits takes on a busy machine. */
const JOB_MS = 20_000;
/** After it the process ends, and its memory is the system's again. */
const IDLE_MS = 20_000;
const SLOW = 'it took too long';
/** How decoders die of what they read. */
const CRASHES: readonly unknown[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'];

export type ImageOutcome = ImageAnswer | { ended: string };

/**
 * A process that decodes, started when there is work. What an image does to it, it does to nobody else; and its memory, which the
 * allocator of a large process would not give back, goes with it.
 */
export class ImageChild {
  private child: ChildProcess | undefined;
  private idle: NodeJS.Timeout | undefined;

  /** One at a time. `broken`: the image's fault; `ended`: it came to no answer, and may another time. */
  async run(job: ImageJob): Promise<ImageOutcome> {
    clearTimeout(this.idle);
    if (this.child !== undefined && !isAlive(this.child)) this.child = undefined;
    const known = this.child;
    const outcome = await this.attempt((this.child ??= this.start()), job);
    // One that had waited for work may have been about to end.
    return 'ended' in outcome && known !== undefined && outcome.ended !== SLOW
      ? this.attempt((this.child = this.start()), job)
      : outcome;
  }

  private async attempt(child: ChildProcess, job: ImageJob): Promise<ImageOutcome> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ImageOutcome>((resolve) => {
        child.once('message', (answer: ImageAnswer) => resolve(answer));
        child.once('error', (error) => resolve({ ended: error.message }));
        child.once('exit', (code, signal) =>
          resolve(
            CRASHES.includes(signal)
              ? { broken: `the decoder died of ${signal}` }
              : { ended: `the decoder ended with ${signal ?? code}` },
          ),
        );
        timer = setTimeout(() => {
          resolve({ ended: SLOW });
          child.kill('SIGKILL');
        }, JOB_MS);
        child.send(job, (error) => error && resolve({ ended: error.message }));
      });
    } finally {
      clearTimeout(timer);
      for (const event of ['message', 'error', 'exit']) child.removeAllListeners(event);
      // Nobody else may hear of a process that could not be told to stop.
      child.on('error', () => undefined);
      this.idle = setTimeout(() => this.stop(), IDLE_MS).unref();
    }
  }

  /** What is under way ends without an answer. */
  stop(): void {
    clearTimeout(this.idle);
    const { child } = this;
    this.child = undefined;
    if (child?.connected === true) child.disconnect();
  }

  private start(): ChildProcess {
    const child = fork(ENTRY, [], {
      execArgv: ['--max-old-space-size=96'],
      // It has no use for our secrets.
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PARLEY_|NODE_OPTIONS$)/.test(name))),
        MALLOC_ARENA_MAX: '2',
      },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // An idle one does not keep the parent from ending.
    child.unref();
    child.channel?.unref();
    return child;
  }
}

const isAlive = (child: ChildProcess): boolean =>
  child.connected && child.exitCode === null && child.signalCode === null;
