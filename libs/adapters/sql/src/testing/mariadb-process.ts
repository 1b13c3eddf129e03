import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '@parley/testing';
import { createConnection } from 'mysql2/promise';

// Servers are installed where only root looks.
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

/** Is there a MariaDB to start on this machine? */
export const hasMariadbServer = (): boolean => spawnSync('mariadbd', ['--version'], { env }).status === 0;

/** A MariaDB of a test's own, to be killed, stopped and started again on the same data. */
export class MariadbProcess {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  /** Its address and its data, with nobody there yet. */
  static async prepare(): Promise<MariadbProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-mariadb-'));
    const made = spawnSync(
      'mariadb-install-db',
      ['--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      { env },
    );
    if (made.status !== 0) throw new Error(`mariadb-install-db: ${String(made.stderr)}`);
    return new MariadbProcess(await freePort(), folder);
  }

  get url(): string {
    return `mariadb://root:@127.0.0.1:${this.port}`;
  }

  async begin(...settings: string[]): Promise<void> {
    const place = [`--datadir=${this.folder}/data`, `--socket=${this.folder}/socket`, `--port=${this.port}`];
    const fixed = ['--no-defaults', `--user=${userInfo().username}`, ...place, '--bind-address=127.0.0.1'];
    this.child = spawn('mariadbd', [...fixed, '--innodb-buffer-pool-size=32M', ...settings], { env, stdio: 'ignore' });
    await eventually('mariadbd answers', () => this.answers(), { deadlineMs: 30_000, everyMs: 50 });
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Takes connections, and says nothing. */
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

  private async answers(): Promise<boolean> {
    const connection = await createConnection({ host: '127.0.0.1', port: this.port, user: 'root' });
    await connection.end();
    return true;
  }
}
