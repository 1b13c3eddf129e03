import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

// The same depth from src and from dist.
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What is started. Black-box tests hold for any program behind the same settings and protocol. */
const ENTRY = process.env['PARLEY_TEST_ENTRY'] ?? join(ROOT, 'apps/standalone/dist/main.js');

/** A test run that is stopped in the middle leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ParleyServerOptions {
  /** Part of the folder's name, so that a kept one can be recognized. */
  name?: string;
  /** Where data and log lie; a new folder under `.tmp` when not given. Data survive `kill` and `start`. */
  directory?: string;
  /** Program below the repository's root; the one that hosts everything when not given. */
  entry?: string;
  /** Settings on top of the test settings. */
  env?: Record<string, string>;
  nodeArguments?: string[];
  startWithinMs?: number;
}

/** A real server process, started from what `npm run build` made. */
export class ParleyServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly directory: string,
    private readonly ports: { http: number; admin: number; diagnostic: number },
    private readonly options: ParleyServerOptions,
  ) {}

  static async start(options: ParleyServerOptions = {}): Promise<ParleyServer> {
    const directory =
      options.directory ?? join(ROOT, '.tmp/servers', `${options.name ?? 'server'}-${randomBytes(4).toString('hex')}`);
    mkdirSync(directory, { recursive: true });
    const ports = { http: await freePort(), admin: await freePort(), diagnostic: await freePort() };
    const server = new ParleyServer(directory, ports, options);
    await server.start().catch((error: unknown) => {
      // The error holds the end of the log; nothing else is there to look at.
      if (options.directory === undefined) server.remove();
      throw error;
    });
    return server;
  }

  /** Of the public edge: REST below `/api/v1`, Socket.IO at `/socket.io/`. */
  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get httpPort(): number {
    return this.ports.http;
  }

  /** Of health and metrics. */
  get adminUrl(): string {
    return `http://127.0.0.1:${this.ports.admin}`;
  }

  get diagnosticUrl(): string {
    return `http://127.0.0.1:${this.ports.diagnostic}`;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server does not run');
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get logPath(): string {
    return join(this.directory, 'server.log');
  }

  log(): string {
    return readFileSync(this.logPath, 'utf8');
  }

  /** Starts (again) on the same ports and data. Resolves when the server says that it is ready. */
  async start(): Promise<void> {
    if (this.isRunning) throw new Error('the server runs already');
    const log = openSync(this.logPath, 'a');
    const entry = this.options.entry === undefined ? ENTRY : join(ROOT, this.options.entry);
    const child = spawn(process.execPath, [...(this.options.nodeArguments ?? []), entry], {
      cwd: ROOT,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        // The test runner's settings are not the server's.
        NODE_OPTIONS: '',
        VITEST: undefined,
        PARLEY_HTTP_PORT: String(this.ports.http),
        PARLEY_ADMIN_PORT: String(this.ports.admin),
        PARLEY_DATA_DIR: join(this.directory, 'data'),
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_RATE_LIMITS: 'off',
        ...(this.options.env?.['PARLEY_DIAGNOSTIC_PORT'] === 'auto'
          ? { ...this.options.env, PARLEY_DIAGNOSTIC_PORT: String(this.ports.diagnostic) }
          : this.options.env),
      },
    });
    closeSync(log);
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    try {
      await eventually(
        'readiness of the server',
        async () => {
          if (!this.isRunning) return true;
          return (await fetch(`${this.adminUrl}/readyz`)).ok;
        },
        { deadlineMs: this.options.startWithinMs ?? 20_000 },
      );
      if (!this.isRunning) throw new Error(`the server ended at start (${child.exitCode ?? child.signalCode})`);
    } catch (error) {
      const tail = this.log().slice(-3000);
      await this.kill();
      throw new Error(`${(error as Error).message}\n${tail}`, { cause: error });
    }
  }

  /** `kill -9`: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Holds all its connections and does nothing, until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** The polite end, as an operator or a deployment does it. */
  async stop(): Promise<void> {
    const child = this.child;
    if (!child || !this.isRunning) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || !this.isRunning) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Deletes data and log; for a stopped server. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
