import { eventually, freePort } from '@parley/testing';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('../../../../../deploy/object-edge/nginx.conf.template', import.meta.url));
const PATH = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`;

/** Whether there is an nginx to run. */
export function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { env: { ...process.env, PATH }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface EdgeOptions {
  /** host:port */
  upstream: string;
  bucket: string;
  allowedOrigins?: string;
  maxBodyBytes?: number;
}

/** The real nginx with the configuration of deploy/, on a port of its own. */
export class ObjectEdge {
  private constructor(
    readonly url: string,
    private readonly directory: string,
    private readonly process: ChildProcess,
  ) {}

  static async start({ upstream, bucket, allowedOrigins = '*', maxBodyBytes = 64 * 1024 ** 2 }: EdgeOptions) {
    const directory = await mkdtemp(join(tmpdir(), 'parley-edge-'));
    // Workers of a master that root started are another user.
    await chmod(directory, 0o755);
    const address = `127.0.0.1:${await freePort()}`;
    const variables: Record<string, string> = {
      EDGE_PORT: address,
      EDGE_RUN_DIR: directory,
      S3_UPSTREAM: upstream,
      S3_BUCKET: bucket,
      ALLOWED_ORIGINS: allowedOrigins,
      MAX_BODY_BYTES: String(maxBodyBytes),
    };
    const template = await readFile(TEMPLATE, 'utf8');
    const file = join(directory, 'nginx.conf');
    await writeFile(
      file,
      template.replace(/\$\{([A-Z0-9_]+)\}/g, (_, name: string) => variables[name] ?? ''),
    );
    let said = '';
    const nginx = spawn('nginx', ['-e', 'stderr', '-c', file, '-g', 'daemon off;'], {
      env: { ...process.env, PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    nginx.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const edge = new ObjectEdge(`http://${address}`, directory, nginx);
    await eventually('the edge answers', async () => {
      if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      return (await fetch(edge.url)).status > 0;
    });
    return edge;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}
