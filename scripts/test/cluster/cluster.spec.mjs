import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cluster, readState } from '../../cluster/cluster.mjs';
import { tail } from '../../lib/processes.mjs';

const entryOf = () => join(import.meta.dirname, 'service.mjs');

let dir;
let cluster;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'cluster-'));
  const plan = await Promise.all(
    ['message-1', 'message-2', 'gateway-1'].map(async (name) => {
      const [grpc, admin] = [await freePort(), await freePort()];
      const service = name.startsWith('gateway') ? 'api-gateway' : 'message';
      return {
        name,
        service,
        grpc: `127.0.0.1:${grpc}`,
        adminUrl: `http://127.0.0.1:${admin}`,
        ports: { grpc, admin, http: 0 },
      };
    }),
  );
  cluster = new Cluster(dir, { plan, env: {} }, { entryOf, attached: true });
  cluster.save();
});
afterEach(async () => {
  for (const { name } of cluster.nodes) await cluster.kill(name);
  rmSync(dir, { recursive: true, force: true });
});

const pidOf = (name) => cluster.nodes.find((node) => node.name === name).pid;
const stateOf = async (name) => (await cluster.status()).find((node) => node.name === name).state;

// Starts real processes, on a machine that may have other things to do.
describe('a cluster of processes', { timeout: 30_000 }, () => {
  it('is up when each says that it is ready, and not before', async () => {
    await cluster.startAll();
    expect((await cluster.status()).map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  });

  it('is found by another command, with the same processes', async () => {
    await cluster.startAll();
    const other = new Cluster(dir, readState(dir));
    expect(other.nodes).toEqual(cluster.nodes);
    expect(other.nodes.every(({ pid }) => pid > 0)).toBe(true);
  });

  it('starts again what was killed at the same place, and leaves the others alone', async () => {
    await cluster.startAll();
    const [first, second] = [pidOf('message-1'), pidOf('message-2')];
    expect(await cluster.kill('message-1')).toBe('killed');
    expect(await stateOf('message-1')).toBe('down');
    expect(tail(cluster.logOf('message-1'))).not.toContain('drained');
    await cluster.startAll();
    expect(pidOf('message-1')).not.toBe(first);
    expect(pidOf('message-2')).toBe(second);
  });

  it('lets a process drain on stop, and on restart', async () => {
    await cluster.startAll();
    await cluster.stop('api-gateway-1');
    expect(tail(cluster.logOf('gateway-1'))).toMatch(/drained$/);
    await cluster.restart('message-2');
    expect(tail(cluster.logOf('message-2')).split('\n')).toEqual(['message-2 listens', 'drained', 'message-2 listens']);
  });

  it('restarts one after the other: the rest is ready at each turn', async () => {
    await cluster.startAll();
    const seen = [];
    const before = cluster.nodes.map(({ pid }) => pid);
    await cluster.rollingRestart((name) => seen.push(name));
    expect(seen).toEqual(['message-1', 'message-2', 'gateway-1']);
    for (const { pid } of cluster.nodes) expect(before).not.toContain(pid);
  });

  it('tells of a process that was halted, which goes on when it may', async () => {
    await cluster.startAll();
    expect(cluster.signal('message-1', 'SIGSTOP')).toBe(true);
    expect(await stateOf('message-1')).toBe('not ready');
    cluster.signal('message-1', 'SIGCONT');
    await eventually('it is ready again', async () => (await stateOf('message-1')) === 'ready');
  });

  it('says why one did not start, and keeps the others', async () => {
    cluster = new Cluster(dir, { ...cluster.state, env: { TEST_FAILS: 'message-2' } }, { entryOf, attached: true });
    const failure = await cluster.startAll().catch((error) => error);
    expect(failure.message).toMatch(/^message-2 ended at its start \(exit code 1\), see .*message-2\.log\.$/);
    expect(failure.output).toBe('PARLEY_X: must be y');
    expect(await stateOf('message-1')).toBe('ready');
  });

  it('is gone after down, and so is its state', async () => {
    await cluster.startAll();
    await cluster.down();
    expect(cluster.nodes.every(({ pid }) => pid === undefined)).toBe(true);
    expect(readState(dir)).toBeUndefined();
  });

  it('knows its processes by name, and says which when asked for another', () => {
    expect(() => cluster.logOf('message-3')).toThrow(
      /^There is no process "message-3" in this cluster: it is one of message-1/,
    );
  });
});
