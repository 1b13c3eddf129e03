import { eventLogContract } from '@parley/contracts/testing';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbeddedLog, type EmbeddedLogOptions } from './embedded-log.js';

eventLogContract('embedded', async () => {
  const root = mkdtempSync(join(tmpdir(), 'parley-log-'));
  let life = 0;
  return {
    open: () => EmbeddedLog.open({ directory: join(root, String(life)) }),
    crash: async (log) => {
      // What the disk holds at this moment is all that the next life gets.
      cpSync(join(root, String(life)), join(root, String(life + 1)), { recursive: true });
      life += 1;
      await log.close();
    },
    recorded: (log) => (log as unknown as { recordProgress(): Promise<void> }).recordProgress(),
    dispose: async () => rmSync(root, { recursive: true, force: true }),
  };
});

describe('EmbeddedLog', () => {
  const topic = 'parley.test.happened.v1';
  let directory: string;
  let log: EmbeddedLog;

  const open = async (options: Partial<EmbeddedLogOptions> = {}) => {
    log = await EmbeddedLog.open({ directory, ...options });
    return log;
  };
  const record = (text: string, of = topic) => ({ topic: of, key: 'k', value: new TextEncoder().encode(text) });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'parley-log-'));
  });

  afterEach(async () => {
    await log.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('reads from disk what no longer fits in memory, without gap or repeat', async () => {
    await open({ tailBytes: 4000 });
    const seen: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const handle = async (records: { value: Uint8Array }[]) => {
      await held;
      for (const { value } of records) seen.push(new TextDecoder().decode(value));
    };
    await log.subscribe({ group: 'a.slow', topic, handle });
    const texts = Array.from({ length: 3000 }, (_, index) => String(index));
    for (let at = 0; at < texts.length; at += 30)
      await log.publishBatch(texts.slice(at, at + 30).map((text) => record(text)));
    release();
    await vi.waitFor(() => expect(seen).toHaveLength(3000), 10_000);
    expect(seen).toEqual(texts);
  });

  it('refuses a second process on the same files', async () => {
    await open();
    await expect(EmbeddedLog.open({ directory })).rejects.toMatchObject({ code: 'server.unavailable' });
  });

  it('says so when its file is no database', async () => {
    const damaged = join(directory, 'damaged');
    mkdirSync(damaged);
    writeFileSync(join(damaged, 'event-log.db'), 'x'.repeat(10_000));
    await expect(EmbeddedLog.open({ directory: damaged })).rejects.toMatchObject({ code: 'server.unavailable' });
    await open();
  });

  it('refuses everything and says so once its thread has died', async () => {
    const failures: Error[] = [];
    await open({ onFailed: (error) => failures.push(error) });
    const { worker } = (log as unknown as { store: { worker: { terminate(): Promise<number> } } }).store;
    const publishing = log.publishBatch([record('1')]);
    await Promise.all([worker.terminate(), publishing.catch(() => undefined)]);
    await expect(log.publishBatch([record('2')])).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(failures).toHaveLength(1);
    await log.close();
    expect(failures).toHaveLength(1);
  });

  it('refuses a second subscription of one group to one topic', async () => {
    await open();
    const subscription = { group: 'a.b', topic, handle: async () => {} };
    await log.subscribe(subscription);
    await expect(log.subscribe(subscription)).rejects.toThrow('already consumes');
  });

  it('publishes several topics in one call', async () => {
    await open();
    const seen: string[] = [];
    for (const of of ['t1', 't2'])
      await log.subscribe({
        group: 'a.b',
        topic: of,
        handle: async (records) => {
          for (const { topic: name, value } of records) seen.push(`${name} ${new TextDecoder().decode(value)}`);
        },
      });
    await log.publishBatch([record('1', 't1'), record('1', 't2'), record('2', 't1')]);
    await vi.waitFor(() => expect(seen.sort()).toEqual(['t1 1', 't1 2', 't2 1']));
  });

  it('goes on with the same group and lag after it was opened again', async () => {
    await open();
    await log.subscribe({ group: 'a.b', topic, handle: async () => {} });
    await vi.waitFor(async () => expect((await log.lag())[0]?.records).toBe(0));
    await log.close();
    await open();
    await log.publishBatch([record('1'), record('2')]);
    expect(await log.lag()).toEqual([{ group: 'a.b', topic, records: 2 }]);
  });

  it('does not wait for a handler that keeps refusing when it closes', async () => {
    await open();
    let calls = 0;
    const handle = async () => {
      calls += 1;
      throw new Error('never');
    };
    await log.subscribe({ group: 'a.b', topic, handle });
    await log.publishBatch([record('1')]);
    await vi.waitFor(() => expect(calls).toBeGreaterThan(1));
    await log.close();
    await expect(log.subscribe({ group: 'a.c', topic, handle })).rejects.toMatchObject({ code: 'server.unavailable' });
  });
});
