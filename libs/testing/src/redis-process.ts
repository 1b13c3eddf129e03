import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

/** Is there a Redis to start on this machine? */
export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of a test's own, to be killed, stopped and emptied. Keeps nothing over a restart unless told to. */
export class RedisProcess {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));

  private constructor(
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  static async start(...settings: string[]): Promise<RedisProcess> {
    const redis = await RedisProcess.prepare(...settings);
    await redis.begin();
    return redis;
  }

  /** Its address, with nobody there yet. */
  static async prepare(...settings: string[]): Promise<RedisProcess> {
    return new RedisProcess(await freePort(), settings);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const fixed = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
    this.child = spawn('redis-server', [...fixed, ...this.settings], { stdio: 'ignore' });
    await eventually('redis-server answers', () => this.ask('PING').then((answer) => answer.startsWith('+PONG')));
  }

  /** One inline command over a connection of its own; the raw first answer. */
  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${command}\r\n`));
      socket.once('error', reject);
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString());
      });
    });
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Takes connections and commands, and says nothing. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
