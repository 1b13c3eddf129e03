import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import type { Engines } from './engines.js';
import { eventually } from './eventually.js';

/** What scripts/stack tells of one engine; see scripts/stack/engines/index.mjs. */
export interface StackEngine {
  name: keyof Engines;
  title: string;
  readyWithinMs: number;
  prepare?(context: StackContext): Promise<void>;
  command(context: StackContext): { command: string; args: string[]; env?: Record<string, string> };
  describe(context: StackContext): Partial<Engines>;
  /** Rejects unless it really works. */
  ask(places: Partial<Engines>): Promise<void>;
}

export interface StackContext {
  layout: {
    bin(...parts: string[]): string;
    data(name: string): string;
    log(name: string): string;
  };
  ports: Record<keyof Engines, number>;
  secrets: Record<string, string>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One engine of a test's own, as `npm run stack` would start it, to be killed, frozen and started again on its data. */
export class OwnEngine {
  private child: ChildProcess | undefined;
  /** Changes to what was prepared, made at each start. */
  adapt: () => void = () => {};

  constructor(
    private readonly engine: StackEngine,
    private readonly context: StackContext,
  ) {}

  get place(): Partial<Engines> {
    return this.engine.describe(this.context);
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it really answers. */
  async start(): Promise<void> {
    if (this.isRunning) throw new Error(`${this.engine.title} runs already`);
    const directory = this.context.layout.data(this.engine.name);
    mkdirSync(directory, { recursive: true });
    await this.engine.prepare?.(this.context);
    this.adapt();
    const { command, args, env } = this.engine.command(this.context);
    const log = openSync(this.logPath, 'a');
    const child = spawn(command, args, {
      cwd: directory,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    try {
      await eventually(
        `${this.engine.title} answers`,
        async () => {
          if (this.isRunning) await this.engine.ask(this.place);
          return true;
        },
        // Machines that run tests are busy.
        { deadlineMs: 2 * this.engine.readyWithinMs, everyMs: 50 },
      );
      if (!this.isRunning) throw new Error(`${this.engine.title} ended at its start`);
    } catch (error) {
      await this.kill();
      throw new Error(`${(error as Error).message}\n${readFileSync(this.logPath, 'utf8').slice(-2000)}`, {
        cause: error,
      });
    }
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || !this.isRunning) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Takes connections and says nothing, until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  private get logPath(): string {
    return this.context.layout.log(this.engine.name);
  }
}
