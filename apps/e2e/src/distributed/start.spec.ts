import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engine, type Engines, eventually, freePort, Tenancy } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const NEEDED: (keyof Engines)[] = ['mysql', 'kafka', 'redis', 's3', 'consul'];
const isPossible = NEEDED.every((name) => engine(name) !== undefined);
const WITHIN = { deadlineMs: 30_000 };

/** A service whose engines are not there yet waits for them and says so; it does not crash, and needs nobody to start it again. */
describe.skipIf(!isPossible)('a start before the engines', () => {
  let tenancy: Tenancy;
  let ports: { mysql: number; kafka: number; admin: number };
  let child: ChildProcess;
  let said: string;
  const ways: Server[] = [];

  /** From a port where nobody was to where the engine is. */
  const open = async (port: number, to: URL) => {
    const way = createServer((socket) => {
      const on = connect(Number(to.port), to.hostname);
      on.once('error', () => socket.destroy());
      socket.once('error', () => on.destroy());
      socket.pipe(on).pipe(socket);
    });
    ways.push(way);
    await once(way.listen(port, '127.0.0.1'), 'listening');
  };
  const ask = (path: string) => fetch(`http://127.0.0.1:${ports.admin}${path}`);
  const waitsFor = async () => {
    const { dependencies } = (await (await ask('/readyz')).json()) as {
      dependencies: Record<string, { ok: boolean; reason?: string }>;
    };
    return Object.entries(dependencies).flatMap(([name, { reason }]) => (reason === 'not reached yet' ? [name] : []));
  };

  beforeEach(async () => {
    const { mysql, kafka, redis, s3, consul } = Object.fromEntries(
      NEEDED.map((name) => [name, engine(name)]),
    ) as unknown as Engines;
    tenancy = new Tenancy(`start_${randomBytes(3).toString('hex')}`, { mysql, kafka, redis, s3, consul });
    ports = { mysql: await freePort(), kafka: await freePort(), admin: await freePort() };
    const url = new URL(mysql.url);
    url.port = String(ports.mysql);
    said = '';
    child = spawn(process.execPath, [join(ROOT, 'apps/message/dist/main.js')], {
      env: {
        ...process.env,
        ...tenancy.env(),
        NODE_OPTIONS: '',
        PARLEY_MYSQL_URL: url.href,
        PARLEY_KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
        PARLEY_GRPC_PORT: String(await freePort()),
        PARLEY_ADMIN_PORT: String(ports.admin),
      },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += String(text)));
  });

  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const way of ways.splice(0)) way.close();
    await tenancy.remove();
  });

  it('lives, says for which engine it waits, and is ready when the last one is there', async () => {
    await eventually(
      'it says what it lacks',
      () => said.includes(`waiting for MySQL at 127.0.0.1:${ports.mysql}`),
      WITHIN,
    );
    expect((await ask('/healthz')).status).toBe(200);
    expect([(await ask('/readyz')).status, await waitsFor()]).toEqual([503, ['mysql']]);

    await open(ports.mysql, new URL((engine('mysql') as { url: string }).url));
    await eventually('the next one', () => said.includes(`Waiting for Kafka at 127.0.0.1:${ports.kafka}`), WITHIN);
    expect([(await ask('/readyz')).status, await waitsFor()]).toEqual([503, ['kafka']]);

    // The broker tells its clients its own address, so this is where they learn it only.
    await open(ports.kafka, new URL(`tcp://${(engine('kafka') as { brokers: string[] }).brokers[0]}`));
    // Said last, after it is in the registry.
    await eventually('it is ready', () => said.includes('Parley message is ready'), WITHIN);
    expect((await ask('/readyz')).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends at once when it is told to while it waits', async () => {
    await eventually('it waits', () => said.includes('waiting for MySQL'), WITHIN);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });
});
