import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('../src/run-source.mjs', import.meta.url));

/** A process of a test's own, to be killed and stopped: it runs `export async function run(…parameters)` of a module from its sources. */
export class SourceProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when the module has said `process.send('ready')`. */
  static async start(module: URL, ...parameters: string[]): Promise<SourceProcess> {
    const child = fork(RUNNER, [fileURLToPath(module), ...parameters], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new SourceProcess(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error(`${module.pathname} ended before it was ready.`);
      }),
    ]);
    return started;
  }

  /** Sends a question and answers the next thing that the process says. */
  async ask<T>(question: string): Promise<T> {
    const answer = once(this.child, 'message');
    this.child.send(question);
    const [said] = (await answer) as [T];
    return said;
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  stop(): void {
    this.child.kill('SIGSTOP');
  }

  wake(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.isOver) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
